"""The voice: a process of its own for each sentence, silent at once, and never heard beyond its visit."""

import io
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from kiosk.selftest.sound import tone
from kiosk.speech.said import Hearing, Said
from kiosk.speech.speaker import Speaker
from kiosk.speech.voices import Espeak, Recordings, at_volume
from tests.journeys.people import wait_for

from .recorder import Recorder

LONG = "This sentence is repeated until nobody can want to hear the end of it. " * 2000


@pytest.fixture
def recorder(tmp_path):
    return Recorder(tmp_path)


@pytest.fixture
def speaker(recorder):
    speaker = Speaker((recorder,), lambda: 70, recorder.transcript.append)
    yield speaker
    speaker.close()


def english(text):
    return Said(text, "en", private=False)


@pytest.mark.parametrize(("language", "text"), [("ar", "معاملتكم منجزة"), ("fr", "Votre dossier"), ("en", "Your file")])
def test_it_speaks_the_three_languages(speaker, recorder, language, text):
    speaker.say([Said(text, language, private=True)])
    wait_for("the sentence", lambda: not speaker.speaking)
    with wave.open(str(recorder.folder / "0000.wav")) as spoken:
        assert spoken.getnframes() / spoken.getframerate() > 0.4


def test_sentences_come_one_after_the_other(speaker, recorder):
    speaker.say([english("one"), english("two")])
    speaker.say([english("three")])
    wait_for("all of it", lambda: not speaker.speaking)
    assert recorder.texts() == ["one", "two", "three"]
    assert len(list(recorder.folder.glob("*.wav"))) == 3


def _voices():
    """Processes of espeak-ng that are at work for us now."""
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if "espeak-ng" in line and not line.startswith("Z")]


def test_a_hush_kills_the_voice_and_forgets_what_waits(speaker, recorder):
    speaker.say([english(LONG), english("never")])
    wait_for("a voice", _voices)
    speaker.hush()
    wait_for("silence", lambda: not speaker.speaking and not _voices())
    speaker.say([english("the next visitor")])
    wait_for("the next", lambda: not speaker.speaking)
    assert recorder.texts() == [LONG, "the next visitor"]


def test_what_is_said_stands_in_no_process_list(speaker):
    speaker.say([english(LONG)])
    voices = wait_for("a voice", _voices)
    assert not any("sentence" in line for line in voices)


def test_a_terminal_that_is_killed_takes_its_voice_along():
    script = (
        "import sys, time\n"
        "from kiosk.speech.voices import Espeak\nfrom kiosk.speech.said import Said\n"
        "from tests.kiosk.speech.recorder import Recorder\n"
        f"process = Recorder().begin(Said({LONG[:70]!r} * 2000, 'en', False), 70)\n"
        "print(process.pid, flush=True)\ntime.sleep(60)\n"
    )
    terminal = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert terminal.stdout is not None
    voice = int(terminal.stdout.readline())
    terminal.send_signal(signal.SIGKILL)
    terminal.wait()
    terminal.stdout.close()

    def gone():
        stat = Path(f"/proc/{voice}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"

    wait_for("the voice's end", gone)


def test_at_volume_0_nothing_is_said(recorder):
    speaker = Speaker((recorder,), lambda: 0, recorder.transcript.append)
    speaker.say([english("loud"), tone(50)])
    wait_for("silence", lambda: not speaker.speaking)
    speaker.close()
    assert recorder.transcript == []


def test_the_office_s_volume_is_the_voice_s():
    assert Espeak().command("fr", 35)[5:7] == ["-a", "70"]


def test_recorded_audio_goes_before_the_synthetic_voice(tmp_path, recorder, monkeypatch):
    played = []
    monkeypatch.setattr("kiosk.speech.voices.play", lambda sound: played.append(sound) or subprocess.Popen(["true"]))
    (tmp_path / "hello.wav").write_bytes(tone(100, (440.0,), 0.1))
    (tmp_path / "recordings.toml").write_text('[en]\n"hello" = "hello.wav"\n"lost" = "lost.wav"\n')
    speaker = Speaker((Recordings(tmp_path), recorder), lambda: 50, recorder.transcript.append)
    speaker.say([english("hello"), english("lost"), english("other")])
    wait_for("all of it", lambda: not speaker.speaking)
    speaker.close()
    assert len(played) == 1
    assert sorted(path.name for path in recorder.folder.glob("0*.wav")) == ["0000.wav", "0001.wav"]


def test_a_recording_is_as_loud_as_the_office_wants():
    def peak(sound):
        with wave.open(io.BytesIO(sound)) as file:
            frames = memoryview(file.readframes(file.getnframes())).cast("h")
        return max(frames)

    loud = tone(100, (440.0,), 0.1)
    assert abs(peak(at_volume(loud, 50)) - peak(loud) // 2) <= 1


def test_an_index_that_is_no_table_is_told(tmp_path):
    (tmp_path / "recordings.toml").write_text("[en\n")
    with pytest.raises(ValueError, match=r"recordings\.toml"):
        Recordings(tmp_path)


def test_who_hears_what():
    name, prompt = Said("a name", "en", private=True), Said("a prompt", "en", private=False)
    reached = {(hearing, said.text) for hearing in Hearing for said in (name, prompt) if said.may_reach(hearing)}
    assert reached == {(Hearing.EAR, "a name"), (Hearing.EAR, "a prompt"), (Hearing.LOBBY, "a prompt")}
