"""The card reader: is there one, and does a card in it answer? Asked in a process of its own, which can be ended.

A mute card or a hung pcscd blocks the call that waits for it, and cancelling does not help.
"""

import json
import subprocess
import sys
from typing import Final, cast

from central_api.contract.readiness import Part

from .findings import Finding

_START_SECONDS: Final = 5.0


def check_cards(wanted: str, seconds: float) -> Finding:
    """Look for a reader whose name begins with `wanted`, "none" for any, and wait so long for a card's answer."""
    prefix = "" if wanted == "none" else wanted
    command = [sys.executable, "-P", "-m", "kiosk.selftest.card_process", prefix, str(seconds)]
    try:
        told = subprocess.run(command, capture_output=True, timeout=seconds + _START_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        return Finding(Part.CARD_READER, "card_silent")
    detail = cast(str, json.loads(told.stdout))
    if detail in {"missing", "no_service"} and not prefix:
        detail = "absent"
    return Finding(Part.CARD_READER, detail)
