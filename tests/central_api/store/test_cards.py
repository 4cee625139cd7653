"""The index of cards: keyed, of one office alone, and added to an office of an earlier edition."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import ActionRefused, Office, open_office, queues
from central_api.store.cards import bind, card_index, card_index_key, document_of, opened_by, unbind
from central_api.workflow import Action


def test_an_office_of_an_earlier_edition_finds_files_by_card(tmp_path: Path):
    open_office(tmp_path / "office").close()
    with sqlite3.connect(tmp_path / "office" / "office.db") as register:
        register.execute("DROP INDEX personal_cards")
    (tmp_path / "office" / "secrets" / ".card-index-key").write_bytes(b"cut off")
    with open_office(tmp_path / "office") as office:
        given = office.submit("work_permits", "renewal", region="beirut", phone=None, document="P-LBN-LR1234567")
        assert [filed.tracking for filed in office.look("P-LBN-LR1234567", "T-01")] == [given.tracking]
        assert office.look("P-LBN-LR7654321", "T-01") == []
        plan = office.reader().execute(
            "EXPLAIN QUERY PLAN SELECT event FROM personal WHERE field IN (2, 4, 5) AND value = ?", ("",)
        )
        assert "personal_cards" in plan.fetchone()[3]


def test_an_index_is_of_one_office_alone(tmp_path: Path):
    keys: list[bytes] = []
    for name in ("one", "other"):
        open_office(tmp_path / name).close()
        keys.append(card_index_key(tmp_path / name))
        assert card_index_key(tmp_path / name) == keys[-1]
    one, other = (card_index(key, "P-LBN-LR1234567") for key in keys)
    assert one != other
    assert card_index(keys[0], "P-LBN-LR1234568") != one


@pytest.mark.parametrize("typed", ["P-LBN-LR1234567", "p-lbn-lr 123 4567", " P - LBN - LR-1234-567 "])
def test_a_document_is_written_in_one_way(typed: str):
    assert document_of(typed) == "P-LBN-LR1234567"


def test_what_is_no_document_is_refused():
    with pytest.raises(ActionRefused):
        document_of("LR1234567")


def files(office: Office, document: str = "P-LBN-LR1234567") -> list[str]:
    return [filed.tracking for filed in office.look(document, "T-01")]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        yield office


def test_a_card_that_is_bound_later_opens_the_file_until_it_is_let_go(office: Office, tmp_path: Path):
    first, second = (office.submit("work_permits", "renewal", region="beirut", phone=None).tracking for _ in range(2))
    (shown,) = office.shown("P-LBN-LR1234567")

    def change(what: Callable[..., None], tracking: str) -> None:
        filed = office.known(tracking)
        office.execute_write(lambda connection: what(connection, filed, shown, "7 Rita Samaha", 1)).result()

    change(bind, second)
    change(bind, first)
    assert files(office) == [second, first], "the newest application first, whichever was bound last"
    with pytest.raises(ActionRefused, match="already"):
        change(bind, first)
    history = queues.history(office.own_reader, office.known(first))
    assert [entry.act.action for entry in history] == [Action.SUBMIT, Action.BIND]
    assert (history[-1].who, history[-1].said) == ("7 Rita Samaha", first)
    change(unbind, first)
    assert files(office) == [second]
    with pytest.raises(ActionRefused, match="does not open"):
        change(unbind, first)
    change(bind, first)
    assert files(office) == [second, first]
    publish_pending(office)
    assert isinstance(audit_verify(office, None, []), Intact)
    assert b"LR1234567" not in (tmp_path / "office" / "office.db").read_bytes()


def test_a_card_shown_at_intake_is_let_go_too_and_stands_once(office: Office):
    tracking = office.submit(
        "work_permits", "renewal", region="beirut", phone=None, identity_card="000012345678"
    ).tracking
    (shown,) = office.shown(None, "0000 1234-5678")
    filed = office.known(tracking)
    with pytest.raises(ActionRefused, match="already"):
        office.execute_write(lambda connection: bind(connection, filed, shown, "0 command line", 1)).result()
    office.execute_write(lambda connection: unbind(connection, filed, shown, "0 command line", 1)).result()
    assert opened_by(office.own_reader, shown[1]) == []


def test_a_binding_that_is_pointed_at_another_file_opens_nothing(office: Office):
    mine, victim = (office.submit("work_permits", "renewal", region="beirut", phone=None).tracking for _ in range(2))
    (shown,) = office.shown("P-LBN-LR1234567")
    filed, other = office.known(mine), office.known(victim)

    def forge(connection: sqlite3.Connection) -> None:
        bind(connection, filed, shown, "7 Rita Samaha", 1)
        connection.execute("UPDATE note SET application = ? WHERE application = ?", (other.row, filed.row))

    office.execute_write(forge).result()
    assert files(office) == []
    office.execute_write(lambda c: c.execute("UPDATE personal SET value = ? WHERE value = ?", (victim, mine))).result()
    assert files(office) == []
