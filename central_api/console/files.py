"""One file: where it is, what is missing, who did what; and what the one who looks at it may do now."""

import sqlite3
from datetime import date
from typing import Final

from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.store import ActionRefused, Filed, assignments, deeds, expectations, find_row, people, queues
from central_api.store.deeds import Deed, seen_of
from central_api.store.events import EARLIER
from central_api.store.names import names_of
from central_api.workflow import Act, Action, Offer, RefusalCode, Role, step_at_work, unit_at_work

from .asked import Asked, new_form, see_other

_MOST_NOTE: Final = 2_000


def show(asked: Asked) -> Response:
    """Show a file; that it was looked at is written down first."""
    office, account = asked.desk.office, asked.account
    filed = office.known(asked.parts["tracking"])
    asked.write(lambda connection: deeds.looked(connection, office, account, f"file {filed.tracking}"))
    return _page(asked, filed)


def note(asked: Asked) -> Response:
    """Write a note beside a file."""
    office, account = asked.desk.office, asked.account
    filed = office.known(asked.parts["tracking"])
    text = asked.value("note")[:_MOST_NOTE]
    if not text:
        return _page(asked, filed, 400, wrong="note_empty")

    def work(connection: sqlite3.Connection) -> str:
        deeds.note(connection, office, account, filed, text, public=bool(asked.value("public")))
        return "note"

    form, now = asked.value("form"), office.clock()
    asked.write(lambda connection: deeds.once(connection, form, account.row, now, lambda _: work(connection)))
    return see_other(f"/files/{filed.tracking}", done="note")


def assign(asked: Asked) -> Response:
    """Give a file to an officer of the unit where it is, or take it."""
    office, account = asked.desk.office, asked.account
    filed, wanted, form = office.known(asked.parts["tracking"]), asked.value("officer"), asked.value("form")

    def work(connection: sqlite3.Connection) -> str:
        now, to = find_row(connection, filed.row), people.account_of(connection, wanted)
        assignments.assign(connection, office, account, now, to)
        return "assign"

    at = office.clock()
    try:
        asked.write(lambda connection: deeds.once(connection, form, account.row, at, lambda _: work(connection)))
    except ActionRefused as error:
        return _page(asked, filed, 409, refused=error)
    return see_other(f"/files/{filed.tracking}", done="assign")


def told(asked: Asked) -> Response:
    """Show what a counter may tell and print for the visitor: where it is, and the notes that are for him."""
    office, account = asked.desk.office, asked.account
    filed = office.known(asked.parts["tracking"])
    asked.write(lambda connection: deeds.looked(connection, office, account, f"file {filed.tracking}"))
    notes = [one for one in queues.history(office.own_reader, filed) if one.act.action is Action.NOTE and one.act.well]
    unit_now = unit_at_work(office.kind_of(filed), filed.filing.region, filed.standing)
    shown, today = office.status_of(filed), people.day_of(office.clock())
    return asked.page("told.html", filed=filed, told=shown, today=today, notes=notes, unit_now=unit_now)


def confirm(asked: Asked) -> Response:
    """Show what an act will do, and ask for what belongs to it."""
    filed = asked.desk.office.known(asked.parts["tracking"])
    return _confirm(asked, filed, _offer(asked, filed))


def act(asked: Asked) -> Response:
    """Do an act. What is refused is told on the page where it was asked for, with all that was typed."""
    office = asked.desk.office
    filed = office.known(asked.parts["tracking"])
    action = Action.of_word(asked.parts["action"])
    if action is None:
        return asked.page("nothing.html", 404)
    deadline = asked.value("deadline")
    try:
        days = date.fromisoformat(deadline).toordinal() - 719_163 if deadline else None
        if days is not None and days < people.day_of(office.clock()):
            raise ValueError
        reasons, documents = (tuple(dict.fromkeys(map(int, asked.values(name)))) for name in ("reason", "document"))
    except ValueError:
        return _confirm(asked, filed, _offer(asked, filed), "bad_date")
    known = catalogue().documents.codes.values()
    if not set(reasons) <= set(_reasons(action)) or not set(documents) <= set(known):
        raise ActionRefused(RefusalCode.UNKNOWN_CODE, "a reason or a document that the page does not offer")
    act = Act(action, Role.INTAKE, 0, reasons=reasons, documents=documents, deadline=days)
    text = asked.value("note")[:_MOST_NOTE]
    deed = Deed(filed.tracking, act, asked.account.row, asked.value("form"), asked.value("seen"), text)
    try:
        done = asked.write(lambda connection: deeds.do(connection, office, deed))
    except ActionRefused as error:
        if error.code in {RefusalCode.REASON_NEEDED, RefusalCode.UNKNOWN_DOCUMENT}:
            return _confirm(asked, filed, _offer(asked, filed), f"refused_{error.code.value}")
        return _page(asked, office.known(filed.tracking), 409, refused=error, typed=text)
    return see_other(f"/files/{filed.tracking}", done=done)


def _offer(asked: Asked, filed: Filed) -> Offer | None:
    office = asked.desk.office
    offered = deeds.offers(office.own_reader, office, filed, asked.account)
    return next((one for one in offered if one.action.word == asked.parts["action"]), None)


def _confirm(asked: Asked, filed: Filed, offer: Offer | None, wrong: str = "") -> Response:
    office = asked.desk.office
    if offer is None or offer.blocked is not None:
        return _page(asked, filed, 409 if asked.form else 200)
    name, company = names_of(office.own_reader, filed.row)
    absent = offer.mandate.acting_for
    acting = None if absent is None else people.account_of(office.own_reader, absent)
    return asked.page(
        "confirm.html",
        400 if wrong else 200,
        filed=filed,
        kind=office.kind_of(filed),
        offer=offer,
        Action=Action,
        acting=acting,
        name=name,
        company=company,
        seen=asked.value("seen") or seen_of(filed.standing),
        form=asked.value("form") or new_form(),
        wrong=wrong,
        reasons=_reasons(offer.action),
        chosen=set(asked.values("reason")),
        lacking=set(asked.values("document")),
    )


def _page(asked: Asked, filed: Filed, status: int = 200, **values: object) -> Response:
    office, account = asked.desk.office, asked.account
    reader = office.own_reader
    name, company = names_of(reader, filed.row)
    now, kind = office.clock(), office.kind_of(filed)
    shown = {
        "filed": filed,
        "told": office.status_of(filed),
        "today": people.day_of(now),
        "kind": kind,
        "earlier": queues.said_at_submission(reader, filed, EARLIER),
        "officers": assignments.who_may(reader, office, filed),
        "assigned": assignments.assigned_to(reader, filed),
        "cases": expectations.cases(reader),
        "at": step_at_work(kind, filed.standing),
        "unit_now": unit_at_work(kind, filed.filing.region, filed.standing),
        "age": asked.desk.calendar.age(filed.standing.since, now),
        "history": queues.history(reader, filed),
        "offers": deeds.offers(reader, office, filed, account),
        "own": account.row in people.owners_of(reader, filed.row),
        "name": name,
        "company": company,
        "form": new_form(),
        "done": asked.value("done"),
        "wrong": "",
        "refused": None,
        "typed": "",
        "Action": Action,
    }
    return asked.page("file.html", status, **{**shown, **values})


def _reasons(action: Action) -> tuple[int, ...]:
    """Return the reasons that fit an act: papers for a return, the law for a rejection; fees for both."""
    legal = (4, 5, 6, 7, 8)
    return {Action.RETURN: (1, 2, 3, 7), Action.REJECT: legal, Action.DISMISS: legal}.get(action, ())
