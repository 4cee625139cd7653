"""The project's programs, each begun as a fork of a process that has imported it already.

`python -m central_api act` imports for half a second and works for some milliseconds, so that a journey of ten commands
would be imports above all. What begins here is a process like any other: its own arguments, environment, streams,
session, signals and exit status. That a program also begins from nothing is proved where the command line itself is
tested, and by all that starts with `sys.executable`.
"""

import array
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Literal

TERMINAL = (
    "kiosk.cards",
    "kiosk.code_lookup",
    "kiosk.errands",
    "kiosk.flow",
    "kiosk.head_start",
    "kiosk.help_line",
    "kiosk.lookup",
    "kiosk.paper_check",
    "kiosk.requirements_paper",
    "kiosk.speech.beginning",
    "kiosk.sync",
    "kiosk.terminal",
    "kiosk.visit",
    "kiosk.visit_app",
    "PIL.ImageDraw",
    "PIL.PngImagePlugin",
    "sqlite_utils",
)
"""All but what needs Kivy, which is there only once a process has its own window."""

AHEAD = {
    "central_api": (
        "central_api.console",
        "central_api.documents.enrolment",
        "central_api.documents.slip",
        "central_api.web",
        "rich.progress",
        "uvicorn.lifespan.on",
        "uvicorn.loops.auto",
        "uvicorn.protocols.http.auto",
        "uvicorn.protocols.websockets.auto",
    ),
    "devices": (
        "devices.cardtest",
        "devices.printing",
        "devices.simulators.card.chip",
        "devices.simulators.card.document",
        "devices.simulators.card.serve",
        "devices.simulators.serve",
        "devices.technician",
        "devices.testpage",
        "PIL.PngImagePlugin",
    ),
    "kiosk": TERMINAL,
    "tests.journeys.lobby": ("kiosk.__main__", "tests.kiosk.speech.recorder", *TERMINAL),
}
"""What a program imports when it needs it, beside what it imports at once."""

_MESSAGE = 1 << 20


@dataclass(frozen=True)
class Done:
    """How a program ended, as `subprocess.run` tells it."""

    args: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str


def run(
    program: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    typed: str = "",
    timeout: float = 240,
) -> Done:
    """Do as `python -m PROGRAM ARGUMENTS` does, to its end. `env`: all of its environment; `typed`: what it is told."""
    with (
        tempfile.TemporaryFile("w+") as told,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as errors,
    ):
        told.write(typed)
        told.seek(0)
        running = Program(program, *arguments, stdin=told, stdout=out, stderr=errors, env=env, cwd=cwd)
        try:
            status = running.wait(timeout)
        finally:
            running.kill()
        out.seek(0)
        errors.seek(0)
        return Done((program, *arguments), status, out.read(), errors.read())


class Program:
    """A program at work, told of and ended as by `subprocess.Popen`; its standard output is read here unless given.

    `stdin`: a file that it reads, or that the test writes; nothing comes otherwise.
    """

    def __init__(
        self,
        program: str,
        *arguments: str,
        stdin: IO[str] | Literal[True] | None = None,
        stdout: IO[str] | None = None,
        stderr: IO[str] | int | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        new_session: bool = False,
    ) -> None:
        self.args = (program, *arguments)
        self.returncode: int | None = None
        self._waiting = threading.Lock()
        ours: list[int] = []
        with Path(os.devnull).open("r+") as nothing:
            streams = [nothing.fileno(), nothing.fileno(), 2]
            self.stdin = self.stdout = None
            if stdin is True:
                streams[0], writes = os.pipe()
                ours.append(streams[0])
                self.stdin = os.fdopen(writes, "w")
            elif stdin is not None:
                streams[0] = stdin.fileno()
            if stdout is None:
                reads, streams[1] = os.pipe()
                ours.append(streams[1])
                self.stdout = os.fdopen(reads)
            else:
                streams[1] = stdout.fileno()
            if stderr == subprocess.STDOUT:
                streams[2] = streams[1]
            elif stderr is not None:
                streams[2] = stderr if isinstance(stderr, int) else stderr.fileno()
            self._ended, told = os.pipe()
            ours.append(told)
            wanted = {
                "arguments": arguments,
                "environment": dict(os.environ if env is None else env),
                "folder": str(cwd or Path.cwd()),
                "session": new_session,
            }
            self.pid = _nursery(program).begin(wanted, [*streams, told])
            for fd in ours:
                os.close(fd)

    def poll(self) -> int | None:
        """Tell the exit status, once there is one: of a signal, less than 0."""
        with self._waiting:
            if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
                self._learn()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit status.

        Raises:
            TimeoutExpired: it still works after so many seconds.
        """
        with self._waiting:
            if self.returncode is None:
                if not select.select([self._ended], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(list(self.args), timeout or 0)
                self._learn()
        assert self.returncode is not None
        return self.returncode

    def _learn(self) -> None:
        self.returncode = int(os.read(self._ended, 32) or b"-9")  # nothing comes of a nursery that was ended
        os.close(self._ended)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, *, timeout: float | None = None) -> tuple[str, None]:
        """Read all that it says until it has ended."""
        assert self.stdout is not None
        said = self.stdout.read()
        self.wait(timeout)
        return said, None

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self.stdin, self.stdout):
            if stream is not None:
                stream.close()
        self.wait()

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Nursery:
    """The process that has imported a program, as who begins one sees it."""

    def __init__(self, program: str) -> None:
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MESSAGE)
        self._process = subprocess.Popen([sys.executable, "-m", "tests.forked", program], stdin=theirs)
        theirs.close()
        self._asking = threading.Lock()
        atexit.register(self._end)

    def begin(self, wanted: dict[str, object], streams: list[int]) -> int:
        with self._asking:
            socket.send_fds(self._wire, [json.dumps(wanted).encode()], streams)
            said = self._wire.recv(64)
        assert said, "the process that forks has ended"
        return int(said)

    def _end(self) -> None:
        self._wire.close()
        self._process.wait()


@cache
def _nursery(program: str) -> _Nursery:
    return _Nursery(program)


def _main(program: str) -> None:
    """Fork for whoever asks on standard input, and tell each asker how it ended; till nobody can ask any more."""
    wire = socket.socket(fileno=os.dup(0))
    module = import_module(program)
    if hasattr(module, "__path__"):
        module = import_module(f"{program}.__main__")
    for name in AHEAD.get(program, ()):
        import_module(name)
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    told: dict[int, int] = {}
    while True:
        ready = select.select([wire, wake], [], [])[0]
        if wake in ready:
            os.read(wake, 64)
            while told and (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                fd = told.pop(pid)
                os.write(fd, b"%d" % os.waitstatus_to_exitcode(status))
                os.close(fd)
        if wire in ready:
            message, fds, _, _ = socket.recv_fds(wire, _MESSAGE, 4)
            if not message:
                os._exit(0)  # what it covered, each of its children has told
            *streams, tell = array.array("i", fds)
            if pid := os.fork():
                told[pid] = tell
                for fd in streams:
                    os.close(fd)
                wire.send(b"%d" % pid)
                continue
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for fd in (wake, woken, tell, *told.values()):
                os.close(fd)
            wire.close()
            break
    wanted = json.loads(message)
    if wanted["session"]:
        os.setsid()
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    sys.argv = [module.__file__ or program, *wanted["arguments"]]
    sys.exit(module.main())


if __name__ == "__main__":
    _main(sys.argv[1])
