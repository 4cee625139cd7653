"""Makes contract.json beside it: one vector for each table of ../contract.md, from fixed keys and nonces.

    python docs/vectors/make.py

The tests make it again and compare byte for byte, and check the tables against it.
"""

import json
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_api.contract import (
    audit,
    base32,
    card_codes,
    cards,
    cbor,
    content,
    content_bytes,
    enrolment,
    feed,
    heartbeat,
    help_calls,
    keylist,
    keys,
    numbers,
    readers,
    readiness,
    readiness_paper,
    receipts,
    request_signature,
    sealed,
    signed,
    slips,
    status,
    terminal_settings,
    times,
)
from central_api.contract.snapshot import frame_part

HOST = "follow.labour.example"
TRACKING, SLIP_KEY = "26318283312", bytes.fromhex("e40c04a1601e942fb1a11a9edd1397a7")
VERSION, TIME = 206_197, 1_790_000_000
HEAD = sha256(b"the audit head of this vector").digest()
ROOT, FEED, RECEIPT, CONTENT = (
    signed.SigningKey(number, Ed25519PrivateKey.from_private_bytes(bytes([number + 1] * 32))) for number in range(4)
)
OLD = Ed25519PrivateKey.from_private_bytes(bytes([9] * 32)).public_key().public_bytes_raw()
# Every field of every map is there at least once.
STATUS = status.Status(
    tracking=TRACKING,
    family=1,
    kind=4,
    state=status.State.RETURNED,
    language=status.Language.FR,
    changed=1_789_900_000,
    since=1_789_800_000,
    filed_at=5,
    steps=(
        status.Step(status.Office(2, 5), when=1_789_000_000, reported_by=1),
        status.Step(status.Office(3, 5), when=1_789_800_000, acting=True),
        status.Step(status.Office(4), expected=(2, 4), suspended_since=1_789_700_000),
        status.Step(status.Office(5), expected=(30, 300)),
        status.Step(status.Office(6)),
    ),
    missing=(3, 4),
    reasons=(status.Reason(1), status.Reason(7, (250_000,))),
    deadline=20_750,
    document_waits=True,
    checks=(status.AgencyCheck(1, 1_789_100_000),),
)
KEYS = keylist.KeyList(
    3,
    (
        keylist.ListedKey(1, keylist.Purpose.FEED, FEED.public, 1_780_000_000, 1_900_000_000),
        keylist.ListedKey(2, keylist.Purpose.RECEIPT, RECEIPT.public, 1_780_000_000, 1_900_000_000),
        keylist.ListedKey(9, keylist.Purpose.RECEIPT, OLD, 1_700_000_000, 1_900_000_000, revoked=True),
    ),
)

DEVICE = ec.derive_private_key(
    int.from_bytes(sha256(b"the terminal key of this vector").digest(), "big"), ec.SECP256R1()
)
POINT = DEVICE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
KEY_ID = request_signature.key_id_of(POINT)
CA_HASH = sha256(b"the CA certificate of this vector").digest()
ENROLMENT = enrolment.Enrolment(
    "https://office.labour.example:8443", bytes(range(8)), enrolment.enrolment_pin(CA_HASH, ROOT.public)
)
HEARTBEAT = heartbeat.Heartbeat(
    taken=TIME,
    sequence=41,
    machine=bytes(range(8)),
    run=bytes(range(8, 16)),
    version="0.2.0",
    trusted=True,
    boots=12,
    unclean=1,
    uptime=86_400,
    devices=(
        heartbeat.DeviceReport(heartbeat.DeviceKind.PRINTER, heartbeat.DeviceState.PAPER_LOW, "TM-T88VI"),
        heartbeat.DeviceReport(heartbeat.DeviceKind.SCANNER, heartbeat.DeviceState.READY),
    ),
    paper_mm=61_200,
    cursor=VERSION,
    head_position=VERSION,
    head=HEAD[:16],
    synced=TIME - 30,
    queue=0,
    offset=-3,
    disk_free=20_480,
    temperature=415,
    mains=True,
    battery=100,
    settings=2,
    visits=310,
    printed=280,
    not_printed=2,
)
READINESS = readiness.Readiness(
    TIME,
    "T-03",
    (
        readiness.Result(readiness.Part.PRINTER, readiness.Outcome.PASSED),
        readiness.Result(readiness.Part.CARD_READER, readiness.Outcome.NOT_PRESENT),
        readiness.Result(readiness.Part.CLOCK, readiness.Outcome.FAILED, "clock_off"),
    ),
)
CARD_CHALLENGE = bytes(range(32))
# Stand-ins, but the judged bytes of a real chip are as opaque to the terminal.
PASSPORT = cards.PassportFiles(b"\x77\x00", b"\x61\x00", b"\x6e\x00", b"\x6f\x00", bytes(64))
INDEX = cards.IndexCard(cards.IndexKind.UID, bytes.fromhex("04a1b2c3d4e5f6"))
IDENTITY = cards.IndexCard(cards.IndexKind.IDENTITY, numbers.parse_identity_number("٠٠٠٠-١٢٣٤ ٥٦٧٨").encode())
ASK = bytes(range(16, 32))
WEEKDAY = ((450, 840), (900, 1020))
SETTINGS = terminal_settings.TerminalSettings(
    2, "T-03", (WEEKDAY,) * 4 + (((450, 660),), (), ()), ("ar", "fr", "en"), 60, (20_816,), vault_when_revoked=True
)


