"""A visit by somebody who sees nothing: five keys, headphones, and what is said in them."""

from pathlib import Path

import pytest

from kiosk.speech.spoken import spelled, spoken
from kiosk.words import words_of

from .people import OfficeDesk, StandingTerminal, TactileKeypad, printer, standing


def _go(terminal: StandingTerminal, keypad: TactileKeypad, name: str) -> list[str]:
    """Go down from name to name until the one that is wanted is said, and press it; gives what was said on the way."""
    heard: list[str] = []
    while not heard or heard[-1] != name:
        keypad.presses("down")
        heard += terminal.hears("")
        assert len(heard) < 12, heard
    keypad.presses("ok")
    return heard


@pytest.mark.parametrize("language", ["ar", "fr"])  # English is heard in test_three_ways
def test_a_visit_by_five_keys_and_an_ear(open_office: OfficeDesk, tmp_path: Path, language: str) -> None:
    slip = open_office.files(language=language)
    open_office.approves_up_to(slip, "head_of_department")
    words = words_of(language)
    keypad = TactileKeypad(tmp_path / "keypad")
    with (
        printer(tmp_path) as lobby_printer,
        standing(tmp_path, open_office.url, "--keypad", keypad.address, printer=lobby_printer.address) as terminal,
    ):
        terminal.ready(printer="ok")
        assert terminal.spoken == []  # nobody listens
        keypad.headphones(True)
        begin = terminal.hears(words_of("ar")("home.answer_follows"))
        assert begin == [words_of("ar")(key) for key in ("speech.keys", "home.place_slip", "home.answer_follows")]
        keypad.presses("louder")
        assert "80" in terminal.hears(words_of("ar")("comfort.volume", volume=""))[-1]
        if language == "ar":
            _go(terminal, keypad, f"{words('language.name')}, {words('speech.chosen')}")
        else:
            _go(terminal, keypad, words("language.name"))
            terminal.sees("Home", language=language)
        terminal.scanner.reads(slip.url)
        terminal.sees("ShowStatus", language=language)
        told = terminal.hears(spoken(words("age.line", when=""), words).rstrip(" :"))
        answer = words("answer.with.head_of_service")
        assert answer in told
        assert any(
            spelled(f"{slip.tracking[:2]}-{slip.tracking[2:6]}-{slip.tracking[6:10]}-{slip.tracking[10]}") in sentence
            for sentence in told
        )
        assert told.index(answer) < told.index(words("chain.title")) < told.index(words("asked.title"))
        walked = _go(terminal, keypad, words("button.print"))
        assert {words_of(other)("language.name") for other in ("ar", "fr", "en") if other != language} <= set(walked)
        terminal.sees("Printed")
        terminal.hears(spoken(words("found.question"), words))  # what is said after this, a key asked for
        _go(terminal, keypad, words("button.finish"))
        terminal.sees("Home")
        terminal.hears(words_of("ar")("home.answer_follows"))
        private = {said["spoken"] for said in terminal.spoken if said["private"]}
        assert answer in private and spoken(words("home.place_slip"), words) not in private
        # The plug is out: what comes next is nobody's to hear.
        keypad.headphones(False)
        said = len(terminal.spoken)
        terminal.scanner.reads(slip.url)
        terminal.sees("ShowStatus")
        keypad.presses("down", "down")
        terminal.left()
        assert len(terminal.spoken) == said
