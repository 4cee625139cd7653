"""The words behind the codes: whole, in three languages, each code once."""

import tomllib
from importlib import resources

import pytest

from central_api.contract import catalogue as module
from central_api.contract.catalogue import WRITTEN_LANGUAGES, Section, catalogue

TABLES = tomllib.loads((resources.files("central_api.contract") / "catalogue.toml").read_text(encoding="utf-8"))
SERVICES = TABLES.pop("services")
SECTIONS = TABLES | {f"services.{family}": table for family, table in SERVICES.items()}


@pytest.mark.parametrize("table", SECTIONS.values(), ids=SECTIONS)
def test_every_code_is_given_once_with_words_in_three_languages(table):
    codes = [entry["code"] for entry in table.values()]
    assert len(set(codes)) == len(codes)
    for entry in table.values():
        assert set(entry) == {"code", *WRITTEN_LANGUAGES}
        assert 1 <= entry["code"] <= 0xFFFF
        for language in WRITTEN_LANGUAGES:
            assert entry[language] == entry[language].strip() != ""
        assert all("\u0600" <= letter <= "\u06ff" or letter in " " for letter in entry["ar"])
        assert (entry["fr"] + entry["en"]).replace("É", "").isprintable()
    for language in WRITTEN_LANGUAGES:
        words = [entry[language] for entry in table.values()]
        assert len(set(words)) == len(words), "two codes that nobody can tell apart"


def test_a_role_leaves_room_for_its_region():
    """An office is role + 32 * region, in 16 bits."""
    assert max(entry["code"] for entry in TABLES["roles"].values()) < 32
    assert max(entry["code"] for entry in TABLES["regions"].values()) < 2048


def test_each_family_has_its_services():
    assert set(SERVICES) == set(TABLES["families"])


def test_a_code_is_found_by_its_key_and_words_by_the_code():
    words = catalogue()
    assert words.regions.code("bekaa") == 5
    assert words.regions.key(5) == "bekaa"
    assert words.regions.word(5, "fr") == "Békaa"
    assert words.service(1, 4, "ar") == "تجديد إجازة عمل"


def test_a_code_of_a_later_edition_has_no_words():
    words = catalogue()
    assert words.regions.key(99) is None
    assert words.regions.word(99, "fr") is None
    assert words.regions.word(5, "am") is None
    assert words.service(99, 1, "ar") is None
    assert words.service(1, 99, "ar") is None
    with pytest.raises(KeyError):
        words.regions.code("elsewhere")


def test_a_code_given_twice_is_refused_on_loading():
    entry = {"code": 1, "ar": "أ", "fr": "a", "en": "a"}
    with pytest.raises(ValueError, match="share a code"):
        module._section({"one": entry, "other": entry})
    assert module._section({"one": entry}) == Section({"one": 1}, {1: {"ar": "أ", "fr": "a", "en": "a"}})
