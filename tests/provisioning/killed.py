"""A machine that loses its power: enrolment in a process of its own, killed before its Nth line, as a mains cut would.

Takes lines of standard input, `N DATA CODE [anew]`: for each a child enrols. It kills itself when the Nth line of
provisioning, of the identity or of what writes their files is about to run. With `all` for N it says `line` before each
of them, and waits for a byte. In the end it says `killed`, `enrolled` or `failed`.
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

WATCHED = ("provisioning/", "kiosk/identity.py")
# What writes files is called for each of them: a line there counts once for each line that called it.
WRITING = "devices/durable.py"


def enrol(data: Path, code: str, *, anew: bool = False) -> None:
    from central_api.contract.enrolment import parse_enrolment
    from provisioning.enrolment import Enrolling

    given = parse_enrolment(code)
    Enrolling(data, given, lambda _: None, anew=anew, place="file", sleep=lambda _: None).run()


def watch(stops_at: str) -> None:
    """Stop this process before its lines: for good before the Nth, or for a byte before `all`."""
    seen: set[tuple[object, ...]] = set()

    def traced(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        writes = file.endswith(WRITING)
        if not writes and not any(part in file for part in WATCHED):
            return None
        line = (file, frame.f_lineno, *(_callers(frame) if writes else ()))
        if event == "line" and line not in seen:
            seen.add(line)
            if stops_at == "all":
                os.write(1, b"line\n")
                os.read(0, 1)
            elif len(seen) == int(stops_at):
                os.kill(os.getpid(), signal.SIGKILL)
        return traced

    sys.settrace(traced)


def _callers(frame: FrameType) -> tuple[int, ...]:
    """The lines that called, up to the step of the enrolment."""
    lines: list[int] = []
    caller = frame.f_back
    while caller is not None and not caller.f_code.co_filename.endswith("provisioning/enrolment.py"):
        lines.append(caller.f_lineno)
        caller = caller.f_back
    return (*lines, caller.f_lineno if caller is not None else 0)


def main() -> None:
    for line in sys.stdin:
        stops_at, data, code, *anew = line.split()
        child = os.fork()
        if child == 0:
            watch(stops_at)
            enrol(Path(data), code, anew=bool(anew))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = "killed" if os.WIFSIGNALED(status) else "failed"
        print(ended if status else "enrolled", flush=True)


if __name__ == "__main__":
    # Once for all children: what an enrolment imports is most of its time.
    for name in ("cryptography.x509", "requests", "kiosk.link", "kiosk.tls", "provisioning.enrolment"):
        import_module(name)
    main()
