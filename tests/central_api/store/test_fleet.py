"""What the office keeps of its terminals beside the register, and what it concludes from it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_api.contract.enrolment import digits_of
from central_api.contract.heartbeat import Heartbeat, encode_heartbeat
from central_api.contract.terminal_settings import TerminalSettings
from central_api.store import NoOffice, Office, StoreFailed, open_office, terminals
from central_api.store.fleet import SILENT_SECONDS, TerminalState, fleet, take_heartbeat
from central_api.store.live import Live
from central_api.store.terminals import CodeFault, Enrolled, KeyState, KnownKey

from .conftest import Clock

FACTS = (bytes(32), bytes(32))


def new_public() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def let_in(office: Office, name: str | None = None, replaces: str | None = None) -> KnownKey:
    now, public = office.clock(), new_public()

    def work(connection: sqlite3.Connection) -> KnownKey:
        if replaces is None:
            place = terminals.add(connection, name, "hall", now)
        else:
            place = terminals.place_of(connection, replaces)
        enrolled = terminals.enrol(connection, terminals.new_code(connection, place, now), public, now)
        assert isinstance(enrolled, Enrolled)
        assert enrolled.key.nonce
        return terminals.accept(connection, place.name, digits_of(public, *FACTS, enrolled.key.nonce), FACTS, now)[0]

    return office.execute_write(work).result()


def state(office: Office, live: Live) -> TerminalState:
    return fleet(office.own_reader, live, office.clock())[-1]


def beats(office: Office, live: Live, key: KnownKey, run: int = 1, machine: int = 1, **more) -> list[str]:
    report = Heartbeat(office.clock(), 1, bytes([machine] * 8), bytes([run] * 8), "0.2.0", **more)
    return take_heartbeat(live, office.own_reader, key, encode_heartbeat(report), office.clock())[2]


@pytest.fixture
def live(office: Office):
    with closing(Live(office.data)) as opened:
        yield opened


def test_a_silent_terminal_is_told_with_its_last_word(office: Office, live: Live, clock: Clock):
    key = let_in(office)
    beats(office, live, key)
    heard = clock.now
    clock.now += SILENT_SECONDS
    assert state(office, live).conditions == {}
    clock.now += 1
    assert state(office, live).conditions == {"silent": heard}


def test_a_terminal_that_lags_is_behind_since_it_was_first_seen_so(office: Office, live: Live, clock: Clock):
    key = let_in(office)
    synced = clock.now
    beats(office, live, key, synced=synced)
    clock.now += 16 * 60
    beats(office, live, key, synced=synced, disk_free=10, temperature=900)
    first = clock.now
    clock.now += 60
    beats(office, live, key, synced=synced)
    assert state(office, live).conditions == {"behind": first}


def test_a_renewed_key_keeps_its_alarms_and_a_new_machine_does_not(office: Office, live: Live, clock: Clock):
    key = let_in(office)
    assert beats(office, live, key, run=1) == []
    assert beats(office, live, key, run=2) == []
    assert beats(office, live, key, run=1) == ["copied_key"]
    assert beats(office, live, key, run=2) == []
    public = new_public()
    office.execute_write(lambda c: terminals.renew(c, key.key_id, public, clock.now)).result()
    new_id = terminals.key_id_of(public)
    renewed = office.execute_write(lambda c: terminals.take_over(c, new_id, clock.now)).result()
    assert renewed is not None
    assert set(state(office, live).conditions) == {"copied_key"}
    # The machine's name in a report is made with its key: another one is nothing odd now.
    beats(office, live, renewed, run=3, machine=3)
    assert set(state(office, live).conditions) == {"copied_key"}
    replacing = let_in(office, replaces=key.name)
    assert set(state(office, live).conditions) == {"never_heard"}
    beats(office, live, replacing, run=4, machine=4)
    assert state(office, live).conditions == {}


def test_who_waits_beside_a_terminal_that_works_is_told(office: Office, live: Live, clock: Clock):
    key = let_in(office)
    beats(office, live, key)

    def another(connection: sqlite3.Connection) -> None:
        code = terminals.new_code(connection, terminals.place_of(connection, key.name), clock.now)
        assert isinstance(terminals.enrol(connection, code, new_public(), clock.now), Enrolled)

    office.execute_write(another).result()
    told = state(office, live)
    assert (told.state, set(told.conditions)) == ("accepted", {"another_waits"})


def test_only_the_latest_machine_waits_for_a_place(office: Office, clock: Clock):
    publics = [new_public(), new_public()]

    def both(connection: sqlite3.Connection) -> list[KeyState]:
        place = terminals.add(connection, None, "hall", clock.now)
        for public in publics:
            terminals.enrol(connection, terminals.new_code(connection, place, clock.now), public, clock.now)
        return [terminals.key_of(connection, terminals.key_id_of(public)).state for public in publics]

    assert office.execute_write(both).result() == [KeyState.REFUSED, KeyState.PENDING]


def test_a_code_ends_to_the_second(office: Office, clock: Clock):
    made = office.execute_write(
        lambda c: terminals.new_code(c, terminals.add(c, None, "hall", clock.now), clock.now)
    ).result()
    late = clock.now + terminals.CODE_SECONDS

    def tried(now: int) -> Enrolled | CodeFault:
        return office.execute_write(lambda c: terminals.enrol(c, made, new_public(), now)).result()

    assert tried(late) is CodeFault.EXPIRED
    assert isinstance(tried(late - 1), Enrolled)
    assert tried(late - 1) is CodeFault.USED


def test_nothing_of_a_code_lies_in_the_register_in_the_clear(office: Office, clock: Clock):
    code = office.execute_write(
        lambda c: terminals.new_code(c, terminals.add(c, None, "hall", clock.now), clock.now)
    ).result()
    office.close()
    for path in office.data.iterdir():
        assert path.is_dir() or code not in path.read_bytes()


def test_a_key_that_is_not_in_force_is_not_renewed(office: Office, clock: Clock):
    key = let_in(office)
    office.execute_write(lambda c: terminals.revoke(c, key.name, clock.now)).result()
    for old in (key.key_id, "0" * 32):
        assert not office.execute_write(lambda c, old=old: terminals.renew(c, old, new_public(), clock.now)).result()
    assert office.execute_write(lambda c: terminals.take_over(c, "0" * 32, clock.now)).result() is None


def test_settings_that_did_not_change_keep_their_number(office: Office, clock: Clock):
    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        place = terminals.add(connection, None, "hall", clock.now)
        louder = TerminalSettings(1, place.name, volume=80)
        first = terminals.put_settings(connection, place, louder)
        place = terminals.place_of(connection, place.name)
        return first.number, terminals.put_settings(connection, place, first).number

    assert office.execute_write(twice).result() == (2, 2)


def test_a_nonce_counts_once_and_is_forgotten(office: Office, clock: Clock):
    with closing(Live(office.data)) as one, closing(Live(office.data)) as other:
        assert one.is_fresh("k", "n", clock.now, clock.now)
        assert not other.is_fresh("k", "n", clock.now, clock.now)
        assert other.is_fresh("k2", "n", clock.now, clock.now)
        assert not one.is_fresh("k", "n", clock.now, clock.now + 600)
        one.is_fresh("k", "later", clock.now + 601, clock.now + 601)
        with sqlite3.connect(office.data / "live.db") as file:
            assert file.execute("SELECT count(*) FROM nonce").fetchone() == (1,)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_a_power_cut_left_broken_is_made_again(office: Office, clock: Clock, content: bytes):
    (office.data / "live.db").write_bytes(content)
    with closing(Live(office.data)) as live:
        assert live.is_fresh("k", "n", clock.now, clock.now)


def test_a_file_that_cannot_be_opened_is_told(office: Office):
    (office.data / "live.db").mkdir()
    with pytest.raises(StoreFailed):
        Live(office.data)


def test_an_office_of_an_earlier_edition_gets_the_tables_of_terminals(tmp_path: Path, clock: Clock):
    open_office(tmp_path / "office", clock=clock).close()
    with sqlite3.connect(tmp_path / "office" / "office.db") as register:
        for name in ("terminal", "terminal_key", "enrolment_code", "readiness"):
            register.execute(f"DROP TABLE {name}")
    with open_office(tmp_path / "office", clock=clock) as office:
        assert let_in(office).name == "T-01"


@pytest.mark.parametrize("origin", ["office.example", "http://office.example", "https://office.example/path"])
def test_an_origin_that_cannot_be_is_told_with_its_place(tmp_path: Path, origin: str):
    open_office(tmp_path / "office").close()
    path = tmp_path / "office" / "office.toml"
    path.write_text(path.read_text().replace('origin = ""', f'origin = "{origin}"'))
    with pytest.raises(NoOffice, match="origin"):
        open_office(tmp_path / "office")