def said(words: str) -> content.Text:
    """Return a text in every language of the numbering."""
    return content.Text(*(f"{words} {language.name}" for language in status.Language))


CONTENT_TEXT = content.Content(
    number=7,
    effective=TIME,
    services=(
        content.Service(
            1,
            3,
            (1, 3),
            (content.Fee(16_436, (content.FeeLine(said("category 1"), 1_800_000),)),),
            (said("hand it in"),),
            20_822,
            (11, 23),
        ),
        content.Service(2, 1),
    ),
    documents=(content.Document(3, said("not older than 3 months"), content.Picture.LAB, False),),
    rights=(content.Topic("wages", said("wages"), (said("paid each month"),), (("ar", "wages-ar.ogg"),)),),
    places=(
        content.Place(
            content.Use.DOCUMENTS, said("counter"), "3", said("ground floor"), (WEEKDAY,) * 7, "+9611540114", 3
        ),
    ),
    objections=(content.Objection((said("write"),), 60, 1),),
    draft=True,
)
CALL = help_calls.HelpCall(bytes(range(16)), 4)
READERS = readers.Readers(bytes(range(8)), (("wages", 0, 41), ("wages", 3, 7)))


def device_sign(message: bytes) -> bytes:
    """Sign as a terminal does, with the nonce of RFC 6979, so that the bytes are the same each time."""
    r, s = decode_dss_signature(DEVICE.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def request(method: str, path: str, body: bytes) -> dict[str, object]:
    """Return a signed request and what was signed."""
    uri = ENROLMENT.origin + path
    headers = request_signature.sign_headers(
        method, uri, body, key_id=KEY_ID, created=TIME, nonce="AAECAwQFBgcICQoLDA0ODw", sign=device_sign
    )
    read = request_signature.parse({name.lower(): value for name, value in headers.items()})
    base = request_signature.signature_base(method, uri, read.digest, read.parameters)
    return {"method": method, "uri": uri, "body": body, "headers": headers, "base": base.decode()}


def vectors() -> dict[str, dict[str, object]]:
    """Return every vector; bytes as lower-case hex."""
    plain = receipts.sign_status(STATUS, VERSION, HEAD, RECEIPT)
    sealed_status = sealed.seal(plain, SLIP_KEY, VERSION, bytes(range(12)))
    receipt_url = receipts.receipt_url(HOST, plain, VERSION)
    slot, gone = keys.slot(SLIP_KEY), bytes(range(16))
    entries = (
        feed.Entry(VERSION - 1, gone, feed.Tombstone.REISSUED),
        feed.Entry(VERSION, slot, sealed_status),
    )
    page = feed.FeedPage("labour", feed.PageKind.FEED, VERSION - 2, VERSION, TIME, VERSION, HEAD, entries)
    parts = [
        feed.FeedPage("labour", feed.PageKind.SNAPSHOT, 0, VERSION, TIME, VERSION, HEAD, (entry,), part, len(entries))
        for part, entry in enumerate(entries)
    ]
    event, salt = cbor.encode({1: 1, 2: int(TRACKING)}), bytes(range(16))
    nonce = bytes(range(16))
    made: dict[str, dict[str, object]] = {
        "signing keys": {
            name: {"number": key.key_id, "private": key.private.private_bytes_raw(), "public": key.public}
            for name, key in (("root", ROOT), ("feed", FEED), ("receipt", RECEIPT), ("content", CONTENT))
        },
        "status": {
            "slip_url": slips.slip_url(HOST, slips.Slip(TRACKING, SLIP_KEY)),
            "version": VERSION,
            "head": HEAD,
            "without_receipt": status.encode_status(STATUS),
            "digest": status.status_digest(plain),
            "plain": plain,
            "nonce": bytes(range(12)),
            "sealed": sealed_status,
        },
        "receipt": {"url": receipt_url, "cose_sign1": base32.decode(receipt_url.partition("#")[2])},
        "key list": {"signed": keylist.sign_key_list(KEYS, ROOT)},
        "time": {"seconds": TIME, "nonce": nonce, "signed": times.sign_time(TIME, nonce, FEED)},
        "feed page": {"signed": feed.sign_page(page, FEED)},
        "snapshot": {"file": b"".join(frame_part(feed.sign_page(part, FEED)) for part in parts)},
        "audit chain": {
            "event": event,
            "head": audit.next_head(audit.GENESIS, event),
            "salt": salt,
            "value": "+96171123456",
            "digest": audit.personal_digest(salt, "+96171123456"),
        },
        "lookup": {"answer": cbor.encode({1: VERSION, 2: plain})},
        "terminal key": {
            "private": DEVICE.private_numbers().private_value.to_bytes(32, "big"),
            "public": POINT,
            "keyid": KEY_ID,
            "renewal": device_sign(enrolment.renewal_message("0" * 32)),
        },
        "enrolment": {
            "ca_hash": CA_HASH,
            "pin": ENROLMENT.pin,
            "text": enrolment.enrolment_text(ENROLMENT),
            "typed": enrolment.typed_form(ENROLMENT),
            "nonce": nonce,
            "digits": enrolment.digits_of(POINT, ROOT.public, CA_HASH, nonce),
        },
        "signed request": request("GET", "/v1/feed?after=7", b""),
        "signed request with a body": request("POST", "/v1/heartbeats", b"\xa0"),
        "heartbeat": {
            "body": heartbeat.encode_heartbeat(HEARTBEAT),
            "answer": heartbeat.encode_answer(heartbeat.HeartbeatAnswer(2, 3, head_agrees=True)),
        },
        "readiness": {
            "body": readiness.encode_readiness(READINESS),
            "text": readiness_paper.readiness_text(HOST, readiness.encode_readiness(READINESS), KEY_ID, device_sign),
        },
        "card": {
            "challenge": cards.encode_card_challenge(CARD_CHALLENGE),
            "chip_challenge": cards.chip_challenge(CARD_CHALLENGE),
            "passport": cards.encode_judgement_request(cards.JudgementRequest(CARD_CHALLENGE, PASSPORT)),
            "index": cards.encode_judgement_request(cards.JudgementRequest(CARD_CHALLENGE, INDEX)),
            "genuine": cards.encode_judgement(
                cards.Judgement(cards.CardVerdict.GENUINE, (cards.CardStatus(VERSION, plain),))
            ),
            "identity": cards.encode_judgement_request(cards.JudgementRequest(CARD_CHALLENGE, IDENTITY)),
            "unproven": cards.encode_judgement(cards.Judgement(cards.CardVerdict.UNPROVEN, ask=ASK)),
            "code_request": card_codes.encode_code_request(ASK),
            "code_sent": card_codes.encode_code_sent(card_codes.CodeSent(300, 3)),
            "opening_request": card_codes.encode_opening_request(card_codes.OpeningRequest(ASK, "042917")),
            "confirmed": cards.encode_judgement(
                cards.Judgement(cards.CardVerdict.CONFIRMED, (cards.CardStatus(VERSION, plain),))
            ),
        },
        "content": {"signed": content_bytes.sign_content(content_bytes.encode_content(CONTENT_TEXT), CONTENT)},
        "readers": {"body": readers.encode_readers(READERS)},
        "help": {
            "call": help_calls.encode_call(CALL),
            "answer": help_calls.encode_help_state(help_calls.HelpState.ANSWERED),
        },
        "terminal settings": {"signed": terminal_settings.sign_settings(SETTINGS, CONTENT)},
    }
    return json.loads(json.dumps(made, default=bytes.hex))


if __name__ == "__main__":
    path = Path(__file__).with_name("contract.json")
    path.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(vectors())} vectors")
