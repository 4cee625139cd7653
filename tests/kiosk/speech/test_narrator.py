"""The narrator: what is said of the screens, to whom, and until when. Screens and voice are real."""

from dataclasses import replace

import pytest

from kiosk.comfort import Comfort
from kiosk.samples import TERMINAL, now, screens
from kiosk.selftest.sound import tone
from kiosk.speech.narrator import Narrator
from kiosk.speech.speaker import Speaker
from kiosk.words import words_of
from tests.journeys.people import wait_for
from tests.kiosk.window import SIZE, window

from .recorder import Recorder

pytestmark = pytest.mark.usefixtures("the_window")

UP, DOWN, OK = 273, 274, 13
LOUDER, SOFTER = 1073741952, 1073741953
EAR = Comfort(headphones=True)


class Listener:
    """Somebody at the terminal: shows states to himself, presses keys, hears."""

    def __init__(self, screens_, recorder, speaker):
        self.screens, self.recorder, self.speaker = screens_, recorder, speaker
        self.board = None

    def sees(self, name, language="en", comfort=EAR):
        self.screens.suit(comfort)
        self.board = self.screens.build(screens(language)[name], lambda _: None)

    def presses(self, *keys):
        for key in keys:
            window().dispatch("on_key_down", key, 0, None, [])
            window().dispatch("on_key_up", key, 0)

    def heard(self):
        wait_for("the end of what is said", lambda: not self.speaker.speaking)
        told, self.recorder.transcript[:] = list(self.recorder.transcript), []
        return [said.text for said in told]


@pytest.fixture
def listener(tmp_path, monkeypatch):
    from kiosk.screens import Screens

    played = []
    monkeypatch.setattr("kiosk.speech.speaker.play", played.append)
    recorder = Recorder(tmp_path)
    speaker = Speaker((recorder,), lambda: 70, recorder.transcript.append)
    drawn = Screens(SIZE, TERMINAL, clock=now)
    drawn.speak_by(Narrator(speaker, lambda: tone(70, (880.0,), 0.1)), lambda: 70)
    someone = Listener(drawn, recorder, speaker)
    someone.played = played
    yield someone
    speaker.close()
    drawn.suit(Comfort())
    drawn.close()


def test_the_screen_is_told_again_when_the_focus_comes_back_to_it(listener):
    listener.sees("problem-damaged")
    first = listener.heard()
    listener.presses(UP)
    listener.heard()
    listener.presses(DOWN)
    assert listener.heard() == first[1:]  # all but how the keys work


def test_a_key_stops_what_is_being_said(listener):
    listener.sees("status-checks")
    wait_for("a voice", lambda: listener.recorder.transcript)
    listener.presses(DOWN)
    told = listener.heard()
    assert words_of("en")("asked.title") not in told


def test_a_sign_without_words_has_a_name(listener):
    listener.sees("problem-damaged")
    listener.heard()
    names = []
    for _ in range(8):
        listener.presses(DOWN)
        names += listener.heard()
    assert words_of("en")("comfort.title") in names


def test_of_a_masked_entry_no_digit_is_said():
    """A masked entry is drawn as dots, and the narrator has nothing but what is drawn."""
    from kiosk.speech.narration import narrate
    from kiosk.visit_state import Problem, ProblemKind

    told = narrate(Problem("en", ProblemKind.UNKNOWN), "en", ["Secret code", "••••"])
    assert [said.text for said in told] == ["Secret code", "••••"]
    assert all(said.private for said in told)


def test_a_problem_is_told_with_what_to_do(listener):
    listener.sees("problem-damaged", "fr")
    words = words_of("fr")
    told = listener.heard()
    assert [text for text in told if text == words("problem.damaged.title")]
    assert told.index(words("problem.damaged.title")) < told.index(words("problem.damaged.now"))


def test_a_chime_comes_with_a_screen_that_says_the_same(listener):
    listener.sees("still-there", comfort=Comfort())
    wait_for("the chime", lambda: listener.played)
    listener.sees("still-there", comfort=Comfort())
    assert listener.heard() == []  # nobody asked to be spoken to
    assert len(listener.played) == 1


