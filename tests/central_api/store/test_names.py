"""Names are found however they were spelled, and people of other names are not."""

import random
import sqlite3

import pytest

from central_api.store import Office, names
from central_api.store.names import found, sounds, spelling


@pytest.mark.parametrize(
    "variants",
    [
        ("أحمد", "احمد", "إحمد", "آحمد", "أَحْمَد", "أحـــمد", "Ahmad", "Ahmed"),
        ("منى", "مني", "Mona", "Mouna"),
        ("فاطمة", "فاطمه", "Fatima", "Fatimah"),
        ("الخوري", "خوري", "Khoury", "El-Khouri", "Khouri"),
        ("شرما", "Sharma", "SHARMA"),
        ("غانم", "Ghanem", "Ghanim"),
    ],
)
def test_one_name_in_many_spellings_sounds_alike(variants: tuple[str, ...]):
    assert len({tuple(sounds(name)) for name in variants}) == 1, [sounds(name) for name in variants]


@pytest.mark.parametrize(("one", "other"), [("أحمد", "محمد"), ("خوري", "حوراني"), ("سمير", "سامية"), ("Ali", "Elie K")])
def test_other_names_do_not(one: str, other: str):
    assert sounds(one) != sounds(other)


def test_marks_and_presentation_forms_are_no_other_spelling():
    assert spelling("ﻓَﺎطِمَة") == spelling("فاطمه")


@pytest.mark.parametrize("few", [0, names._FEW])
def test_all_words_of_a_name_are_found_together(office: Office, monkeypatch: pytest.MonkeyPatch, few: int):
    """The newest first, however often each of them stands in the register."""
    monkeypatch.setattr(names, "_FEW", few)
    chance, given = random.Random(4), ("أحمد", "علي", "ندى", "Georges")
    written = [chance.sample(given, 2) for _ in range(60)]

    def keep_all(connection: sqlite3.Connection) -> None:
        for row, words in enumerate(written):
            names.keep(connection, row, [" ".join(words)])

    office.execute_write(keep_all).result()
    for wanted in ("ندى", "علي أحمد", "Nada Georges", "أحمد أحمد"):
        fit = [row for row, words in enumerate(written) if {*sounds(wanted)} <= {*sounds(" ".join(words))}]
        assert [row for row, *_ in found(office.own_reader, wanted, 100)] == fit[::-1]
    assert found(office.own_reader, "طوني ندى") == []
