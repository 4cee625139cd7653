"""A machine that loses its power: enrolment in a process of its own, killed before its Nth line, as a mains cut would.

Takes lines of standard input, `N DATA CODE [anew]`: for each a child enrols, and kills itself when the Nth line of
provisioning, of the identity or of what writes their files is about to run (0: never). Says `killed`, or `enrolled` and
how many lines there were.
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


def dying_at(line: int) -> set[tuple[object, ...]]:
    """Let this process kill itself when so many watched lines have run; returns the lines that have, as they grow."""
    seen: set[tuple[object, ...]] = set()

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        writes = file.endswith(WRITING)
        if not writes and not any(part in file for part in WATCHED):
            return None
        if event == "line":
            seen.add((file, frame.f_lineno, *(_callers(frame) if writes else ())))
            if len(seen) == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    sys.settrace(watch)
    return seen


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
        at, data, code, *anew = line.split()
        child = os.fork()
        if child == 0:
            seen = dying_at(int(at))
            enrol(Path(data), code, anew=bool(anew))
            sys.settrace(None)
            print("enrolled", len(seen), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print("killed" if os.WIFSIGNALED(status) else "failed", flush=True)


if __name__ == "__main__":
    # Once for all children: what an enrolment imports is most of its time.
    for name in ("cryptography.x509", "requests", "kiosk.link", "kiosk.tls", "provisioning.enrolment"):
        import_module(name)
    main()
