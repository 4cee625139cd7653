"""audit verify: whatever is changed behind the office's back is found, and the event is named."""

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from central_api.__main__ import main
from central_api.contract.errors import Refused
from central_api.contract.receipts import receipt_url
from central_api.contract.sealed import open_sealed
from central_api.publish import Broken, Intact, audit_verify, publish_pending
from central_api.store import Office

from .conftest import CHAIN


@pytest.fixture
def told(office: Office) -> str:
    """A busy office; returns the tracking number whose receipt the tests hold."""
    office.suspend_unit("minister")
    tracking = ""
    for number, role in enumerate(CHAIN):
        tracking = office.submit("companies", "permit", region="north", phone="71123456").tracking
        office.answer_check(tracking, "social_security", True)
        office.answer_check(tracking, "commercial_register", True)
        for earlier in CHAIN[:number]:
            office.act(tracking, "approve", role=earlier)
        office.act(tracking, "return", role=role, reasons=["document_missing"], acting=True)
        office.act(tracking, "resubmit", role="intake")
    office.reissue(tracking)
    publish_pending(office)
    return tracking


def tamper(office: Office, sql: str, *values: object) -> None:
    office.execute_write(lambda c: c.execute(sql, values)).result()


def receipt(office: Office, tracking: str) -> str:
    filed = office.find(tracking)
    assert filed is not None
    sealed = office.sealed_at(filed.slot)
    assert isinstance(sealed, bytes)
    version, plain = open_sealed(sealed, office.slip_key(filed))
    return receipt_url(office.settings.host, plain, version)


def broken(office: Office, url: str | None = None) -> Broken:
    found = audit_verify(office, url)
    assert isinstance(found, Broken), found
    assert found.what
    return found


def test_an_honest_register_holds(office: Office, told: str) -> None:
    intact = audit_verify(office, receipt(office, told))
    assert isinstance(intact, Intact)
    assert intact.position == office.reader().execute("SELECT count(*) FROM event").fetchone()[0]


def test_what_is_not_published_yet_breaks_nothing(office: Office, told: str) -> None:
    office.resume_unit("minister")
    office.act(told, "sign", role="minister")
    assert isinstance(audit_verify(office), Intact)


def test_a_posted_head_is_a_witness_of_what_was_cut_or_rewritten(office: Office, told: str, tmp_path: Path) -> None:
    posted = tmp_path / "head"
    assert main(["audit", "head", "--data", str(office.data), "--out", str(posted)]) == 0
    verify = ["audit", "verify", "--data", str(office.data), "--head", str(posted)]
    office.submit("companies", "permit", region="north", phone="71123456")
    publish_pending(office)
    assert main(verify) == 0
    end = office.reader().execute("SELECT max(position) FROM event").fetchone()[0]
    tamper(office, "DELETE FROM event WHERE position >= ?", end - 1)
    assert isinstance(audit_verify(office, None, [posted.read_bytes()]), Broken)
    assert main(verify) == 1
    with pytest.raises(Refused):
        audit_verify(office, None, [posted.read_bytes()[:-1] + b"x"])


