"""What a scanned code is: a slip of ours, a status receipt of ours, or why it is neither."""

import re
from collections.abc import Collection
from dataclasses import field
from typing import TYPE_CHECKING, Final

from kiosk.visit_state import ProblemKind

from ..frozen import frozen

if TYPE_CHECKING:
    from central_api.contract.slips import Slip

# What is left of a slip's address whose end, or whose key, is lost; its number may be cut too.
_DAMAGED: Final = re.compile(rb"#([0-9]{1,11})(?![0-9])")


@frozen
class PaperCode:
    """The text of a status receipt's code, of one of our hosts; whether it holds is judged by its signature."""

    text: str = field(repr=False)


def read_code(code: bytes, hosts: Collection[str]) -> "Slip | PaperCode | ProblemKind":
    """Read a code as one of `hosts`' own; FOREIGN, DAMAGED or NOT_A_SLIP otherwise, whatever its bytes are."""
    from central_api.contract.errors import DamagedSlip, ForeignSlip, NotASlip
    from central_api.contract.slips import parse_slip

    try:
        text = code.decode()
        if text.partition("#")[0].upper() in {f"HTTPS://{host.upper()}/R" for host in hosts}:
            return PaperCode(text)
        return parse_slip(text, hosts)
    except ForeignSlip:
        return ProblemKind.FOREIGN
    except DamagedSlip:
        return ProblemKind.DAMAGED
    except (NotASlip, UnicodeDecodeError):
        return ProblemKind.NOT_A_SLIP


def known_digits(code: bytes) -> str:
    """Return the digits of the tracking number that can be read of a damaged slip's code, from the first; or none."""
    found = _DAMAGED.search(code)
    return found[1].decode() if found else ""
