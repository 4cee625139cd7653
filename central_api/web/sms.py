"""Delivery reports of the gateway: their address is made anew for each message, and cannot be guessed."""

import asyncio
import re
from typing import Annotated, Final

import msgspec
from starlette.responses import Response

from central_api.store import outbox
from central_api.store.outbox import Delivery

from .desk import Desk
from .problems import Code, Refusal

REPORT_PATTERN: Final = "[0-9a-f]{32}"
# Kannel's words: to the phone, not to the phone, waiting at the operator's, taken by the operator, refused by it.
_TOLD: Final = {
    1: Delivery.DELIVERED,
    2: Delivery.FAILED,
    4: Delivery.SENT,
    8: Delivery.SENT,
    16: Delivery.FAILED,
}


class ReportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`attempt`: which attempt the gateway speaks of; `type`: what became of it, in Kannel's numbers."""

    attempt: Annotated[int, msgspec.Meta(ge=1, le=63)]
    type: Annotated[int, msgspec.Meta(ge=0, le=255)]


async def take_sms_report(desk: Desk, *, path: str, query: ReportQuery, terminal: str | None) -> Response:
    """Write down what became of a message; a type that says nothing of that is taken and passed over."""
    if not re.fullmatch(REPORT_PATTERN, path, re.ASCII):
        raise Refusal(Code.NO_MESSAGE)
    report, now = bytes.fromhex(path), desk.office.clock()
    state = _TOLD.get(query.type)
    if state is not None:
        work = desk.office.execute_write(lambda c: outbox.reported(c, report, query.attempt, state, now))
        if not await asyncio.wrap_future(work):
            raise Refusal(Code.NO_MESSAGE)
    desk.metrics.sms_reports.labels(state.name.lower() if state else "other").inc()
    # By 202 Kannel knows that no answer is to be sent back to the phone.
    return Response(status_code=202)
