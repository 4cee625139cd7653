"""What a status says of an objection to its rejection, as messages among its reasons."""

from typing import TYPE_CHECKING, Final

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office, State

if TYPE_CHECKING:
    from central_api.contract.status import Status

_UINT32: Final = 2**32 - 1


def examined(status: "Status") -> tuple[Office, int] | None:
    """Return with whom an objection to the rejection is, and since when (seconds since 1970, UTC)."""
    code = catalogue().reasons.code("objection_under_review")
    for reason in status.reasons:
        match reason.arguments:
            case (office, since) if reason.code == code and since <= _UINT32:
                return Office.of(office), since
            case _:
                pass
    return None


def dismissed(status: "Status") -> bool:
    """Say whether an objection to the rejection was decided on, and changed nothing."""
    code = catalogue().reasons.code("objection_dismissed")
    return status.state is State.REJECTED and any(reason.code == code for reason in status.reasons)


def may_object(status: "Status") -> bool:
    """Say whether a rejection can still be objected to: not where that was done, and decided on."""
    return status.state is State.REJECTED and not (examined(status) or dismissed(status))
