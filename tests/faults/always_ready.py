"""A driver that always answers "ready" and does nothing: with it in place of every driver, each row must turn red.

As a program it is that driver; as a plugin (`pytest -p tests.faults.always_ready`) it puts it in their place.
"""

import subprocess
import sys
from typing import Any

READY = {"printer": {"state": "Ready", "why": ""}, "card": {"state": "ReaderEmpty", "why": ""}}


def main(kind: str, fd: str) -> None:
    from devices.driver import Host

    host = Host(int(fd))
    host.tell({"is": "state", **READY.get(kind, {"state": "ready", "why": ""})})
    while True:
        host.asked.clear()
        host.wait(-1, False, 60)


def pytest_configure() -> None:
    from devices import child
    from tests.devices import peers

    peers.WAIT = 1.0
    start = subprocess.Popen

    def instead(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        return start(["tests.faults.always_ready" if word == "devices.driver" else word for word in command], **options)

    class Subprocess:
        Popen = staticmethod(instead)
        DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired

    child.subprocess = Subprocess  # type: ignore[assignment]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
