"""python -m central_api terminal help: visitors who called for a person."""

from contextlib import closing

from cyclopts import App

from central_api.store import open_office, terminals
from central_api.store.live import Live

from .answers import Data, Failed, Json, say

app = App(name="help", help="Visitors who called for a person.")


@app.command(name="list")
def list_calls(*, data: Data, as_json: Json = False) -> None:
    """Say at which terminals visitors wait for a person, the longest first."""
    with open_office(data, create=False) as office, closing(Live(office.data)) as live:
        now = office.clock()
        calls = live.calls(now)
        sites = {place.name: place.site for place in terminals.places(office.own_reader)}
    shown = [{"terminal": c.terminal, "site": sites.get(c.terminal), "waits": now - c.since} for c in calls]
    lines = [f"{len(calls)} wait for a person"]
    lines += [f"{one['terminal']:8} {one['site'] or 'nobody enrolled it'}; waits {one['waits']} s" for one in shown]
    say({"calls": shown}, as_json, "\n".join(lines))


@app.command(name="answer")
def answer_call(name: str, *, data: Data, as_json: Json = False) -> None:
    """Tell the visitor who waits at terminal NAME that somebody is coming. Fails where nobody waits any more."""
    with open_office(data, create=False) as office, closing(Live(office.data)) as live:
        answered = live.answer(name, office.clock())
    if not answered:
        raise Failed({"error": "nobody_waits"}, f"nobody waits at {name}: if he called, it was more than 3 minutes ago")
    say({"terminal": name, "answered": True}, as_json, f"the visitor at {name} reads that somebody is coming")
