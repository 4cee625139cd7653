"""Amharic, Bengali, Filipino: the core visit whole, nothing of it in English, and every letter there."""

from dataclasses import replace
from string import Formatter

import pytest

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office
from kiosk.comfort import Comfort
from kiosk.flow import Flow
from kiosk.flow.with_time import HOME_FORGETS_LANGUAGE_AFTER
from kiosk.gallery import CORE_VISIT
from kiosk.guide_samples import guide
from kiosk.locales.compiling import read_catalogue
from kiosk.samples import TERMINAL, now, screens
from kiosk.settings import judge
from kiosk.visit_events import LanguageChosen, Ticked
from kiosk.visit_state import ALL_LANGUAGES, CORE_LANGUAGES, SCREEN_LANGUAGES
from kiosk.words import words_of

from .window import SIZE, window

roles = catalogue().roles
OFFICES = {f"office.{role}": roles.word(code, "en") for role, code in roles.codes.items()}
"""The names of offices: in the three written languages they stand in the catalogue of codes."""
NOT_CORE = ("problem.help",)
"""Parts of strings of what is offered in the complete languages alone."""


def entries(language):
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in read_catalogue(language)
        if message.id
    }


def forms(message):
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def fields(message):
    return set.union(*({name for _, name, _, _ in Formatter().parse(form) if name} for form in forms(message)))


@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_no_core_string_is_empty_or_english(language):
    english, ours = entries("en"), entries(language)
    assert ours.keys() - OFFICES.keys() <= english.keys()
    for key, message in ours.items():
        assert all(forms(message)), key
        if key in OFFICES:
            assert message.string != OFFICES[key]
            continue
        assert not set(forms(message)) & set(forms(english[key])), key
        assert fields(message) == fields(english[key]), key
        assert any("awaiting review" in comment for comment in message.auto_comments), key


@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_what_the_core_visit_shows_is_in_its_language(language):
    ours = entries(language)
    for prefix in ("answer.with.", "problem.", "printing.", "printed.", "not_printed.", "still.", "power.", "sent."):
        for key in entries("en"):
            if key.startswith(prefix) and not any(part in key for part in NOT_CORE):
                assert key in ours, key


@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_the_chain_names_every_office_in_the_language(language):
    """The answer named the office in Amharic, and the chain under it said “Director General”."""
    words = words_of(language)
    for key, english in OFFICES.items():
        office = Office(roles.code(key.removeprefix("office.")))
        assert words.office(office) == entries(language)[key].string != english


@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_what_is_missing_is_said_in_english_and_codes_are_named_in_it(language):
    words = words_of(language)
    assert words("selftest.title") == words_of("en")("selftest.title")
    assert words.service(1, 4) == words_of("en").service(1, 4)
    assert words.counted("answer.missing", 1) != words.counted("answer.missing", 3)


@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_every_desk_of_the_sample_has_a_name_in_the_language(language):
    """“Inquiries desk” stood in an Amharic sentence."""
    for place in guide().content.places:
        assert place.name.of(language) not in {"", place.name.en}


def test_the_office_and_the_settings_offer_them(tmp_path):
    said = judge('version = 1\n[terminal]\nlanguages = ["ar", "fr", "en", "am", "bn", "fil"]\n', tmp_path / "t.toml")
    assert said.languages == (*SCREEN_LANGUAGES, *CORE_LANGUAGES)


class Lacking:
    """Says in English what a catalogue lacks, as the terminal does, and keeps what that was."""

    def __init__(self, english):
        self.english, self.keys = english, set()

    def gettext(self, key):
        self.keys.add(key)
        return self.english.gettext(key)

    def ngettext(self, key, plural, n):
        self.keys.add(key)
        return self.english.ngettext(key, plural, n)

    def in_words(self):
        """Return the keys with words of their own, not fields and punctuation alone."""
        said = {key: self.english.gettext(key) for key in self.keys}
        parts = {key: "".join(part for part, *_ in Formatter().parse(text)) for key, text in said.items()}
        return {key for key in said if said[key] != key and any(map(str.isalpha, parts[key]))}