def test_an_export_can_be_checked_by_anyone(office: Office, told: str, tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    assert main(["audit", "export", "--data", str(office.data), "--out", str(out)]) == 0
    head = bytes(32)
    for line in out.read_text().splitlines():
        said = json.loads(line)
        head = sha256(head + bytes.fromhex(said["event"])).digest()
        assert head.hex() == said["head"]


@pytest.mark.parametrize("at", [1, 2, 9, 20])
def test_every_bit_of_an_event_counts(office: Office, told: str, at: int) -> None:
    body = office.reader().execute("SELECT body FROM event WHERE seq = ?", (at,)).fetchone()[0]
    for index in range(0, len(body), 3):
        changed = bytes([*body[:index], body[index] ^ 1, *body[index + 1 :]])
        tamper(office, "UPDATE event SET body = ? WHERE seq = ?", changed, at)
        assert broken(office).event == at
    tamper(office, "UPDATE event SET body = ? WHERE seq = ?", body, at)
    assert isinstance(audit_verify(office), Intact)


@pytest.mark.parametrize(
    ("sql", "event"),
    [
        ("UPDATE event SET head = zeroblob(32) WHERE seq = 7", 7),
        ("UPDATE event SET head = 'text' WHERE seq = 7", 7),
        ("UPDATE event SET body = 'text' WHERE seq = 7", 7),
        ("UPDATE event SET body = NULL || body WHERE 0", None),
        ("UPDATE event SET position = NULL WHERE seq = 7", 8),
        ("UPDATE event SET position = 99 WHERE seq = 7", 7),
        ("DELETE FROM event WHERE seq = 7", 7),
        # A pair in the other order, its positions and heads as they were.
        (
            "UPDATE event SET body = (SELECT other.body FROM event AS other WHERE other.seq = 15 - event.seq)"
            " WHERE seq IN (7, 8)",
            7,
        ),
        ("UPDATE event SET application = 3 WHERE seq = 7", 7),
        ("UPDATE event SET application = NULL WHERE seq = 7", 7),
        ("UPDATE personal SET value = '+9613123456' WHERE event = 2", 2),
        ("DELETE FROM personal WHERE event = 2", None),
        ("DELETE FROM suspension", 37),
        ("UPDATE application SET region = 1 WHERE id = 1", 2),
        ("UPDATE application SET issue = 1 WHERE id = 5", 37),
        ("UPDATE application SET standing = (SELECT standing FROM application WHERE id = 2) WHERE id = 1", 6),
        ("UPDATE application SET standing = zeroblob(3) WHERE id = 1", 6),
        ("UPDATE sealed SET sealed = NULL, reason = 1 WHERE version = 6", 6),
        ("UPDATE sealed SET version = 5 WHERE version = 6", 6),
        ("UPDATE sealed SET sealed = (SELECT sealed FROM sealed WHERE version = 12) WHERE version = 6", 6),
        ("INSERT INTO application SELECT 99, 1, 1, 1, 1, 1, 1, 1, 1, 1, x'00', NULL, NULL, NULL, NULL, x'00'", 37),
    ],
)
def test_what_was_changed_is_named(office: Office, told: str, sql: str, event: int | None) -> None:
    if event is None:
        tamper(office, sql)
        assert isinstance(audit_verify(office), Intact)
        return
    tamper(office, sql)
    assert broken(office).event == event


def test_a_receipt_bears_witness_against_a_register_that_was_cut(office: Office, told: str) -> None:
    url = receipt(office, told)
    last = office.reader().execute("SELECT max(seq) FROM event").fetchone()[0]
    tamper(office, "DELETE FROM event WHERE seq = ?", last)
    tamper(office, "UPDATE sealed SET version = version - 1 WHERE version = ?", last)
    assert broken(office, url).event in {last, last - 1}


def test_a_receipt_bears_witness_against_a_register_that_was_rewritten(office: Office, told: str) -> None:
    url = receipt(office, told)
    filed = office.find(told)
    assert filed is not None
    tamper(office, "UPDATE event SET body = body || x'00', position = NULL, head = NULL WHERE seq = 1")
    assert broken(office, url).event in {1, 2}


def test_a_receipt_of_nobody_is_refused(office: Office, told: str) -> None:
    ours = receipt(office, told)
    # The last letter carries one bit of the signature: it is A or Q.
    for url in ("", "HTTPS://FOLLOW.LABOUR.EXAMPLE/R#AAAA", ours[:-1] + ("Q" if ours[-1] == "A" else "A")):
        with pytest.raises(Refused):
            audit_verify(office, url)


def test_pages_that_cannot_be_read_are_named_where_they_are_met(office: Office, told: str) -> None:
    def corrupt(connection: sqlite3.Connection) -> int:
        return connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]

    page = office.execute_write(corrupt).result()
    office.close()
    path = office.data / "office.db"
    data = bytearray(path.read_bytes())
    start = (page - 1) * 4096
    data[start : start + 4096] = bytes(4096)
    path.write_bytes(data)
    from central_api.store import open_office

    with open_office(office.data) as again:
        assert isinstance(audit_verify(again), Broken)
