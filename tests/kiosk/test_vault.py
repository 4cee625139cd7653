"""The vault takes what the office signed, whole and in order, and nothing else."""

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.errors import Refused
from central_api.contract.feed import PageKind, Tombstone
from central_api.contract.sealed import open_sealed
from central_api.contract.signed import SigningKey
from central_api.contract.snapshot import frame_part
from kiosk.vault import Alarm, Applied, Mark, NotPinned, PageRefused, Pins, Vault

from .feed_office import START, YEAR, FeedOffice, slip_of
from .terminal import office, served

__all__ = ["office", "served"]  # fixtures

A, B, C = slip_of(1), slip_of(2), slip_of(3)


@pytest.fixture
def vault(tmp_path: Path, office: FeedOffice) -> Iterator[Vault]:
    vault = office.found(Vault(tmp_path))
    yield vault
    vault.close()


def in_file(parts: list[bytes]) -> io.BytesIO:
    return io.BytesIO(b"".join(map(frame_part, parts)))


def version_at(vault: Vault, slip: object) -> int | None:
    held = vault.find(keys.slot(slip.key))  # type: ignore[attr-defined]
    return held.version if held else None


def test_a_page_brings_what_it_holds_and_moves_the_cursor(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    office.publish(B)
    assert vault.apply(office.page(0)) == Applied(2, cursor=2)
    held = vault.find(keys.slot(A.key))
    assert held is not None
    assert isinstance(held.sealed, bytes)
    assert open_sealed(held.sealed, A.key)[0] == 1
    assert vault.find(bytes(16)) is None
    assert vault.count() == 2
    assert vault.mark == Mark(2, START, 2, office.heads[-1])


def test_pages_go_on_from_the_cursor_and_survive_a_restart(office: FeedOffice, vault: Vault, tmp_path: Path) -> None:
    for slip in (A, B, C):
        office.publish(slip)
    vault.apply(office.page(0, limit=2))
    vault.close()
    again = Vault(tmp_path)
    assert again.mark.cursor == 2
    assert again.pins == office.pins
    assert again.keys is not None
    assert again.apply(office.page(2)) == Applied(1, cursor=3)
    again.close()


def test_a_newer_version_replaces_an_older_one(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0))
    office.publish(A)
    vault.apply(office.page(1))
    assert version_at(vault, A) == 2


def test_two_versions_of_one_slot_in_one_page_leave_the_newer(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    office.publish(A)
    vault.apply(office.page(0, entries=tuple(reversed(office.entries))))
    assert version_at(vault, A) == 2


def test_a_tombstone_stays(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    office.withdraw(A)
    office.withdraw(B, Tombstone.EXPIRED)
    office.publish(A)
    vault.apply(office.page(0))
    held, other = vault.find(keys.slot(A.key)), vault.find(keys.slot(B.key))
    assert held is not None
    assert held.sealed is Tombstone.REISSUED
    assert held.version == 2
    assert other is not None
    assert other.sealed is Tombstone.EXPIRED


def test_an_empty_page_tells_the_time(office: FeedOffice, vault: Vault) -> None:
    vault.apply(office.page(0))
    office.time += 60
    assert vault.apply(office.page(0)) == Applied(0, cursor=0)
    assert vault.mark.time == START + 60
    assert vault.apply(office.page(0)) == Applied(0, cursor=0), "the same page again changes nothing"


def refused(vault: Vault, page: bytes, why: str, *, unknown_key: bool = False) -> None:
    """The page is refused for this reason, and nothing changed."""
    before = vault.mark, vault.count()
    assert vault.apply(page) == PageRefused(why, unknown_key)
    assert (vault.mark, vault.count()) == before


def test_what_does_not_hold_is_refused_whole(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0))
    office.publish(B)
    good = office.page(1)
    for at in range(0, len(good), 7):
        altered = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        assert isinstance(vault.apply(altered), PageRefused), f"one bit at byte {at}"
    assert vault.mark.cursor == 1
    refused(vault, office.page(0), "from another cursor")
    refused(vault, office.page(1, ministry="finance"), "of another ministry")
    refused(vault, office.page(1, time=START - 1), "an older time")
    refused(vault, office.page(1, kind=PageKind.SNAPSHOT), "not a page of the feed")
    stranger = SigningKey(1, Ed25519PrivateKey.generate())
    refused(vault, office.page(1, key=stranger), "the signature does not hold")
    unlisted = SigningKey(9, Ed25519PrivateKey.generate())
    refused(vault, office.page(1, key=unlisted), "an unknown or revoked key", unknown_key=True)
    refused(vault, office.page(1, key=office.receipt), "an unknown or revoked key")
    refused(vault, office.page(1, time=START + 6 * YEAR), "a key that is not valid at that time")
    assert vault.apply(good) == Applied(1, cursor=2)


def vault_why(vault: Vault, page: bytes) -> str:
    outcome = vault.apply(page)
    assert isinstance(outcome, PageRefused)
    return outcome.why


def test_a_position_that_goes_back_is_refused(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0, upto=0, entries=(), position=5, head=bytes(32)))
    refused(vault, office.page(0), "an older position")


