"""The visitor's phone: what the office of this machine sends by SMS comes here, through a gateway of the dock's own."""

import os
import secrets
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from devices.dock.board import Board
from devices.simulators.gateway import VirtualGateway

SHOWN: Final = 5
STOP_SECONDS: Final = 10.0
_FILE, _PASSWORD = "sms.toml", "sms-password-of-the-dock"
_MARK: Final = "# Written by the dock: its own gateway, on this machine. It is taken away when the dock ends."


class Phone:
    """data: the folder of an office on this machine; an office that has a gateway already keeps it."""

    def __init__(self, data: Path, office: str, board: Board) -> None:
        self._board = board
        self._order = threading.Lock()
        self._messages: list[str] = []
        self._settings = data / _FILE
        self._secret = data / _PASSWORD
        self._sending: subprocess.Popen[bytes] | None = None
        password = secrets.token_urlsafe(16)
        self._gateway = VirtualGateway("dock", password, self._receive)
        if not data.is_dir() or (self._settings.exists() and not self._settings.read_text().startswith(_MARK)):
            self._gateway.server_close()
            return
        self._secret.unlink(missing_ok=True)
        with os.fdopen(os.open(self._secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        lines = (
            _MARK,
            f'url = "{self._gateway.url}"',
            'username = "dock"',
            f'password_file = "{_PASSWORD}"',
            'sender = "DOCK"',
            f'reports = "{office.rstrip("/")}"',
        )
        self._settings.write_text("\n".join(lines) + "\n")
        self._gateway.start()
        board.show("phone", [])
        self._sending = subprocess.Popen(
            [sys.executable, "-m", "central_api", "sms", "run", "--data", str(data)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        if self._sending is None:
            return
        self._sending.terminate()
        try:
            self._sending.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._sending.kill()
            self._sending.wait()
        self._gateway.stop()
        self._settings.unlink(missing_ok=True)
        self._secret.unlink(missing_ok=True)

    def _receive(self, _phone: str, text: str) -> None:
        with self._order:
            self._messages = [text, *self._messages][:SHOWN]
            self._board.show("phone", self._messages)
        self._board.note("sms")
