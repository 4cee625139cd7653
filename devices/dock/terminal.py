"""The terminal as a process, and its picture and touches through its practice door."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BufferedRWPair
from pathlib import Path
from typing import IO, Any, Final, cast

from devices.dock.board import Board

PICTURE_WIDTH: Final = 540
STOP_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 30.0
KNOCK: Final = 0.2
"""Seconds between two attempts at the door of a terminal that is starting."""


@dataclass(frozen=True, slots=True)
class Picture:
    """number: grows with each picture, also over a restart of the terminal."""

    number: int
    jpeg: bytes


class TerminalProcess:
    """arguments: of `python -m kiosk`, without its door; environment: what is more in it than in ours.

    log: file for what it writes on standard error. `more`: arguments that may be others at its next start.
    """

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], door: Path, log: Path, board: Board
    ) -> None:
        self.more: Sequence[str] = ()
        self._arguments = (*arguments, "--practice-door", str(door))
        self._environment = {**os.environ, **environment}
        self._door = str(door)
        self._log = log
        self._board = board
        self._process: subprocess.Popen[str] | None = None
        self._wanted = False
        self._order = threading.Lock()
        self._changed = threading.Condition()
        self._picture: Picture | None = None
        self._screen = ""

    def start(self) -> None:
        with self._order:
            if self._wanted:
                return
            self._wanted = True
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "kiosk", *self._arguments, *self.more],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,  # with its drivers it is a group, which loses its power as one
            )
            threading.Thread(target=self._read_journal, args=(process,), name="journal", daemon=True).start()
            threading.Thread(target=self._watch_screen, args=(process,), name="screen", daemon=True).start()
        self._board.note("terminal_started")

    @property
    def is_wanted(self) -> bool:
        """Started, and neither stopped nor without power."""
        return self._wanted

    def lose_power(self) -> None:
        """As when the plug is pulled: every process of it ends where it stands."""
        with self._order:
            process, self._process, self._wanted = self._process, None, False
        if process is not None:
            _kill(process)
            self._board.note("power_lost")

    def stop(self) -> None:
        """In order, as a service is stopped."""
        with self._order:
            process, self._process, self._wanted = self._process, None, False
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _kill(process)

    def tap(self, x: float, y: float) -> bool:
        """Touch there, in shares from the top left. False when no terminal answers."""
        try:
            with self._knock() as line, line.makefile("rwb") as talk:
                return "tapped" in _ask(talk, {"tap": [x, y]})
        except (OSError, ValueError):
            return False

    def newer(self, after: int, seconds: float) -> Picture | None:
        """The picture, once it is newer than `after`; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._picture is not None and self._picture.number > after, seconds)
            return self._picture if self._picture is not None and self._picture.number > after else None

    # ---- what is seen ----

    def _watch_screen(self, process: "subprocess.Popen[str]") -> None:
        self._board.show("terminal", {"state": "starting"})
        while process.poll() is None:
            try:
                with self._knock() as line, line.makefile("rwb") as talk:
                    self._look(talk)
            except (OSError, ValueError):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(KNOCK)
        with self._order:
            ended_by_itself = self._process is process
            if ended_by_itself:
                self._process, self._wanted = None, False
        if ended_by_itself:
            self._board.note("terminal_ended", str(process.returncode))
            _kill(process)
        if not self._wanted:
            self._screen = ""
            self._board.show("terminal", {"state": "off"})

    def _look(self, talk: BufferedRWPair) -> None:
        seen = 0
        while True:
            told = _ask(talk, {"after": seen, "width": PICTURE_WIDTH})
            seen = told.pop("frame")
            length = told.pop("bytes")
            if not length:
                continue
            jpeg = talk.read(length)
            with self._changed:
                number = 1 if self._picture is None else self._picture.number + 1
                self._picture = Picture(number, jpeg)
                self._changed.notify_all()
            self._board.show("terminal", {"state": "on", "frame": number} | told)
            screen = " ".join(filter(None, (told["screen"], told["shows"])))
            if screen != self._screen:
                self._screen = screen
                self._board.note("screen", screen)

    def _knock(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWER_SECONDS)
        try:
            line.connect(self._door)
        except OSError:
            line.close()
            raise
        return line

    def _read_journal(self, process: "subprocess.Popen[str]") -> None:
        with self._log.open("a") as log, cast(IO[str], process.stderr) as journal:
            for line in journal:
                log.write(line)
                log.flush()
                with contextlib.suppress(ValueError):
                    said = json.loads(line)
                    self._board.note("journal", " ".join(f"{name}={value}" for name, value in said.items()))


def _ask(talk: BufferedRWPair, question: dict[str, Any]) -> dict[str, Any]:
    """Raises OSError or ValueError when the door shuts."""
    talk.write(json.dumps(question).encode() + b"\n")
    talk.flush()
    return json.loads(talk.readline())


def _kill(process: "subprocess.Popen[str]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
