"""`python -m kiosk` as a terminal is started: without a command, and until it is told to end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path


def test_without_a_command_it_is_a_terminal_until_it_is_ended(tmp_path: Path) -> None:
    office = ("--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal"), "--scanner", "none")
    command = [sys.executable, "-m", "kiosk", *office, "--size", "540x960", "--json"]
    environment = os.environ | {"SDL_VIDEODRIVER": "offscreen"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as terminal:
        assert terminal.stdout is not None and terminal.stderr is not None
        first = terminal.stdout.readline()
        assert first, terminal.stderr.read()
        assert json.loads(first).keys() == {"home_ms"}
        terminal.send_signal(signal.SIGTERM)
        _, said = terminal.communicate(timeout=60)
    assert terminal.returncode == 0, said
    assert "Traceback" not in said


def test_what_its_libraries_import_for_others_stays_out() -> None:
    """Kivy's clock brought asyncio, which nobody here awaits, and its pictures a guesser of kinds: 2 MB, for good."""
    program = (
        "import json, sys; from kiosk.window import open_window; open_window(54, 96);"
        "from kivy.clock import Clock; import kiosk.http_library;"
        "unused = {'asyncio', 'charset_normalizer', 'filetype'};"
        "print(json.dumps(sorted(unused & sys.modules.keys())));"
        "import asyncio, filetype;"
        "print(json.dumps([asyncio.run(asyncio.sleep(0, 7)), filetype.guess_extension(bytes(9))]))"
    )
    environment = os.environ | {"SDL_VIDEODRIVER": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [[], [7, None]]


def test_nothing_enters_the_environment_once_a_second_thread_runs(tmp_path: Path) -> None:
    """Mesa asked it something while it was moved, and one start in five hundred ended there, before home."""
    program = (
        "import sys, threading; begun, set_after, start = [], [], threading.Thread.start\n"
        "def begin(thread): begun.append(thread.name); start(thread)\n"
        "threading.Thread.start = begin\n"
        "def hear(event, told):\n"
        "    if event in {'os.putenv', 'os.unsetenv'} and begun: set_after.append(told)\n"
        "sys.addaudithook(hear)\n"
        "from kiosk.__main__ import main\n"
        "ended = main(); assert 'head start' in begun; print(set_after); sys.exit(ended)"
    )
    slip = "HTTPS://FOLLOW.LABOUR.EXAMPLE/#26964954198.H4O3TNDI7XP4BJDFPJ5AZW5CQM"
    office = ("--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal"), "--printer", "none")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("KIVY_", "FONTCONFIG_", "SDL_"))}
    done = subprocess.run(
        [sys.executable, "-c", program, "visit", *office, "--slip", slip],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
