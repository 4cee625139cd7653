"""The office over real TCP: what terminals, mirrors and strangers get."""

import io
import json
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.feed import Tombstone, open_page
from central_api.contract.keylist import KeyList, Purpose, open_key_list, sign_key_list
from central_api.contract.numbers import new_tracking_number
from central_api.contract.receipts import receipt_url, sign_status
from central_api.contract.sealed import open_sealed
from central_api.contract.signed import SigningKey
from central_api.contract.snapshot import read_parts
from central_api.contract.status import State, decode_status
from central_api.contract.times import open_time
from central_api.store import Submitted
from tests import forked

from .running import Running, running, until

NOWHERE = "26318283312"


def finder(served: Running, purpose: Purpose):
    return served.office.key_list.finder(purpose, served.office.clock())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_a_stranger_learns_whose_office_this_is_and_its_keys(served: Running):
    facts = served.get("/v1/office").json()
    assert facts["ministry"] == "labour"
    root = bytes.fromhex(facts["root_key"])
    assert open_key_list(served.get("/v1/keys").content, root) == served.office.key_list


def test_the_time_is_signed_for_this_question_alone(served: Running):
    nonce = secrets.token_bytes(16)
    answer = served.get("/v1/time", params={"nonce": nonce.hex()})
    seconds = open_time(answer.content, nonce, finder(served, Purpose.FEED))
    assert abs(seconds - served.office.clock()) < 60


def test_what_a_clerk_does_in_another_process_is_published_and_opens_with_the_slip(served: Running):
    given = served.submit()
    first = served.status_of(given)
    served.office.act(given.tracking, "accept", role="registry")
    until(lambda: served.status_of(given).headers["etag"] != first.headers["etag"])
    answer = served.status_of(given)
    version, plain = open_sealed(answer.content, given.slip.key)
    assert answer.headers["etag"] == f'"{version}"'
    assert answer.headers["cache-control"] == "public, max-age=30"
    assert decode_status(plain).current == 1


