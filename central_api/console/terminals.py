"""Terminals: who is silent, low on paper, behind or odd, and since when."""

from contextlib import closing

from starlette.responses import Response

from central_api.store.fleet import fleet
from central_api.store.live import Live

from .asked import Asked


def show(asked: Asked) -> Response:
    """Show every terminal, those that need a look first, then those that are not at work."""
    office = asked.desk.office
    with closing(Live(office.data)) as live:
        states = fleet(office.own_reader, live, office.clock())
    states.sort(key=lambda state: (not state.conditions, state.state == "accepted", state.place.name))
    return asked.page("terminals.html", states=states, now=office.clock())
