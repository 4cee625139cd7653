"""What officers do to applications: judged by who they are, written down with their names, done once.

Each deed is one job of the office's writer: who asks, in whose name he may act and where the application stands are
read in the same transaction that moves it. A form that was answered is answered alike when it is sent again.
"""

import sqlite3
from collections.abc import Callable
from hashlib import sha256

import msgspec

from central_api.workflow import (
    Act,
    Action,
    Duty,
    Mandate,
    Offer,
    Refusal,
    RefusalCode,
    Role,
    Standing,
    encode_standing,
    mandate_at,
    next_actions,
    units_at,
)
from central_api.workflow.standing import Rejected

from . import cards, names, objections, people, register
from .errors import ActionRefused
from .events import COMPANY, FOR, NAME, SAID, WHO
from .filed import Filed, find
from .office import Office
from .people import Account
from .register import Intake, tell


class Deed(msgspec.Struct, frozen=True):
    """What an officer asks for. `seen` is how the application stood when he decided (None: whatever it stands at now).

    `form` names the form that he sent, so that it counts once.
    """

    tracking: str
    act: Act
    account: int
    form: str
    seen: str | None = None
    note: str = ""

    def __repr__(self) -> str:
        return f"Deed({self.act.action.word})"


def seen_of(standing: Standing) -> str:
    """Return a mark of where an application stands, to tell whether it moved since."""
    return sha256(encode_standing(standing)).hexdigest()[:16]


def mandates(
    connection: sqlite3.Connection, office: Office, filed: Filed, account: Account, today: int
) -> tuple[list[Mandate], Refusal | None]:
    """Return in whose names an officer may act on an application now, and if in none, why not."""
    owners, rejected = people.owners_of(connection, filed.row), objections.rejected_by(connection, filed)
    refused = None
    found: list[Mandate] = []
    for unit in units_at(office.kind_of(filed), filed.filing, filed.standing):
        deputed = people.deputations(connection, unit)
        mandate = mandate_at(
            unit,
            account.row,
            units=account.units,
            deputations=deputed,
            owners=owners,
            today=today,
            rejected=rejected,
        )
        if isinstance(mandate, Refusal):
            refused = mandate if refused is None or mandate.code is not RefusalCode.WRONG_UNIT else refused
        else:
            found.append(mandate)
    return found, None if found else refused


def offers(connection: sqlite3.Connection, office: Office, filed: Filed, account: Account) -> tuple[Offer, ...]:
    """Return what an officer can do to an application now."""
    if account.duty is not Duty.OFFICER or account.disabled is not None:
        return ()
    now, kind = office.clock(), office.kind_of(filed)
    found, _ = mandates(connection, office, filed, account, people.day_of(now))
    offered = next_actions(kind, filed.filing, filed.standing, found)
    if isinstance(filed.standing.stage, Rejected) and objections.late(office.calendar, kind, filed.standing, now):
        return ()
    return offered


def do(connection: sqlite3.Connection, office: Office, deed: Deed) -> str:
    """Do a deed; returns the action's own name, or what it was answered with before. Raises ActionRefused."""
    now = office.clock()
    return once(connection, deed.form, deed.account, now, lambda account: _do(connection, office, deed, account, now))


def once(connection: sqlite3.Connection, form: str, number: int, now: int, work: Callable[[Account], str]) -> str:
    """Answer a form: by what was answered before, if it was, else by doing its work. Raises ActionRefused."""
    row = connection.execute("SELECT account, answer FROM answered WHERE form = ?", (form,)).fetchone()
    account = people.account_of(connection, number)
    if row is not None:
        if row[0] != number:
            raise ActionRefused(RefusalCode.NOT_ALLOWED, "this form was somebody else's")
        return row[1]
    if account.disabled is not None or account.duty is not Duty.OFFICER:
        raise ActionRefused(RefusalCode.NOT_ALLOWED, "this account changes no application")
    answer = work(account)
    connection.execute("INSERT INTO answered VALUES (?, ?, ?, ?)", (form, number, now, answer))
    connection.execute("UPDATE account SET acted = ? WHERE id = ?", (now, number))
    return answer


