"""What a command says goes to whoever reads it, who may leave before it has said all, as `| head` does."""

import os
import select
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def whose_reader_may_leave() -> Generator[None]:
    """Do what is inside; end with 1, without a word, where nobody reads standard output any more."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if not _is_left():
            raise  # of another pipe
        sys.exit(1)


def _is_left() -> bool:
    outlet = select.poll()
    outlet.register(sys.stdout.fileno(), 0)
    if not outlet.poll(0):  # of a pipe that nobody reads it tells an error
        return False
    # Python flushes once more as it ends, and would tell of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True
