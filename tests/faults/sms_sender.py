"""Sends what is due, with a clock that runs twenty times as fast as others do, until it is killed.

python -m tests.faults.sms_sender FOLDER EPOCH: office's time is EPOCH plus twenty seconds for each that went by since.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from central_api.notify import Gateway, Sender, sms_settings
from central_api.store import open_office

TIMES = 20


def fast_clock(epoch: float) -> Callable[[], int]:
    return lambda: int(epoch + TIMES * (time.time() - epoch))


def main() -> None:
    data, epoch = Path(sys.argv[1]), float(sys.argv[2])
    address = sms_settings(data)
    assert address is not None
    with open_office(data, create=False, clock=fast_clock(epoch)) as office:
        Sender(office, Gateway(address)).run()


if __name__ == "__main__":
    main()