def faults_in(drawn, language, wanted):
    from kiosk.screens.pages import faults_on

    faults = []
    for name, state in screens("en").items():
        if not name.startswith(wanted):
            continue
        state = replace(state, language=language)  # noqa: PLW2901
        if name == "home":
            state = replace(state, languages=(*SCREEN_LANGUAGES, *CORE_LANGUAGES))  # noqa: PLW2901
        faults += [f"{name}: {fault}" for fault in faults_on(drawn.build(state, print))]
    drawn.close()
    return faults


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_every_screen_of_the_core_visit_is_whole_and_has_no_english_word(language, monkeypatch):
    window()
    from kiosk.screens import Screens

    catalogue = words_of(language)._catalogue
    lacking = Lacking(catalogue._fallback)
    monkeypatch.setattr(catalogue, "_fallback", lacking)
    assert faults_in(Screens(SIZE, TERMINAL, clock=now), language, CORE_VISIT) == []
    for choices in (Comfort(choosing=True), Comfort(choosing=True, text=200), Comfort(choosing=True, headphones=True)):
        drawn = Screens(SIZE, TERMINAL, clock=now)
        drawn.suit(choices)
        assert faults_in(drawn, language, ("home-number",)) == []
    assert lacking.in_words() == set()


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", CORE_LANGUAGES)
@pytest.mark.parametrize(
    ("size", "comfort"), [(SIZE, Comfort(easy=True, low_reach=True)), ((1280, 800), Comfort())], ids=("easy", "wide")
)
def test_what_is_asked_of_a_visitor_is_whole_in_the_easy_view_and_on_a_lower_panel(language, size, comfort):
    window()
    from kiosk.screens import Screens

    drawn = Screens(size, TERMINAL, clock=now)
    drawn.suit(comfort)
    wanted = ("status-age", "status-no-paper", "list-few", "not-printed", "list-status-not")
    assert faults_in(drawn, language, wanted) == []


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", CORE_LANGUAGES)
def test_who_left_the_language_by_mistake_finds_it_on_every_screen_of_the_visit(language):
    flow = Flow(["ISTILAM.EXAMPLE"], now=0.0, languages=ALL_LANGUAGES)
    flow.handle(LanguageChosen(language))
    flow.handle(LanguageChosen("ar"))
    lost = drawn_as(flow.comfort, "ar")
    assert {name: targets for name, targets in lost.items() if f"language.{language}" not in targets} == {}
    flow.handle(Ticked(HOME_FORGETS_LANGUAGE_AFTER))
    assert not any(f"language.{language}" in targets for targets in drawn_as(flow.comfort, "ar").values())


def drawn_as(comfort, language):
    """Return the names of what can be pressed on each screen of the core visit, home and the briefest left out."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import faults_on

    drawn, found = Screens(SIZE, TERMINAL, clock=now), {}
    drawn.suit(comfort)
    for name, state in screens(language).items():
        if name.startswith(CORE_VISIT) and not name.startswith(("home", "reading", "list-search")):
            board = drawn.build(state, print)
            found[name] = {widget.name for widget in board.walk() if hasattr(widget, "name")}
            assert faults_on(board) == [], name
    drawn.close()
    return found


@pytest.mark.usefixtures("the_window")
def test_the_note_on_an_unverified_clock_costs_filipino_no_page_more():
    """Its words stood over the languages on a low panel, and what was left took a third page."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import Pages

    drawn, counts = Screens((800, 480), TERMINAL, clock=now), dict[str, int]()
    for name in ("status-clock-lost", "status-under-review"):
        board = drawn.build(screens("fil")[name], print)
        counts[name] = next((one.count for one in board.walk(restrict=True) if isinstance(one, Pages)), 1)
    assert counts["status-clock-lost"] <= counts["status-under-review"]
    drawn.close()