def test_a_status_that_did_not_change_is_not_sent_again(served: Running):
    given = served.submit()
    etag = served.status_of(given).headers["etag"]
    again = served.status_of(given, headers={"if-none-match": f'W/"0", {etag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_unknown_and_withdrawn_slots_are_not_stored_by_caches(served: Running):
    unknown = served.get(f"/v1/statuses/{secrets.token_hex(16)}")
    given = served.submit()
    anew = served.office.reissue(given.tracking)
    until(lambda: served.status_of(anew).status_code == 200)  # published: the old slot is not touched again
    reissued = served.status_of(given)
    served.expire(given)
    until(lambda: served.status_of(given).json()["type"] != "reissued")  # what is read may be some milliseconds old
    expired = served.status_of(given)
    for answer, status, code in ((unknown, 404, "no_status"), (reissued, 410, "reissued"), (expired, 410, "expired")):
        assert answer.status_code == status
        assert answer.json()["type"] == code
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("slot", ["", "x", "AB" * 16, "ab" * 17, "..%2fkeys", "%00"])
def test_what_is_no_slot_is_simply_not_there(served: Running, slot: str):
    assert served.get(f"/v1/statuses/{slot}").status_code == 404


def test_the_feed_continues_a_cursor_and_names_the_key_list(served: Running):
    given = served.submit()
    answer = served.get("/v1/feed", params={"after": 0})
    assert answer.headers["istilam-key-list"] == "1"
    page = open_page(answer.content, finder(served, Purpose.FEED))
    assert keys.slot(given.slip.key) in {entry.slot for entry in page.entries}
    rest = open_page(served.get("/v1/feed", params={"after": page.upto}).content, finder(served, Purpose.FEED))
    assert rest.entries == ()
    assert 0 <= served.office.clock() - rest.time <= 60


def test_pages_asked_at_random_never_go_back_in_time_or_position(served: Running):
    seen = (0, 0)
    for after, limit in [(0, 5), (1, 5), (0, 5), (2, 1), (0, 5000), (1, 5)]:
        served.submit()
        page = open_page(
            served.get("/v1/feed", params={"after": after, "limit": limit}).content, finder(served, Purpose.FEED)
        )
        assert (page.time, page.position) >= seen
        seen = (page.time, page.position)


def test_a_cursor_beyond_the_chain_is_told(served: Running):
    answer = served.get("/v1/feed", params={"after": 10**9})
    assert (answer.status_code, answer.json()["type"]) == (409, "ahead")


def test_a_snapshot_holds_the_whole_register(served: Running):
    given = served.submit()
    old = served.submit()
    served.office.reissue(old.tracking)
    until(lambda: served.status_of(old).status_code == 410)
    parts = read_parts(io.BytesIO(served.get("/v1/snapshot").content), finder(served, Purpose.FEED))
    lies = {entry.slot: entry.sealed for part in parts for entry in part.entries}
    assert lies[keys.slot(given.slip.key)] == served.status_of(given).content
    assert lies[keys.slot(old.slip.key)] is Tombstone.REISSUED


def test_number_and_code_open_the_status_in_any_script(served: Running):
    given = served.submit()
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for route in ("/v1/lookups", "/v1/public/lookups"):
        body = {"tracking": given.tracking.translate(arabic), "code": given.secret_code}
        answer = cbor2.loads(served.post(route, body).content)
        assert decode_status(answer[2]).tracking == given.tracking
        assert answer[1] > 0


def failures(served: Running, tracking: str, code: str, route: str) -> list[tuple[int, bytes, dict[str, str]]]:
    answers = [served.post(route, {"tracking": tracking, "code": code}) for _ in range(7)]
    kept = ("content-type", "cache-control", "content-length")
    return [(a.status_code, a.content, {name: a.headers[name] for name in kept}) for a in answers]


def test_known_and_unknown_numbers_fail_and_lock_alike(served: Running):
    given = served.submit()
    known = failures(served, given.tracking, wrong(given.secret_code), "/v1/public/lookups")
    unknown = failures(served, NOWHERE, "00000000", "/v1/public/lookups")
    assert known == unknown
    assert [status for status, _, _ in known] == [404] * 5 + [429] * 2
    locked = served.post("/v1/public/lookups", {"tracking": given.tracking, "code": given.secret_code})
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 60


def test_a_lock_from_the_internet_does_not_lock_the_terminals(served: Running):
    given = served.submit()
    failures(served, given.tracking, wrong(given.secret_code), "/v1/public/lookups")
    inside = {"tracking": given.tracking, "code": given.secret_code}
    assert served.post("/v1/lookups", inside).status_code == 200


def test_tries_at_the_same_instant_share_the_five(served: Running):
    given = served.submit()
    body = {"tracking": given.tracking, "code": wrong(given.secret_code)}
    with ThreadPoolExecutor(12) as callers:
        statuses = list(callers.map(lambda _: served.post("/v1/lookups", body).status_code, range(12)))
    assert sorted(statuses) == [404] * 5 + [429] * 7


def test_a_right_code_takes_its_failures_back(served: Running):
    given = served.submit()
    for _ in range(3):
        for _ in range(4):
            served.post("/v1/lookups", {"tracking": given.tracking, "code": wrong(given.secret_code)})
        right = served.post("/v1/lookups", {"tracking": given.tracking, "code": given.secret_code})
        assert right.status_code == 200


def test_a_right_code_for_what_is_no_longer_shown_is_told_so_and_is_no_failure(served: Running):
    given = served.submit()
    served.expire(given)
    for _ in range(7):
        answer = served.post("/v1/lookups", {"tracking": given.tracking, "code": given.secret_code})
        assert (answer.status_code, answer.json()["type"]) == (410, "expired")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"tracking": "26318283313", "code": "12345678"}, "not_a_number"),
        ({"tracking": NOWHERE, "code": "1234567x"}, "not_a_number"),
        ({"tracking": NOWHERE}, "bad_request"),
        ({"tracking": NOWHERE, "code": "12345678", "name": "x"}, "bad_request"),
        ({"tracking": 26318283312, "code": "12345678"}, "bad_request"),
        ([], "bad_request"),
    ],
)
def test_a_lookup_of_another_form_is_refused_clearly(served: Running, body: object, code: str):
    answer = served.post("/v1/public/lookups", body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == code


def test_bodies_are_limited_whether_or_not_they_say_their_length(served: Running):
    large = {"receipt": "x" * 9000}
    assert served.post("/v1/receipts/check", large).status_code == 413
    chunks = served.post("/v1/receipts/check", None, data=iter([b"[" * 5000, b"[" * 5000]), headers={
        "content-type": "application/json"})  # fmt: skip
    assert chunks.status_code == 413
    assert served.post("/v1/receipts/check", None, data=b"x").status_code == 415


@pytest.mark.parametrize("query", ["?x=1", "?after=1&after=2", "?after=-1", "?after=1&limit=0", "?after=x", ""])
def test_unknown_or_wrong_queries_are_refused(served: Running, query: str):
    answer = served.get(f"/v1/feed{query}")
    assert (answer.status_code, answer.json()["type"]) == (400, "bad_request")


def receipt_text(served: Running, given: Submitted) -> str:
    version, plain = open_sealed(served.status_of(given).content, given.slip.key)
    return receipt_url(served.office.settings.host, plain, version)


def verdict(served: Running, text: str) -> str:
    answer = served.post("/v1/receipts/check", {"receipt": text})
    assert answer.status_code == 200
    assert set(answer.json()) == {"verdict"}
    return answer.json()["verdict"]


def test_a_receipt_holds_until_the_status_changes(served: Running):
    given = served.submit()
    text = receipt_text(served, given)
    assert verdict(served, text) == "holds"
    assert verdict(served, text.lower().replace("https", "HTTPS")) == "holds"
    before = served.status_of(given).headers["etag"]
    served.office.act(given.tracking, "accept", role="registry")
    until(lambda: served.status_of(given).headers["etag"] != before)
    assert verdict(served, text) == "superseded"


def test_an_altered_or_foreign_receipt_is_not_ours(served: Running):
    text = receipt_text(served, served.submit())
    altered = text[:-1] + ("A" if text[-1] != "A" else "B")
    for other in (altered, text[:-8], text.replace("LABOUR", "HEALTH"), "", "hello", "#" * 1000):
        assert verdict(served, other) == "not_ours"


def test_a_receipt_that_says_something_else_than_the_register_never_holds(served: Running):
    """Even signed with our own key, and with place and head of a real one: as whoever stole the key would make it."""
    given = served.submit()
    version, plain = open_sealed(served.status_of(given).content, given.slip.key)
    status, key = decode_status(plain), served.office.signing_key(Purpose.RECEIPT)
    assert status.receipt is not None
    head = status.receipt.head + bytes(16)
    for lie in (replace(status, state=State.COMPLETED), replace(status, changed=status.changed + 1)):
        forged = sign_status(replace(lie, receipt=None), version, head, key)
        assert verdict(served, receipt_url(served.office.settings.host, forged, version)) == "superseded"
    # The head of another file's place is no witness for this one.
    other = served.submit()
    text = receipt_text(served, other)
    foreign, _plain = open_sealed(served.status_of(other).content, other.slip.key)
    row = served.office.own_reader.execute("SELECT head FROM event WHERE position = ?", (foreign,)).fetchone()
    forged = sign_status(replace(status, receipt=None), foreign, row[0], key)
    assert verdict(served, receipt_url(served.office.settings.host, forged, foreign)) == "not_ours"
    assert verdict(served, text) == "holds"


def test_a_receipt_of_a_revoked_key_holds_only_where_the_register_remembers_it(tmp_path: Path):
    data = tmp_path / "office"
    with running(data, "--loopback-terminals") as served:
        given = served.submit()
        text = receipt_text(served, given)
        office = served.office
        listed = office.key_list
        stolen = SigningKey(office.signing_key(Purpose.RECEIPT).key_id, office.signing_key(Purpose.RECEIPT).private)
        revoked = KeyList(2, tuple(replace(key, revoked=key.key_id == stolen.key_id) for key in listed.keys))
        root = SigningKey(0, Ed25519PrivateKey.from_private_bytes((data / "keys" / "root.key").read_bytes()))
        status = decode_status(open_sealed(served.status_of(given).content, given.slip.key)[1])
        forged = receipt_url(
            office.settings.host, sign_status(replace(status, receipt=None), 999, bytes(32), stolen), 999
        )
        assert verdict(served, forged) == "not_ours"
        assert "contradicts the register" in served.logged()
    (data / "keys" / "list.cbor").write_bytes(sign_key_list(revoked, root))
    (data / "keys" / "receipt.key").unlink()
    with running(data, "--loopback-terminals") as served:
        assert verdict(served, text) == "holds"
        assert verdict(served, forged) == "revoked"


def test_only_terminals_get_feed_snapshot_and_their_lookups(tmp_path: Path):
    with running(tmp_path / "office") as served:
        for answer in (
            served.get("/v1/feed", params={"after": 0}),
            served.get("/v1/snapshot"),
            served.post("/v1/lookups", {"tracking": NOWHERE, "code": "12345678"}),
        ):
            assert (answer.status_code, answer.json()["type"]) == (401, "not_a_terminal")
        assert served.get("/v1/health").json() == {"status": "ok", "position": 0, "to_renew": 0}


def test_a_proxy_in_front_does_not_make_the_world_a_terminal(served: Running):
    forwarded = served.get("/v1/feed", params={"after": 0}, headers={"x-forwarded-for": "203.0.113.9"})
    assert forwarded.status_code == 401


def test_loopback_terminals_refuse_any_other_address(tmp_path: Path):
    for option in ("--loopback-terminals", "--demo"):
        command = ["serve", "--data", str(tmp_path / "office"), "--bind", "0.0.0.0", option]
        done = forked.run("central_api", *command)
        assert done.returncode == 1
        assert "loopback" in done.stderr
    assert not (tmp_path / "office").exists()


def test_an_office_on_the_network_says_at_once_that_it_does_not_know_its_own_address(tmp_path: Path):
    command = ["serve", "--data", str(tmp_path / "office"), "--bind", "0.0.0.0", "--port", "0"]
    done = forked.run("central_api", *command)
    assert done.returncode == 2
    said = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(said) == 1
    assert "office.toml" in said[0]
    assert "origin = " in said[0]
    assert done.stdout == ""


def test_wrong_addresses_and_methods_are_problems_too(served: Running):
    assert served.get("/nothing").json()["type"] == "no_such_page"
    wrong_method = served.post("/v1/keys", {})
    assert wrong_method.status_code == 405
    assert set(wrong_method.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_neither_log_nor_metrics_tell_whose_file_was_asked(served: Running):
    given = served.submit()
    slot = keys.slot(given.slip.key).hex()
    served.post("/v1/lookups", {"tracking": given.tracking, "code": given.secret_code})
    served.get(f"/v1/statuses/{slot}?q={given.tracking}")
    until(lambda: '"/v1/statuses/{slot}"' in served.logged())
    told = served.logged() + served.get("/metrics").text
    for secret in (given.tracking, given.secret_code, slot, slot[:8]):
        assert secret not in told
    lines = [json.loads(line) for line in served.logged().splitlines()]
    assert {"/v1/lookups", "/v1/statuses/{slot}"} <= {line.get("route") for line in lines}


def test_the_server_goes_on_when_the_register_is_locked_for_a_while(served: Running):
    given = served.submit()
    connection = sqlite3.connect(served.data / "office.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert served.status_of(given).status_code == 200
    connection.execute("ROLLBACK")
    connection.close()
    served.submit()


def test_two_hundred_failures_shut_the_internet_out_but_neither_slips_nor_terminals(tmp_path: Path):
    with running(tmp_path / "office", "--loopback-terminals") as served:
        given = served.submit()
        with ThreadPoolExecutor(8) as callers:
            tries = [{"tracking": new_tracking_number(26, lambda _, n=n: n), "code": "00000000"} for n in range(200)]
            answers = list(callers.map(lambda body: served.post("/v1/public/lookups", body).status_code, tries))
        assert answers == [404] * 200
        right = {"tracking": given.tracking, "code": given.secret_code}
        assert served.post("/v1/public/lookups", right).status_code == 429
        assert served.post("/v1/lookups", right).status_code == 200
        assert served.status_of(given).status_code == 200
        assert served.logged().count("lookups closed") == 1
        assert 'istilam_lookups_refused_total{why="closed"} 1.0' in served.get("/metrics").text
