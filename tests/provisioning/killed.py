"""A machine that loses its power: enrolment in a process of its own, killed before its Nth line, as a mains cut would.

Takes lines of standard input, `N DATA CODE`: for each a child enrols, and kills itself when the Nth line of
provisioning or of the identity is about to run for the first time (0: never). Says how each child ended.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

WATCHED = ("provisioning/", "kiosk/identity.py")


def enrol(data: Path, code: str) -> None:
    from central_api.contract.enrolment import parse_enrolment
    from provisioning.enrolment import Enrolling

    Enrolling(data, parse_enrolment(code), lambda _: None, place="file", sleep=lambda _: None).run()


def dying_at(line: int) -> None:
    """Let this process kill itself when so many watched lines have run."""
    seen: set[tuple[str, int]] = set()

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        if not any(part in frame.f_code.co_filename for part in WATCHED):
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(seen) == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    sys.settrace(watch)


def main() -> None:
    for line in sys.stdin:
        at, data, code = line.split()
        child = os.fork()
        if child == 0:
            dying_at(int(at))
            enrol(Path(data), code)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)


if __name__ == "__main__":
    # Once for all children.

    import provisioning.enrolment  # noqa: F401

    main()
