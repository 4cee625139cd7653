"""What a scanned code is: a slip of ours, or why not."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from kiosk.visit_state import ProblemKind

if TYPE_CHECKING:
    from central_api.contract.slips import Slip


def read_slip(code: bytes, hosts: Collection[str]) -> "Slip | ProblemKind":
    """Read a code as a slip of one of `hosts`; FOREIGN, DAMAGED or NOT_A_SLIP otherwise, whatever its bytes are."""
    from central_api.contract.errors import DamagedSlip, ForeignSlip, NotASlip
    from central_api.contract.slips import parse_slip

    try:
        return parse_slip(code.decode(), hosts)
    except ForeignSlip:
        return ProblemKind.FOREIGN
    except DamagedSlip:
        return ProblemKind.DAMAGED
    except (NotASlip, UnicodeDecodeError):
        return ProblemKind.NOT_A_SLIP