def test_a_language_is_named_in_its_own_voice(listener):
    listener.sees("problem-damaged")
    listener.heard()
    for _ in range(8):
        listener.presses(DOWN)
        wait_for("the name", lambda: not listener.speaker.speaking)
    voices = {said.text.partition(",")[0]: said.language for said in listener.recorder.transcript}
    assert voices["Français"] == "fr" and voices["العربية"] == "ar"


def test_the_loudspeaker_says_prompts_and_nothing_of_a_file(listener):
    loud = Comfort(listen=True)
    listener.sees("status-returned", comfort=loud)
    listener.presses(DOWN, DOWN)
    assert listener.heard() == []
    listener.sees("printed", comfort=loud)
    assert words_of("en")("printed.text") in listener.heard()


def test_pulling_the_plug_ends_what_was_for_one_ear(listener):
    listener.sees("status-checks")
    wait_for("a voice", lambda: listener.recorder.transcript)
    listener.sees("status-checks", comfort=Comfort())
    wait_for("silence", lambda: not listener.speaker.speaking)
    said = len(listener.recorder.transcript)
    listener.presses(DOWN)
    assert len(listener.recorder.transcript) == said


def test_louder_and_softer_by_touch_and_by_two_keys_from_any_screen(listener):
    from kiosk.visit_events import ComfortChosen

    sent = []

    def shows(comfort):
        listener.screens.suit(comfort)
        listener.board = listener.screens.build(screens("en")["problem-damaged"], sent.append)

    shows(replace(EAR, choosing=True))
    assert "Volume in the headphones: 70%" in listener.heard()
    names = {target.name: target for target in listener.board.walk(restrict=True) if hasattr(target, "do")}
    names["comfort.louder"].do()
    assert sent == [ComfortChosen(replace(EAR, choosing=True, volume=80))]
    shows(sent.pop().comfort)
    assert listener.heard() == ["Volume in the headphones: 80%"], "only what is new"
    shows(replace(EAR, volume=80))
    listener.heard()
    listener.presses(SOFTER, SOFTER)
    assert listener.heard()[-1] == "Volume in the headphones: 60%"
    assert sent[-1] == ComfortChosen(replace(EAR, volume=60))
    assert listener.screens.loudness() == 60
    shows(Comfort(listen=True))
    sent.clear()
    listener.presses(LOUDER)
    assert sent == [], "for the lobby it is the office's to say"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_workers_rights_are_listened_to_in_headphones_alone(listener, language):
    from kiosk.screens.pages import faults_on

    def target(name):
        targets = {target.name: target for target in listener.board.walk(restrict=True) if hasattr(target, "do")}
        return targets.get(name)

    def reads(key):
        return any(getattr(one, "lettered", None) and one.lettered.text == words_of(language)(key) for one in board())

    def board():
        assert faults_on(listener.board) == []
        return listener.board.walk(restrict=True)

    topic = next(name for name in screens(language) if name.startswith("rights-"))
    listener.sees(topic, language, Comfort(listen=True))
    assert listener.heard() == [] and target("listen") is None, "a lobby does not hear it"
    assert reads("rights.headphones")
    listener.sees(topic, language)
    told = listener.heard()
    assert len(told) > 2 and not reads("rights.headphones")
    target("listen").do()
    assert listener.heard() == told[1:]  # all but how the keys work
    target("listen").do()
    wait_for("a voice", lambda: listener.recorder.transcript)
    listener.presses(DOWN)
    assert len(listener.heard()) < len(told)


def test_at_the_end_of_the_visit_nothing_is_said_any_more(listener):
    listener.sees("status-checks")
    wait_for("a voice", lambda: listener.recorder.transcript)
    listener.screens.forget()
    wait_for("silence", lambda: not listener.speaker.speaking)
    assert words_of("en")("asked.title") not in [said.text for said in listener.recorder.transcript]
