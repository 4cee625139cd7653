"""python -m central_api card: which cards open an application, from the command line."""

import sqlite3
from collections.abc import Callable

from cyclopts import App

from central_api.publish import publish_pending
from central_api.store import Filed, cards, open_office
from central_api.store.people import COMMAND_LINE

from .answers import Data, Failed, Json, say

app = App(name="card", help="Cards that open an application: bound after it was taken in. Each change is in the chain.")
Change = Callable[[sqlite3.Connection, Filed, tuple[int, str], str, int], None]


@app.command
def bind(
    tracking: str,
    *,
    data: Data,
    document_number: str | None = None,
    identity_card: str | None = None,
    card_uid: str | None = None,
    as_json: Json = False,
) -> None:
    """Let a card open an application from now on; one of the three is given, as at `submit`."""
    _change(cards.bind, "opens", tracking, data, (document_number, identity_card, card_uid), as_json)


@app.command
def unbind(
    tracking: str,
    *,
    data: Data,
    document_number: str | None = None,
    identity_card: str | None = None,
    card_uid: str | None = None,
    as_json: Json = False,
) -> None:
    """Let a card open an application no more."""
    _change(cards.unbind, "no more opens", tracking, data, (document_number, identity_card, card_uid), as_json)


def _change(  # noqa: PLR0917 - what the two commands were given
    change: Change,
    does: str,
    tracking: str,
    data: Data,
    typed: tuple[str | None, str | None, str | None],
    as_json: bool,
) -> None:
    with open_office(data, create=False) as office:
        shown = office.shown(*typed)
        if len(shown) != 1:
            raise Failed(
                {"error": "wrong_use"}, "give one of --document-number, --identity-card, --card-uid", exit_code=2
            )
        filed, now = office.known(tracking), office.clock()
        office.execute_write(lambda connection: change(connection, filed, shown[0], COMMAND_LINE, now)).result()
        published = publish_pending(office)
    say({"tracking": filed.tracking, "position": published.position}, as_json, f"this card {does} {filed.tracking}")
