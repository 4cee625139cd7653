"""The enrolment code for the technician: on paper, and in the letters of a terminal's screen."""

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from central_api.contract.enrolment import Enrolment, enrolment_text, typed_form

from .paper import qr_content, qr_matrix, write_paper

_BEIRUT: Final = ZoneInfo("Asia/Beirut")
_GROUPS_A_LINE: Final = 5
_HALVES: Final = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}


def write_enrolment(path: Path, enrolment: Enrolment, terminal: str, site: str, expires: int) -> None:
    """Draw an enrolment code into `path`, a .png or .pdf that a receipt printer takes as it is.

    `expires` is seconds since 1970, UTC. Raises ValueError, FontsMissing, OSError.
    """
    groups = typed_form(enrolment).split(" ")
    content: dict[str, object] = {
        "terminal": terminal,
        "site": site,
        "origin": enrolment.origin,
        "typed": [" ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE)],
        "until": f"{datetime.fromtimestamp(expires, _BEIRUT):%d/%m/%Y %H:%M}",
    }
    write_paper(path, "enrolment.typ", content | qr_content(enrolment_text(enrolment)))


def screen_code(enrolment: Enrolment) -> str:
    """Draw an enrolment's QR code in half blocks, light on dark, for the screen that the command was given on."""
    rows = qr_matrix(enrolment_text(enrolment))
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    return "\n".join(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[0::2], rows[1::2], strict=True)
    )
