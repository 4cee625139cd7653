"""Virtual cards for the reader of a pcscd with vpcd, where one runs; each is a program of its own."""

import json
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final, cast

from devices.address import host_and_port
from devices.dock.board import Board
from devices.simulators.card.document import SPECIMEN, Printed
from devices.simulators.card.kinds import CARD_NAMES

CARDS: Final = (*CARD_NAMES, "expired")
"""What can be put in."""

EXPIRED: Final = replace(SPECIMEN, key=replace(SPECIMEN.key, expiry="200415"))
"""A passport whose time has run out."""

_PROGRAM_S_NAMES: Final = {"expired": "passport"}

ANSWER_SECONDS: Final = 10.0
LOOK: Final = 1.0
_LISTENING: Final = "0A"


class CardSlot:
    """The reader's one slot. vpcd: HOST:PORT where it listens, None where there is none; pki: of the test country."""

    def __init__(self, vpcd: str | None, pki: Path, board: Board) -> None:
        self._vpcd = vpcd
        self._port = None if vpcd is None else host_and_port(vpcd)[1]
        self._pki = pki
        self._board = board
        self._order = threading.Lock()
        self._kind = ""
        self._process: subprocess.Popen[str] | None = None
        self._control: IO[str] | None = None
        self._stopping = threading.Event()
        self._look()
        threading.Thread(target=self._watch, name="card", daemon=True).start()

    def insert(self, kind: str, fault: str) -> bool:
        """False when there is no reader, or no such card."""
        with self._order:
            self._take_out()
            if self._vpcd is None or not self._listens():
                return False
            command = [sys.executable, "-m", "devices", "card", "--kind", _PROGRAM_S_NAMES.get(kind, kind)]
            printed = printed_in(kind)
            process = subprocess.Popen(
                [
                    *(*command, "--vpcd", self._vpcd, "--pki", str(self._pki), "--out", "--control", "127.0.0.1:0"),
                    *("--document", printed.key.number, "--birth", printed.key.birth, "--expiry", printed.key.expiry),
                    *("--can", printed.can.digits, "--names", printed.names),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
            )
            line = cast(IO[str], process.stdout).readline()
            if not line:
                process.wait()
                return False
            where = host_and_port(json.loads(line)["control"])
            self._control = socket.create_connection(where, ANSWER_SECONDS).makefile("rw")
            self._process, self._kind = process, kind
            self._say(f"fault {fault}")
            self._say("insert")
        self._look()
        return True

    def remove(self) -> None:
        with self._order:
            self._take_out()
        self._look()

    def tear(self) -> None:
        """Out at its next command, in the middle of what it is asked."""
        with self._order:
            self._say("pull-after 0")

    def close(self) -> None:
        self._stopping.set()
        with self._order:
            self._take_out()

    def _take_out(self) -> None:
        if self._process is None:
            return
        self._say("remove")
        self._process.terminate()
        self._process.wait()
        cast(IO[str], self._process.stdout).close()
        if self._control is not None:
            self._control.close()
        self._process, self._control, self._kind = None, None, ""

    def _say(self, line: str) -> dict[str, Any]:
        if self._control is None:
            return {}
        try:
            self._control.write(line + "\n")
            self._control.flush()
            return json.loads(self._control.readline() or "{}")
        except (OSError, ValueError):
            return {}  # the card's program ended; it is taken out as any other

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK):
            self._look()

    def _look(self) -> None:
        with self._order:
            said = self._say("state")
            state = {name: said.get(name, absent) for name, absent in _NO_CARD.items()}
            self._board.show("card", {"reader": self._listens(), "kind": self._kind} | state)

    def _listens(self) -> bool:
        return self._port is not None and _listens(self._port)


def printed_in(kind: str) -> Printed:
    """What a visitor reads in the passport of that kind, and types."""
    return EXPIRED if kind == "expired" else SPECIMEN


_NO_CARD: Final[dict[str, Any]] = {"inserted": False, "connected": False, "commands": 0, "fault": "none"}


def _listens(port: int) -> bool:
    """Whether somebody listens there. Asked of the kernel: whoever connects to vpcd has inserted a card."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[1].endswith(f":{port:04X}") and fields[3] == _LISTENING:
                return True
    return False