def test_another_history_at_the_same_position_is_an_alarm(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0))
    forked = office.page(1, head=b"f" * 32)
    before = vault.mark
    assert vault.apply(forked) == Alarm("another audit head at the same position", 1)
    assert vault.mark == before


def test_a_revoked_key_signs_nothing_any_more(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    page = office.page(0)
    office.number, office.revoked = 2, frozenset({1})
    vault.keep_keys(office.key_list())
    refused(vault, page, "an unknown or revoked key")


def test_a_key_list_never_goes_back(office: FeedOffice, vault: Vault) -> None:
    old = office.key_list()
    office.number = 2
    vault.keep_keys(office.key_list())
    with pytest.raises(Refused, match="goes back"):
        vault.keep_keys(old)
    office.revoked = frozenset({2})
    with pytest.raises(Refused, match="goes back"):
        vault.keep_keys(office.key_list())
    with pytest.raises(Refused):
        vault.keep_keys(FeedOffice(number=3).key_list())


def test_receipt_keys_come_from_the_list(office: FeedOffice, vault: Vault) -> None:
    assert vault.receipt_key(2) == office.receipt.public
    for other in (1, 3):
        with pytest.raises(Refused):
            vault.receipt_key(other)


def test_a_vault_belongs_to_one_office(office: FeedOffice, vault: Vault, tmp_path: Path) -> None:
    vault.pin(office.pins)
    with pytest.raises(NotPinned):
        vault.pin(Pins("finance", "OTHER.EXAMPLE", bytes(32)))
    empty = Vault(tmp_path / "new")
    with pytest.raises(NotPinned):
        empty.keep_keys(office.key_list())
    assert empty.apply(office.page(0)) == PageRefused("an unknown or revoked key", unknown_key=True)
    assert repr(office.pins.root_key) not in repr(office.pins)
    empty.close()


def test_held_pages_share_a_commit_and_readers_see_them_after_it(office: FeedOffice, vault: Vault) -> None:
    for slip in (A, B):
        office.publish(slip)
    assert vault.apply(office.page(0, limit=1), hold=True) == Applied(1, cursor=1)
    assert (vault.next_cursor, vault.mark.cursor, version_at(vault, A)) == (1, 0, None)
    assert vault.apply(office.page(1, limit=1), hold=True) == Applied(1, cursor=2)
    refused(vault, office.page(0), "from another cursor")
    assert vault.commit() is None
    assert (vault.mark.cursor, version_at(vault, A), version_at(vault, B)) == (2, 1, 2)


def test_a_catch_up_leaves_no_long_log_on_the_disk(
    office: FeedOffice, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.vault_log._LEFT", 1 << 14)
    for number in range(100):
        office.publish(slip_of(number))
    vault.apply(office.page(0))
    log = tmp_path / "vault.sqlite-wal"
    assert log.stat().st_size > 1 << 14
    assert vault.commit() is None
    assert log.stat().st_size == 0
    assert vault.count() == 100


def test_a_long_catch_up_folds_its_log_beside_and_begins_it_anew(
    office: FeedOffice, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log never grows much beyond what it is folded from, however fast or slow the disk folds."""
    folded_from = 1 << 19
    monkeypatch.setattr("kiosk.vault_log._FOLDED_FROM", folded_from)
    monkeypatch.setattr("kiosk.vault_log._LEFT", 1 << 14)
    office.publish(A)
    office.fill(7_999)
    log, longest, one_commit = tmp_path / "vault.sqlite-wal", 0, 0
    for after in range(0, 8_000, 500):
        before = log.stat().st_size
        assert vault.apply(office.page(after, limit=500)) == Applied(500, after + 500)
        assert version_at(vault, A) == 1
        longest, one_commit = max(longest, log.stat().st_size), max(one_commit, log.stat().st_size - before)
    assert folded_from < longest < 2 * folded_from + one_commit < (tmp_path / "vault.sqlite").stat().st_size
    assert vault.commit() is None
    assert (log.stat().st_size, vault.count(), vault.mark.cursor) == (0, 8_000, 8_000)


def test_the_newest_of_several_for_one_slot_stays_however_many_come_at_once(office: FeedOffice, vault: Vault) -> None:
    slips = [slip_of(number) for number in range(600)]
    for slip in [*slips, *slips]:
        office.publish(slip)
    for slip in slips[:20]:
        office.withdraw(slip)
        office.publish(slip)
    vault.apply(office.page(0))
    assert vault.count() == 600
    for at, slip in enumerate(slips):
        held = vault.find(keys.slot(slip.key))
        assert held is not None
        assert (held.sealed is Tombstone.REISSUED) is (at < 20)
        assert held.version == (1201 + 2 * at if at < 20 else 601 + at)


def test_what_was_held_at_a_crash_comes_again(office: FeedOffice, vault: Vault, tmp_path: Path) -> None:
    office.publish(A)
    vault.apply(office.page(0), hold=True)
    vault.close()
    again = Vault(tmp_path)
    assert (again.next_cursor, again.count()) == (0, 0)
    again.close()


def test_a_new_key_list_in_the_middle_of_held_pages_keeps_them(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0), hold=True)
    office.number = 2
    vault.keep_keys(office.key_list())
    assert vault.mark.cursor == 1


def test_a_snapshot_replaces_the_whole_vault(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0))
    other = FeedOffice(office.root, office.feed, office.receipt)
    for number in range(10, 17):
        other.publish(slip_of(number))
    other.reissue(slip_of(10), slip_of(20))
    other.time += 100
    assert vault.load_snapshot(in_file(other.snapshot())) == Applied(8, cursor=8)
    assert vault.find(keys.slot(A.key)) is None
    assert vault.mark == Mark(8, START + 100, 8, other.heads[-1])
    other.publish(A)
    assert vault.apply(other.page(8)) == Applied(1, cursor=9)


def test_a_snapshot_that_is_not_whole_or_not_newer_changes_nothing(office: FeedOffice, vault: Vault) -> None:
    for number in range(10, 17):
        office.publish(slip_of(number))
    older = office.snapshot()
    vault.apply(office.page(0))
    assert vault.load_snapshot(in_file(older)) == PageRefused("a snapshot that is not newer")
    office.publish(A)
    parts = office.snapshot()
    office.time += 1
    torn = in_file(parts).getvalue()
    before = vault.mark, vault.count()
    for wrong in (
        in_file(parts[:-1]),
        in_file([parts[0], parts[2], parts[1]]),
        in_file([parts[0], *office.snapshot()[1:]]),
        in_file([*parts, parts[-1]]),
        in_file([office.page(7)]),
        io.BytesIO(torn[:-1]),
        io.BytesIO(b"\xff\xff\xff\xff"),
        io.BytesIO(b""),
        in_file([parts[0], parts[1][:-1] + bytes([parts[1][-1] ^ 1]), parts[2]]),
    ):
        assert isinstance(vault.load_snapshot(wrong), PageRefused)
        assert (vault.mark, vault.count()) == before
    assert vault.load_snapshot(in_file(parts)) == Applied(8, cursor=8)


def test_a_snapshot_of_another_history_is_an_alarm(office: FeedOffice, vault: Vault) -> None:
    office.publish(A)
    vault.apply(office.page(0))
    forked = FeedOffice(office.root, office.feed, office.receipt, heads=[bytes(32)])
    forked.publish(B)
    assert isinstance(vault.load_snapshot(in_file(forked.snapshot())), Alarm)


def test_readers_see_whole_pages_while_they_come(office: FeedOffice, vault: Vault) -> None:
    """Each page moves all three slips to one version: a reader must never see two of them."""
    pages = 60
    seen: list[set[int | None]] = []
    done = False

    def read() -> None:
        reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        while not done:
            seen.append({row[0] for row in reader.execute("SELECT version / 3 FROM statuses")})
        reader.close()

    path = vault._write.execute("PRAGMA database_list").fetchone()[2]
    reading = Thread(target=read)
    reading.start()
    for number in range(pages):
        after = office.position
        for slip in (A, B, C):
            office.publish(slip)
        versions = [entry for entry in office.entries if entry.version > after]
        assert isinstance(vault.apply(office.page(after, entries=tuple(versions))), Applied)
        assert version_at(vault, A) == 3 * number + 1
    done = True
    reading.join()
    assert seen
    # 3n+1 and 3n+2 share a quotient, 3n+3 has the next one.
    assert all(len(versions) <= 2 for versions in seen)


def test_a_file_that_is_no_vault_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "vault.sqlite").write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Vault(tmp_path)
