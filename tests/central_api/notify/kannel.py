"""Kannel itself: bearerbox, smsbox and its own operator, fakesmsc, each a process that can be stopped and come back."""

import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD = "istilam", "open-sesame"
_CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = none
smsbox-port = {smsbox}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-level = 0
log-file = "{folder}/bearerbox.log"
store-type = file
store-location = "{folder}/store"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = operator
host = 127.0.0.1
port = {operator}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 0
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = {user}
password = {password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
max-messages = 3
concatenation = true
"""
_MESSAGE = re.compile(r"Got message \d+: <(\S+) (\S+) (?:(ucs-2|text) (.*?)|udh (\S+) data (.*?))>$", re.MULTILINE)


@dataclass(frozen=True)
class Sms:
    """What came out at the operator: one part. `udh` is the header of a part of several."""

    sender: str
    phone: str
    text: str
    udh: bytes = b""


@dataclass
class Kannel:
    folder: Path
    ports: dict[str, int]
    boxes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def start(self, *names: str) -> None:
        configuration = str(self.folder / "kannel.conf")
        commands = {
            "bearerbox": ["/usr/sbin/bearerbox", configuration],
            "smsbox": ["/usr/sbin/smsbox", configuration],
            "operator": [FAKESMSC, "-H", "127.0.0.1", "-r", str(self.ports["operator"]), "-m", "0", "1 2 text none"],
        }
        for name in names or commands:
            with (self.folder / f"{name}.out").open("ab") as out:
                self.boxes[name] = subprocess.Popen(commands[name], stdout=out, stderr=out, cwd=self.folder)
            listens = {"bearerbox": ("smsbox", "operator"), "smsbox": ("sendsms",), "operator": ()}[name]
            for port in listens:
                _wait_for(self.ports[port])

    def stop(self, *names: str, how: signal.Signals = signal.SIGKILL) -> None:
        for name in names or list(self.boxes):
            box = self.boxes.pop(name)
            box.send_signal(how)
            box.wait(20)

    def received(self) -> list[Sms]:
        """Every part that the operator was handed so far."""
        out = (self.folder / "operator.out").read_bytes().decode("utf-8", "replace")
        return [_sms(found) for found in _MESSAGE.finditer(out)]


def _sms(found: re.Match[str]) -> Sms:
    sender, phone, kind, plain, udh, data = found.groups()
    if kind == "text":
        return Sms(sender, phone, plain)
    header = b"" if udh is None else unquote_to_bytes(udh)
    raw = unquote_to_bytes((plain if udh is None else data).replace("+", " "))
    return Sms(sender, phone, raw.decode("utf-16-be"), header)


@contextmanager
def kannel(folder: Path) -> Iterator[Kannel]:
    """A whole gateway, on ports of its own; the operator's phones get everything."""
    for needed in ("/usr/sbin/bearerbox", "/usr/sbin/smsbox", FAKESMSC):
        assert shutil.which(needed), f"{needed} is missing: apt-get install kannel kannel-extras"
    folder.mkdir(parents=True)
    ports = {name: free_port() for name in ("admin", "smsbox", "operator", "sendsms")}
    text = _CONFIGURATION.format(folder=folder, user=USER, password=PASSWORD, **ports)
    (folder / "kannel.conf").write_text(text)
    running = Kannel(folder, ports)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.02)
