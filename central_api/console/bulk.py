"""Approving many files at once, after a look at what differs among them. Each file counts, or not, by itself."""

from collections import Counter
from concurrent.futures import Future
from typing import Final

from starlette.responses import Response

from central_api.contract.numbers import parse_tracking_number
from central_api.store import ActionRefused, Filed, deeds
from central_api.store.deeds import Deed, seen_of
from central_api.store.names import names_of
from central_api.workflow import Act, Action, Offer, Role
from central_api.workflow.chain import FORWARD

from .asked import Asked, new_form

_MOST: Final = 500
_TAKES_FORWARD: Final = frozenset(FORWARD.values())


def review(asked: Asked) -> Response:
    """Show the chosen files, what can be done to each, and what sets some apart from most."""
    files = _chosen(asked)
    forward = [(filed, _forward(asked, filed)) for filed in files]
    ready = [(filed, offer) for filed, offer in forward if offer is not None and offer.blocked is None]
    traits = [_traits(filed) for filed in files]
    usual = {name: Counter(one[name] for one in traits).most_common(1)[0][0] for name in (traits[0] if traits else ())}
    rows = [(filed, *names_of(asked.desk.office.own_reader, filed.row), _apart(filed, usual)) for filed, _ in ready]
    rows.sort(key=lambda row: not row[3])
    left_out = [filed for filed, offer in forward if offer is None or offer.blocked is not None]
    return asked.page("bulk.html", rows=rows, left_out=left_out, seen_of=seen_of, form=new_form(), most=_MOST)


def approve(asked: Asked) -> Response:
    """Take each file forward that still stands as it was shown. Sent again, it goes on where it was cut off."""
    office, number, form = asked.desk.office, asked.account.row, asked.value("form")
    queued: list[tuple[str, Future[str]]] = []
    for one in asked.values("file")[:_MOST]:
        tracking, _, seen = one.partition(":")
        deed = Deed(
            parse_tracking_number(tracking), Act(Action.APPROVE, Role.INTAKE, 0), number, f"{form}/{tracking}", seen
        )
        # All are asked for before the first is waited for: they share their commits.
        queued.append(
            (deed.tracking, office.execute_write(lambda connection, deed=deed: deeds.do(connection, office, deed)))
        )
    done: list[str] = []
    refused: list[tuple[str, ActionRefused]] = []
    for tracking, future in queued:
        try:
            future.result()
            done.append(tracking)
        except ActionRefused as error:
            refused.append((tracking, error))
    return asked.page("bulk_done.html", done=done, refused=refused)


def _chosen(asked: Asked) -> list[Filed]:
    numbers = [parse_tracking_number(one) for one in asked.values("file")[:_MOST]]
    return [asked.desk.office.known(one) for one in dict.fromkeys(numbers)]


def _forward(asked: Asked, filed: Filed) -> Offer | None:
    office = asked.desk.office
    offers = deeds.offers(office.own_reader, office, filed, asked.account)
    return next((one for one in offers if one.action in _TAKES_FORWARD), None)


def _apart(filed: Filed, usual: dict[str, object]) -> list[str]:
    """Return in what a file is not like most of those chosen."""
    return [name for name, trait in _traits(filed).items() if trait != usual[name]]


def _traits(filed: Filed) -> dict[str, object]:
    """Return what is compared between files that are approved together."""
    filing, standing = filed.filing, filed.standing
    return {
        "service": (filing.family, filing.kind),
        "region": filing.region,
        "filed_at": filing.filed_at,
        "acting": any(done.acting for done in standing.done),
        "reported": any(done.reported_by for done in standing.done),
        "pending": bool(standing.pending),
    }
