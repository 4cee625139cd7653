"""A PC/SC service with one virtual reader, apart from the machine's own: pcscd and vpcd (Debian: vsmartcard-vpcd).

It runs in a mount namespace in which /run is a folder of ours. Programs reach it where PCSCLITE_CSOCK_NAME names its
socket.
"""

import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

READER: Final = "Virtual PCD 00 00"
"""The reader's name, as pcscd gives it."""

PCSCD: Final = Path("/usr/sbin/pcscd")
VPCD: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
STOP_SECONDS: Final = 10.0

_NAMESPACE: Final = ("unshare", "-m" if os.geteuid() == 0 else "-rm")


def may_mount() -> bool:
    """Whether a /run of our own can be had: a container may not be let to mount."""
    return subprocess.run([*_NAMESPACE, "true"], check=False, capture_output=True).returncode == 0


def is_installed() -> bool:
    return PCSCD.exists() and VPCD.exists()


class CardService:
    """`pcscd -f`. folder: for what it writes; run: the machine's own /run, where nothing can be mounted."""

    def __init__(self, folder: Path, run: Path | None = None) -> None:
        self._mounted = run is None
        self._run = run or folder / "run"
        self._run.mkdir(parents=True, exist_ok=True)
        self._log = folder / "pcscd.log"
        self._config = folder / "conf"
        self._config.mkdir(parents=True)
        self.port = _free_pair()
        self.socket = self._run / "pcscd" / "pcscd.comm"
        self.process: subprocess.Popen[bytes] | None = None
        # What dies with its parent dies with the thread that started it: so one starts it that lives as long as we do.
        self._starter = ThreadPoolExecutor(1, "pcscd")

    @property
    def vpcd(self) -> str:
        """HOST:PORT where a virtual card goes in."""
        return f"127.0.0.1:{self.port}"

    def plug_in(self) -> None:
        """From the next start on; nothing tells a running pcscd of a reader that is not on USB."""
        where = f"DEVICENAME /dev/null:0x{self.port:X}\nCHANNELID 0x{self.port:X}\n"
        (self._config / "vpcd").write_text(f'FRIENDLYNAME "Virtual PCD"\n{where}LIBPATH {VPCD}\n')

    def unplug(self) -> None:
        """From the next start on."""
        (self._config / "vpcd").unlink(missing_ok=True)

    def start(self) -> None:
        daemon = f"exec {PCSCD} -f -c {self._config}"
        own_run = f"mount --bind {self._run} /run && "
        dies_with_us = ("setpriv", "--pdeathsig", "TERM", "sh", "-c")
        command = [*_NAMESPACE, *dies_with_us, own_run + daemon] if self._mounted else [*dies_with_us, daemon]
        with self._log.open("ab") as log:
            started = self._starter.submit(subprocess.Popen, command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self.process = started.result()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
            self.process = None


def _free_pair() -> int:
    """vpcd takes a port and the next one."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
