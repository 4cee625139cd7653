"""Taking an application in: what was typed is shown again beside what resembles it, and then it counts; its slip."""

import re
import tempfile
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.documents.slip import paper_of, write_slip
from central_api.store import ActionRefused, deeds, people
from central_api.store.events import COMPANY, EARLIER, NAME, OWNER
from central_api.store.prerequisites import PAPER
from central_api.store.register import Intake
from central_api.workflow import RefusalCode, Role

from .asked import HEADERS, Asked, new_form, see_other
from .search import same

_TYPED: Final = ("service", "region", "filed_at", "language", "name", "company", "phone", "document", "colleague")
_FIELDS: Final = (*_TYPED, "earlier", "paper")
# Control characters, and marks that turn the direction of whatever stands behind a name.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# How long the slip that a form gave out can be printed with its secret code.
_SHOWN_SECONDS: Final = 600


def ask(asked: Asked) -> Response:
    """Show the empty form."""
    if not asked.holds(Role.INTAKE):
        return asked.page("nothing.html", 403)
    return _form(asked)


def take_in(asked: Asked) -> Response:
    """First show what would be taken in, and what resembles it; once that was looked at, take it in."""
    office = asked.desk.office
    try:
        intake = _intake(asked)
    except ActionRefused as error:
        return _form(asked, error)
    alike = same(asked, intake, asked.value("name"))
    if not asked.value("sure"):
        typed = [(name, asked.value(name)) for name in _FIELDS]
        form = asked.value("form") or new_form()
        return asked.page(
            "intake_review.html",
            intake=intake,
            typed=typed,
            alike=alike,
            form=form,
            catalogue=catalogue(),
            earlier=dict(intake.said).get(EARLIER),
        )
    form, number = asked.value("form"), asked.account.row
    tracking = asked.write(lambda connection: deeds.take_in(connection, office, form, number, intake))
    return see_other(f"/intake/{tracking}", form=form)


def taken(asked: Asked) -> Response:
    """Show the slip that was just given out."""
    filed = asked.desk.office.known(asked.parts["tracking"])
    return asked.page("taken.html", filed=filed, form=asked.value("form"), fresh=_fresh(asked, filed.tracking))


def slip(asked: Asked) -> Response:
    """Draw a slip: for the clerk who gave it out, ten minutes long, with its secret code; later without."""
    office = asked.desk.office
    if not asked.holds(Role.INTAKE):
        return asked.page("nothing.html", 403)
    filed = office.known(asked.parts["tracking"])
    given = office.given(filed) if _fresh(asked, filed.tracking) else office.slip_again(filed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"slip.{asked.parts['suffix']}"
        write_slip(path, paper_of(office, given))
        media = "application/pdf" if path.suffix == ".pdf" else "image/png"
        return Response(path.read_bytes(), headers=HEADERS, media_type=media)


def reissue(asked: Asked) -> Response:
    """Give out a new slip; the old one is worthless from now on."""
    office, number = asked.desk.office, asked.account.row
    form, tracking = asked.value("form"), asked.parts["tracking"]
    if not asked.value("identity"):
        raise ActionRefused(RefusalCode.REASON_NEEDED, "a new slip is given out only to whoever proved who he is")
    asked.write(lambda connection: deeds.reissue(connection, office, form, number, tracking))
    return see_other(f"/intake/{tracking}", form=form)


def _fresh(asked: Asked, tracking: str) -> bool:
    office, form = asked.desk.office, asked.value("form")
    since = office.clock() - _SHOWN_SECONDS
    return deeds.answered_lately(office.own_reader, form, asked.account.row, tracking, since)


def _intake(asked: Asked) -> Intake:
    family, _, kind = asked.value("service").partition(".")
    said: list[tuple[int, str]] = []
    for field, name in ((NAME, "name"), (COMPANY, "company")):
        if value := " ".join(_UNSEEN.sub(" ", asked.value(name)).split())[:120]:
            said.append((field, value))
    if not said:
        raise ActionRefused(RefusalCode.BAD_VALUE, "the applicant's name, or the company's, is missing")
    office = asked.desk.office
    if colleague := asked.value("colleague"):
        said.append((OWNER, str(people.account_of(office.own_reader, colleague).row)))
    return office.intake(
        family,
        kind,
        region=asked.value("region"),
        filed_at=asked.value("filed_at"),
        phone=asked.value("phone") or None,
        shown=office.shown(asked.value("document") or None),
        language=asked.value("language"),
        earlier=PAPER if asked.value("paper") else asked.value("earlier") or None,
        at=office.clock(),
        said=tuple(said),
    )


def _form(asked: Asked, refused: ActionRefused | None = None) -> Response:
    office = asked.desk.office
    tables = {table.key: office.tables.current(table.key) for table in office.tables.all()}
    own = [unit.region for unit in asked.account.units if unit.role == Role.INTAKE]
    typed: dict[str, Any] = {name: asked.value(name) for name in _FIELDS}
    return asked.page(
        "intake.html",
        400 if refused else 200,
        tables=tables,
        catalogue=catalogue(),
        own=own,
        typed=typed,
        refused=refused,
        form=asked.value("form") or new_form(),
    )
