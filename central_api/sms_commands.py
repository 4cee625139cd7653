"""python -m central_api sms: what is to be told by SMS, and how far it is. No command shows a phone or a text."""

import signal
from datetime import UTC, datetime
from typing import Annotated, Literal

from cyclopts import App, Parameter

from central_api.contract.numbers import parse_tracking_number, show_tracking_number
from central_api.notify import Away, Gateway, Sender, send_next, sms_settings
from central_api.store import Office, open_office, outbox
from central_api.store.outbox import Delivery, Kept

from .answers import Data, Failed, Json, say

app = App(name="sms", help="Messages to visitors' phones: send them, see how far each is. sms.toml says how.")


@app.command(name="run")
def run(*, data: Data, once: Annotated[bool, Parameter(negative=())] = False, as_json: Json = False) -> None:
    """Send what is due, until stopped; with --once, until nothing is due or the gateway is away.

    As many may run as like, `serve` included: each message is sent by one of them.
    """
    from central_api.web import log_to_stderr

    address = sms_settings(data)
    if address is None:
        raise Failed(
            {"error": "no_gateway"}, "there is no sms.toml in this office's folder: docs/sms.md says how", exit_code=2
        )
    with open_office(data, create=False) as office:
        gateway = Gateway(address)
        if once:
            _send_all(office, gateway, as_json)
            return
        log_to_stderr()
        sender = Sender(office, gateway)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: sender.stop())
        sender.run()


def _send_all(office: Office, gateway: Gateway, as_json: bool) -> None:
    count = 0
    while (outcome := send_next(office, gateway)) is not None:
        if isinstance(outcome, Away):
            raise Failed({"error": "gateway_away", "why": outcome.why}, f"the gateway is away ({outcome.why})")
        count += 1
    say({"attempts": count, **_counts(office)}, as_json, f"{count} attempts; {_in_words(office)}")


@app.command(name="list")
def list_messages(
    *,
    data: Data,
    state: Literal["queued", "sent", "delivered", "failed", "given_up"] | None = None,
    tracking: str | None = None,
    most: int = 50,
    as_json: Json = False,
) -> None:
    """List messages, the newest first: all, those of one state, or those of one application."""
    with open_office(data, create=False) as office:
        wanted = None if state is None else Delivery[state.upper()]
        number = None if tracking is None else parse_tracking_number(tracking)
        found = outbox.messages(office.own_reader, state=wanted, tracking=number, most=most)
        if not as_json:
            for kept in found:
                print(_line(kept))
        say({"messages": [_shown(kept) for kept in found], **_counts(office)}, as_json, _in_words(office))


@app.command(name="show")
def show(number: int, *, data: Data, as_json: Json = False) -> None:
    """Show how far a message is."""
    with open_office(data, create=False) as office:
        found = outbox.messages(office.own_reader, row=number)
    if not found:
        raise Failed({"error": "unknown_message"}, f"there is no message {number}")
    say(_shown(found[0]), as_json, _line(found[0]))


@app.command(name="retry")
def retry(number: int, *, data: Data, as_json: Json = False) -> None:
    """Queue a message again that failed or was given up."""
    with open_office(data, create=False) as office:
        office.execute_write(lambda connection: outbox.retry(connection, number, office.clock())).result()
        found = outbox.messages(office.own_reader, row=number)
    say(_shown(found[0]), as_json, _line(found[0]))


def _shown(kept: Kept) -> dict[str, object]:
    return {
        "message": kept.row,
        "tracking": kept.tracking,
        "kind": kept.kind.name.lower(),
        "state": kept.state.name.lower(),
        "since": kept.since,
        "made": kept.made,
        "attempts": kept.attempts,
        "copies": kept.copies,
        "why": kept.why,
    }


def _line(kept: Kept) -> str:
    since = datetime.fromtimestamp(kept.since, UTC).strftime("%Y-%m-%d %H:%M")
    why = f", {kept.why}" if kept.why else ""
    copies = f", sent {kept.copies} times" if kept.copies > 1 else ""
    state = kept.state.name.lower().replace("_", " ")
    words = f"{kept.kind.name.lower()}, {state} since {since} UTC, {kept.attempts} attempts{copies}{why}"
    return f"message {kept.row}, application {show_tracking_number(kept.tracking)}: {words}"


def _counts(office: Office) -> dict[str, int]:
    return {state.name.lower(): count for state, count in outbox.counts(office.own_reader).items()}


def _in_words(office: Office) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in _counts(office).items())
