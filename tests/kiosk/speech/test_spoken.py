"""Written words as they are spoken: nothing that a visitor must write down is swallowed in a number."""

import pytest

from devices.lettering import isolate
from kiosk.samples import at, screens
from kiosk.speech.narration import PUBLIC, narrate
from kiosk.speech.spoken import spelled, spoken
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import words_of

AR, FR, EN = (words_of(language) for language in ("ar", "fr", "en"))
MORNING = at(23, 7, 38)


def test_a_code_is_spelled_with_pauses_between_its_groups():
    assert spelled("26-3182-8331-2") == "2 6, 3 1 8 2, 8 3 3 1, 2"
    assert spoken(EN.tracking("26318283312"), EN) == "2 6, 3 1 8 2, 8 3 3 1, 2"
    assert spoken(AR.code("T-03"), AR) == "T, 0 3"
    assert spoken(EN.code("+961 71 123 456"), EN) == "9 6 1, 7 1, 1 2 3, 4 5 6"


def test_a_count_stays_a_number():
    assert spoken(AR("page", page=AR.number(1), pages=AR.number(2)), AR) == "1 من 2"


@pytest.mark.parametrize(
    ("words", "told"),
    [(AR, "23 تشرين الثاني 2026"), (FR, "23 novembre 2026"), (EN, "23 November 2026")],
)
def test_a_date_is_told_by_the_months_name(words, told):
    assert spoken(words.date(MORNING), words) == told


def test_a_time_is_told_by_hour_and_minute():
    assert spoken(FR.time(MORNING), FR) == "9 heures 38"
    assert spoken(AR.time(at(23, 7, 0)), AR) == "9"


def test_isolates_within_isolates_are_undone():
    assert spoken(isolate(f"{EN.date(MORNING)}") + " · " + isolate(EN("chain.acting")), EN).startswith(
        "23 November 2026, "
    )


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_nothing_that_is_spoken_holds_a_mark_of_layout_or_a_code_in_one_piece(language):
    for name, state in screens(language).items():
        for said in narrate(state, language, [words_of(language).tracking("26318283312")]):
            assert not set(said.text) & set("\u2066\u2067\u2068\u2069\u200e\u200f·"), name
            assert "3182" not in said.text, name


def test_a_status_is_told_by_the_account_that_the_screen_is_made_of():
    state = screens("en")["status-returned"]
    told = [said.text for said in narrate(state, "en", ["drawn, and not read"])]
    assert "2 6, 3 1 8 2, 8 3 3 1, 2" in told[1]
    assert told.index("2 documents are missing") < told.index("Missing documents")
    assert not any("drawn" in text for text in told)


def test_no_screen_that_tells_of_a_file_is_for_the_loudspeaker():
    for name, state in screens("ar").items():
        public = name.startswith(
            (
                *("home", "closed", "reading", "printing", "printed", "sent", "still", "power", "out-of"),
                *(
                    "card-place",
                    "card-asking",
                    "card-reading",
                    "card-judging",
                    "card-trouble",
                    "card-take",
                    "card-offer",
                    "card-left",
                ),
                *("card-left", "list-printing", "list-printed", "list-sent", "add-slip"),
            )
        )
        assert isinstance(state, PUBLIC) == public
        assert all(said.private != public for said in narrate(state, "ar", ["text"]))
