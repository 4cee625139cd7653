"""The cards that open a file: one is bound, or let go, at the counter where its holder showed it."""

from typing import Final

from starlette.responses import Response

from central_api.store import ActionRefused, deeds
from central_api.workflow import RefusalCode

from .asked import Asked, see_other

KINDS: Final = ("document", "identity_card", "card_uid")
"""What `Office.shown` calls them."""


def change(asked: Asked) -> Response:
    """Bind a card or let it go. Its number is typed, by hand or by a scanner; only an index is kept."""
    office, tracking, what, kind = asked.desk.office, asked.parts["tracking"], asked.value("what"), asked.value("kind")
    if not asked.value("identity"):
        raise ActionRefused(RefusalCode.REASON_NEEDED, "a card is bound only for whoever proved who he is")
    if what not in {"bind", "unbind"} or kind not in KINDS:
        raise ActionRefused(RefusalCode.BAD_VALUE, "expected a kind of card, to be bound or unbound")
    typed = {name: asked.value("number") if name == kind else None for name in KINDS}
    (shown,) = office.shown(typed["document"], typed["identity_card"], typed["card_uid"])
    form, account, binds = asked.value("form"), asked.account.row, what == "bind"
    asked.write(lambda connection: deeds.card(connection, office, form, account, tracking, shown=shown, binds=binds))
    return see_other(f"/files/{tracking}", done=what)
