"""docs/contract.md, its vectors, and the code say the same."""

import importlib.util
import json
import re
from enum import Enum
from pathlib import Path

import cbor2
import pytest

from central_api.contract import (
    base32,
    card_codes,
    cards,
    content,
    feed,
    heartbeat,
    help_calls,
    keylist,
    readers,
    readiness,
    signed,
    status,
    terminal_settings,
)
from central_api.contract.errors import ContractError
from central_api.contract.receipts import parse_receipt, receipt_of
from central_api.contract.sealed import open_sealed
from central_api.contract.slips import parse_slip
from central_api.contract.times import open_time

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "contract.md").read_text(encoding="utf-8")
STORED = json.loads((DOCS / "vectors" / "contract.json").read_text(encoding="utf-8"))


def made_again() -> dict:
    spec = importlib.util.spec_from_file_location("make_vectors", DOCS / "vectors" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.vectors()


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table under a heading, without its head."""
    section = re.split(rf"^#+ {re.escape(heading)}$", TEXT, flags=re.MULTILINE)[1]
    rows = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def hexed(vector: str, field: str) -> bytes:
    return bytes.fromhex(STORED[vector][field])


@pytest.mark.parametrize("name", STORED)
def test_the_code_makes_each_vector_byte_for_byte(name):
    assert made_again()[name] == STORED[name]


def test_no_vector_is_missing():
    assert list(made_again()) == list(STORED)


STATUS = cbor2.loads(hexed("status", "plain"))
SIGN1 = cbor2.loads(hexed("receipt", "cose_sign1")).value
PAGE_ENVELOPE = cbor2.loads(hexed("feed page", "signed"))
CONTENT = cbor2.loads(cbor2.loads(hexed("content", "signed"))[1])
MAPS = {
    "Status": STATUS,
    "Step": {key: value for step in STATUS[9] for key, value in step.items()},
    "Protected header": cbor2.loads(SIGN1[0]),
    "Receipt payload": cbor2.loads(SIGN1[2]),
    "Signed envelope": PAGE_ENVELOPE,
    "Page": cbor2.loads(PAGE_ENVELOPE[1]),
    "Key list": cbor2.loads(cbor2.loads(hexed("key list", "signed"))[1]),
    "Time": cbor2.loads(cbor2.loads(hexed("time", "signed"))[1]),
    "Lookup": cbor2.loads(hexed("lookup", "answer")),
    "Heartbeat": cbor2.loads(hexed("heartbeat", "body")),
    "Heartbeat answer": cbor2.loads(hexed("heartbeat", "answer")),
    "Readiness": cbor2.loads(hexed("readiness", "body")),
    "Signed readiness": cbor2.loads(base32.decode(STORED["readiness"]["text"].partition("#")[2])),
    "Card challenge": cbor2.loads(hexed("card", "challenge")),
    "Judgement request": cbor2.loads(hexed("card", "passport")) | cbor2.loads(hexed("card", "index")),
    "Judgement": cbor2.loads(hexed("card", "genuine")) | cbor2.loads(hexed("card", "unproven")),
    "Code request": cbor2.loads(hexed("card", "code_request")),
    "Code sent": cbor2.loads(hexed("card", "code_sent")),
    "Opening request": cbor2.loads(hexed("card", "opening_request")),
    "Terminal settings": cbor2.loads(cbor2.loads(hexed("terminal settings", "signed"))[1]),
    "Content": CONTENT,
    "Service": CONTENT[3][0],
    "Document note": CONTENT[4][0],
    "Topic": CONTENT[5][0],
    "Place": CONTENT[6][0],
    "Objection": CONTENT[7][0],
    "Readers": cbor2.loads(hexed("readers", "body")),
    "Help call": cbor2.loads(hexed("help", "call")),
    "Help answer": cbor2.loads(hexed("help", "answer")),
}


@pytest.mark.parametrize("name", MAPS)
def test_each_table_lists_the_keys_that_are_written(name):
    assert [int(row[0]) for row in table(name)] == sorted(MAPS[name])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Status", status.Status),
        ("Step", status.Step),
        ("Page", feed.FeedPage),
        ("Key list", keylist.KeyList),
        ("Heartbeat", heartbeat.Heartbeat),
        ("Heartbeat answer", heartbeat.HeartbeatAnswer),
        ("Readiness", readiness.Readiness),
        ("Terminal settings", terminal_settings.TerminalSettings),
        ("Judgement", cards.Judgement),
        ("Content", content.Content),
        ("Service", content.Service),
        ("Document note", content.Document),
        ("Topic", content.Topic),
        ("Place", content.Place),
        ("Objection", content.Objection),
        ("Readers", readers.Readers),
        ("Help call", help_calls.HelpCall),
        ("Code sent", card_codes.CodeSent),
        ("Opening request", card_codes.OpeningRequest),
    ],
)
def test_each_table_names_the_fields_of_the_code(name, fields):
    assert {row[1] for row in table(name)} == set(fields.__dataclass_fields__)


@pytest.mark.parametrize("row", [row for row in table("Status") if row[3] == "never"], ids=lambda row: row[1])
def test_what_is_never_absent_is_missed(row):
    plain = cbor2.dumps({key: value for key, value in STATUS.items() if key != int(row[0])}, canonical=True)
    with pytest.raises(status.Unreadable):
        status.decode_status(plain)


@pytest.mark.parametrize(
    "row", [row for row in table("Status") if not row[3].startswith("never")], ids=lambda row: row[1]
)
def test_what_may_be_absent_is_not_missed(row):
    status.decode_status(
        cbor2.dumps({key: value for key, value in STATUS.items() if key != int(row[0])}, canonical=True)
    )


HEARTBEAT = MAPS["Heartbeat"]


@pytest.mark.parametrize("row", table("Heartbeat"), ids=lambda row: row[1])
def test_of_a_heartbeat_only_what_is_never_absent_is_missed(row):
    less = cbor2.dumps({key: value for key, value in HEARTBEAT.items() if key != int(row[0])}, canonical=True)
    if row[3] == "never":
        with pytest.raises(ContractError):
            heartbeat.decode_heartbeat(less)
    else:
        assert getattr(heartbeat.decode_heartbeat(less), row[1]) in (None, False, ())


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("States", status.State),
        ("Languages", status.Language),
        ("Purposes", keylist.Purpose),
        ("Page kinds", feed.PageKind),
        ("Tombstones", feed.Tombstone),
        ("Device kinds", heartbeat.DeviceKind),
        ("Device states", heartbeat.DeviceState),
        ("Parts", readiness.Part),
        ("Outcomes", readiness.Outcome),
        ("Index kinds", cards.IndexKind),
        ("Pictures", content.Picture),
        ("Uses", content.Use),
        ("Help states", help_calls.HelpState),
    ],
)
def test_each_numbering_is_that_of_the_code(name, members: type[Enum]):
    assert [(int(code), key) for code, key in table(name)] == [(member.value, member.name) for member in members]


def test_each_card_verdict_is_documented():
    assert [(int(row[0]), row[1]) for row in table("Card verdicts")] == [
        (each, each.name) for each in cards.CardVerdict
    ]


def test_each_domain_is_documented():
    assert [row[0].strip("`") for row in table("Domains")] == [domain.value for domain in signed.Domain]


def test_each_section_of_the_catalogue_is_named():
    from central_api.contract.catalogue import Catalogue

    sentence = re.search(r"The \*\*catalogue\*\* numbers (.*?), and gives", TEXT)[1]
    assert set(re.split(r", | and ", sentence)) == set(Catalogue.__dataclass_fields__)


def test_each_public_route_is_documented():
    from central_api.web.table import ROUTES

    served = {f"`{route.method} {route.path}`": route.caller.value for route in ROUTES if route.path.startswith("/v1/")}
    served.pop("`GET /v1/health`")
    assert {row[0]: row[1] for row in table("Routes")} == served


def test_each_verdict_is_documented():
    from typing import get_args

    from central_api.web.receipts import Word

    assert [row[0] for row in table("Verdicts")] == list(get_args(Word))


def test_the_readers_open_each_vector():
    root, feed_key, receipt_key = (
        bytes.fromhex(STORED["signing keys"][name]["public"]) for name in ("root", "feed", "receipt")
    )
    keys = keylist.open_key_list(hexed("key list", "signed"), root)
    page = feed.open_page(hexed("feed page", "signed"), keys.finder(keylist.Purpose.FEED, 1_790_000_000))
    assert keys.finder(keylist.Purpose.RECEIPT, page.time)(2) == receipt_key
    nonce = hexed("time", "nonce")
    assert open_time(hexed("time", "signed"), nonce, lambda _: feed_key) == STORED["time"]["seconds"]
    slip = parse_slip(STORED["status"]["slip_url"], ["follow.labour.example"])
    version, plain = open_sealed(page.entries[1].sealed, slip.key)
    receipt = receipt_of(plain, version, keys.finder(keylist.Purpose.RECEIPT, page.time))
    assert receipt == parse_receipt(STORED["receipt"]["url"], ["follow.labour.example"], lambda _: receipt_key)
    assert base32.encode(hexed("receipt", "cose_sign1")) == STORED["receipt"]["url"].partition("#")[2]


def test_the_damm_table_is_that_of_the_code():
    from central_api.contract.numbers import check_digit

    rows = re.search(r"```\n([0-9 ]+)\n```", TEXT)[1].split()
    for row, digits in enumerate(rows):
        before = next(digit for digit in "0123456789" if check_digit(digit) == str(row))
        assert "".join(check_digit(before + digit) for digit in "0123456789") == digits