def _do(connection: sqlite3.Connection, office: Office, deed: Deed, account: Account, now: int) -> str:
    filed = find(connection, deed.tracking)
    if filed is None:
        raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no application has this tracking number")
    if deed.seen is not None and deed.seen != seen_of(filed.standing):
        raise ActionRefused(RefusalCode.MOVED_ON, "somebody else has acted on this application meanwhile")
    found, refused = mandates(connection, office, filed, account, people.day_of(now))
    kind = office.kind_of(filed)
    wanted = next((m for m in found if m.unit.role == deed.act.role), found[0] if found else None)
    if wanted is None:
        words = "nothing is to be done on this application now" if refused is None else refused.words
        raise ActionRefused(RefusalCode.ENDED if refused is None else refused.code, words)
    said = [(WHO, account.signed)]
    if wanted.acting_for is not None:
        said.append((FOR, people.account_of(connection, wanted.acting_for).signed))
    if deed.note:
        said.append((SAID, deed.note))
    act = msgspec.structs.replace(
        deed.act, role=Role(wanted.unit.role), region=wanted.unit.region, acting=wanted.acting_for is not None
    )
    at = max(now, filed.standing.changed)
    act = objections.dated(lambda: office.calendar, kind, filed.standing, act, at)
    return register.act(connection, filed, kind, act, at=at, recorded=now, said=said).action.word


def note(
    connection: sqlite3.Connection, office: Office, account: Account, filed: Filed, text: str, *, public: bool = False
) -> None:
    """Write a note beside an application: for the office, or what the visitor may be told. No status has it."""
    now = office.clock()
    said = [(WHO, account.signed), (SAID, f"{filed.tracking} {text}")]
    sequence = tell(connection, Act(Action.NOTE, Role.INTAKE, now, well=public), now, said)
    connection.execute("INSERT INTO note VALUES (?, ?)", (sequence, filed.row))


def looked(connection: sqlite3.Connection, office: Office, account: Account, at_what: str) -> None:
    """Write down that an officer looked at personal data, before he sees it."""
    now = office.clock()
    tell(connection, Act(Action.LOOK, Role.INTAKE, now), now, [(WHO, account.signed), (SAID, at_what)])


def take_in(connection: sqlite3.Connection, office: Office, form: str, number: int, intake: Intake) -> str:
    """Take an application in, at a counter that an officer holds; returns its tracking number. Raises ActionRefused."""
    now, secret_id = office.clock(), office.settings.secret

    def work(account: Account) -> str:
        _at_counter(account, intake.filing.filed_at)
        named = msgspec.structs.replace(intake, said=((WHO, account.signed), *intake.said))
        filed = register.submit(connection, named, now, secret_id, office.secret(secret_id))
        names.keep(connection, filed.row, [value for field, value in intake.said if field in {NAME, COMPANY}])
        return filed.tracking

    return once(connection, form, number, now, work)


def reissue(connection: sqlite3.Connection, office: Office, form: str, number: int, tracking: str) -> str:
    """Give out a new slip at a counter, to whoever proved who he is; returns the number. Raises ActionRefused."""
    now, secret_id = office.clock(), office.settings.secret

    def work(account: Account) -> str:
        filed = find(connection, tracking)
        if filed is None:
            raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no application has this tracking number")
        _at_counter(account, None)
        said, secret = [(WHO, account.signed)], office.secret(secret_id)
        register.reissue(connection, filed, now, now, secret_id=secret_id, secret=secret, said=said)
        return tracking

    return once(connection, form, number, now, work)


def card(
    connection: sqlite3.Connection,
    office: Office,
    form: str,
    number: int,
    tracking: str,
    *,
    shown: tuple[int, str],
    binds: bool,
) -> str:
    """Let a card that was shown at a counter open an application from now on, or no more. Raises ActionRefused.

    Nobody does it for a file of his own, or with his own card.
    """
    now = office.clock()

    def work(account: Account) -> str:
        filed = find(connection, tracking)
        if filed is None:
            raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no application has this tracking number")
        _at_counter(account, None)
        if account.row in people.owners_of(connection, filed.row) or account.card == shown[1]:
            raise ActionRefused(RefusalCode.OWN_FILE, "somebody else binds the card to a file of one's own")
        change = cards.bind if binds else cards.unbind
        change(connection, filed, shown, account.signed, now)
        return tracking

    return once(connection, form, number, now, work)


def answered_lately(connection: sqlite3.Connection, form: str, number: int, answer: str, since: int) -> bool:
    """Say whether somebody's form was answered so since a moment: what it gave out may be shown to him once more."""
    row = connection.execute("SELECT account, at, answer FROM answered WHERE form = ?", (form,)).fetchone()
    return row is not None and (row[0], row[2]) == (number, answer) and row[1] >= since


def _at_counter(account: Account, region: int | None) -> None:
    if not any(unit.role == Role.INTAKE and region in (None, unit.region) for unit in account.units):
        raise ActionRefused(RefusalCode.WRONG_UNIT, "only an intake counter of this region takes this in")
