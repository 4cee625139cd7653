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
