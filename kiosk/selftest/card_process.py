"""`python -m kiosk.selftest.card_process PREFIX SECONDS`: one look at the card reader; says what it found in JSON.

PC/SC by its own calls: the wrapper's monitor threads die for good when pcscd is restarted. This module keeps the
untyped surface of pyscard to itself.
"""

import json
import sys
import time
from typing import Any, Final

_LOOK_SECONDS: Final = 0.5


def look(prefix: str, seconds: float) -> str:
    """Return `good`, `no_card`, `card_silent`, `missing` or `no_service`."""
    from smartcard import scard  # pyright: ignore[reportMissingTypeStubs]

    pcsc: Any = scard
    failed, context = pcsc.SCardEstablishContext(pcsc.SCARD_SCOPE_USER)
    if failed:
        return "no_service"
    failed, names = pcsc.SCardListReaders(context, [])
    readers = [name for name in names if name.startswith(prefix)] if not failed else []
    if not readers:
        return "missing"
    until = time.monotonic() + seconds
    silent = False
    states: list[Any] = [(name, pcsc.SCARD_STATE_UNAWARE) for name in readers]
    while True:
        failed, told = pcsc.SCardGetStatusChange(context, round(_LOOK_SECONDS * 1000), states)
        if failed not in {pcsc.SCARD_S_SUCCESS, pcsc.SCARD_E_TIMEOUT}:
            return "no_service"
        for _, state, atr in told:
            silent |= bool(state & pcsc.SCARD_STATE_MUTE)
            if state & pcsc.SCARD_STATE_PRESENT and atr:
                return "good"
        if time.monotonic() >= until:
            return "card_silent" if silent else "no_card"
        states = [(name, state) for name, state, _ in told]


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1], float(sys.argv[2]))))
