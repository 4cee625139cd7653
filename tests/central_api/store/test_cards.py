"""The index of cards: keyed, of one office alone, and added to an office of an earlier edition."""

import sqlite3
from pathlib import Path

import pytest

from central_api.store import ActionRefused, open_office
from central_api.store.cards import card_index, card_index_key, document_of


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
