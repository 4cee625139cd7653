"""A tree booted by its own kernel in QEMU, with a graphics card, a console and no network. A minute without KVM."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .roots import run

PANEL = (1080, 1920)
BOOT_SECONDS = 600
# Of a unit that notifies, systemd says this when home is drawn and not before.
READY = re.compile(r"\[ *(\d+\.\d+)\] \S+ systemd\[1\]: Started istilam-kiosk\.service")
# The journal is told on the serial line: nothing else leads out of the machine.
JOURNAL = """\
[Service]
ExecStart=/bin/sh -c 'journalctl -f -n all -o short-monotonic >/dev/ttyS0'
[Install]
WantedBy=multi-user.target
"""


@dataclass
class Machine:
    """A running machine: its serial line's log, and its monitor (QMP)."""

    serial: Path
    monitor: Path
    process: "subprocess.Popen[bytes]"

    def wait_for_home(self) -> float:
        """Wait until home is drawn; returns the machine's uptime then, in seconds."""
        return float(self.wait_for(READY, BOOT_SECONDS)[1])

    def wait_for(self, words: re.Pattern[str], seconds: float) -> re.Match[str]:
        """Wait until the journal says so."""
        until = time.monotonic() + seconds
        while (found := words.search(self.said())) is None:
            assert self.process.poll() is None and time.monotonic() < until, self.said()[-6000:]
            time.sleep(1)
        return found

    def said(self) -> str:
        return self.serial.read_text(errors="replace") if self.serial.exists() else ""

    def photograph(self, picture: Path) -> None:
        """Write what the graphics card shows, as PNG."""
        self.order("screendump", filename=str(picture), format="png")

    def press(self, *keys: str) -> None:
        """Press keys together on the machine's keyboard."""
        self.order("send-key", keys=[{"type": "qcode", "data": key} for key in keys])

    def order(self, command: str, **arguments: object) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(self.monitor))
            words = line.makefile("rw")
            words.readline()  # the greeting
            for order in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                words.write(json.dumps(order) + "\n")
                words.flush()
                answer = json.loads(words.readline())
                while "event" in answer:
                    answer = json.loads(words.readline())
                assert "return" in answer, answer


@contextmanager
def powered(root: Path, folder: Path) -> Iterator[Machine]:
    """Make a disk of a tree with kernel and package, and switch a machine on; it is switched off in the end."""
    (root / "etc/systemd/system/journal-to-serial.service").write_text(JOURNAL)
    (root / "etc/systemd/system/multi-user.target.wants/journal-to-serial.service").symlink_to(
        "/etc/systemd/system/journal-to-serial.service"
    )
    disk, serial, monitor = folder / "disk", folder / "serial.log", folder / "monitor"
    run("mkfs.ext4", "-q", "-L", "istilam", "-d", root, disk, "3G")
    width, height = PANEL
    machine = subprocess.Popen(
        [
            *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024"),
            *("-kernel", root / "vmlinuz", "-initrd", root / "initrd.img"),
            *("-append", "root=LABEL=istilam rw quiet"),
            *("-drive", f"file={disk},format=raw,if=virtio", "-nic", "none", "-display", "none"),
            *("-vga", "none", "-device", f"VGA,edid=on,xres={width},yres={height}"),
            *("-serial", f"file:{serial}", "-qmp", f"unix:{monitor},server=on,wait=off"),
        ],
        stdin=subprocess.DEVNULL,
    )
    try:
        yield Machine(serial, monitor, machine)
    finally:
        machine.kill()
        machine.wait()
