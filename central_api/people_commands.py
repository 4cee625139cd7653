"""python -m central_api people, feeder: who works at the office, and which older systems feed it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cyclopts import App, Parameter

from central_api.contract.catalogue import catalogue
from central_api.imports import read_profile
from central_api.publish import publish_pending
from central_api.store import assignments, feeders, find_row, open_office, people
from central_api.store.codes import phone_of
from central_api.store.people import COMMAND_LINE, Account
from central_api.workflow import Duty

from .answers import Data, Json, counted, say, text_of

T = TypeVar("T")
app = App(name="people", help="Accounts of the office's people. Each change stands in the audit chain.")
feeder_app = App(name="feeder", help="Older systems that feed the office.")
key_app = App(name="key", help="Their keys.")
profile_app = App(name="profile", help="How they write their files: their names of columns and words, their dates.")
feeder_app.command(key_app)
feeder_app.command(profile_app)
Units = Annotated[list[str] | None, Parameter(negative=(), help="A unit held, like registry/beirut or minister.")]


def _write(data: Data, work: Callable[[sqlite3.Connection, int], T]) -> T:
    with open_office(data, create=False) as office:
        now = office.clock()
        return office.execute_write(lambda connection: work(connection, now)).result()


def assign(tracking: str, login: str, *, data: Data, as_json: Json = False) -> None:
    """Give an application to an officer who can act on it where it is now: an order among colleagues, and no lock."""
    with open_office(data, create=False) as office:
        filed = office.known(tracking)

        def work(connection: sqlite3.Connection) -> str:
            to = people.account_of(connection, login)
            assignments.assign(connection, office, None, find_row(connection, filed.row), to)
            return to.name

        name = office.execute_write(work).result()
        publish_pending(office)
    say({"tracking": filed.tracking, "assigned_to": login}, as_json, f"assigned to {name}")


@app.command
def add(
    login: str,
    *,
    data: Data,
    name: str,
    duty: Literal["officer", "administrator", "auditor"] = "officer",
    unit: Units = None,
    language: Literal["ar", "fr", "en"] = "ar",
    phone: str | None = None,
    document_number: str | None = None,
    as_json: Json = False,
) -> None:
    """Make an account, and say the code of its invitation: with it the person sets his password and phone himself.

    --phone and --document-number are his own: an application with one of them is his, and he cannot decide on it.
    """
    with open_office(data, create=False) as office:
        card, now = (office.shown(document_number)[0][1] if document_number else None), office.clock()
        units = [office.unit_to_hold(one) for one in unit or ()]
        number = phone_of(phone) if phone else None
        code = office.execute_write(
            lambda connection: people.add(
                connection,
                login,
                name,
                Duty[duty.upper()],
                units,
                language=language,
                phone=number,
                card=card,
                by=COMMAND_LINE,
                now=now,
            )
        ).result()
    words = f"{login}: invited for three days, at /console/join, with the code {code}"
    say({"login": login, "invitation": code}, as_json, words)


@app.command
def invite(login: str, *, data: Data, as_json: Json = False) -> None:
    """Invite somebody again, who lost his password or phone: what he had ends now."""
    code = _write(data, lambda c, now: people.invite(c, people.account_of(c, login), by=COMMAND_LINE, now=now))
    say({"login": login, "invitation": code}, as_json, f"{login}: invited anew for three days, with the code {code}")


@app.command
def hold(login: str, *, data: Data, unit: Units = None, as_json: Json = False) -> None:
    """Set the units that an officer holds; none without --unit."""
    with open_office(data, create=False) as office:
        units, now = [office.unit_to_hold(one) for one in dict.fromkeys(unit or ())], office.clock()
        office.execute_write(
            lambda c: people.hold(c, people.account_of(c, login), units, by=COMMAND_LINE, now=now)
        ).result()
    held = [people.unit_name(one) for one in units]
    say({"login": login, "units": held}, as_json, f"{login} holds {', '.join(held) or 'nothing'}")


@app.command
def disable(login: str, *, data: Data, as_json: Json = False) -> None:
    """Shut somebody out, from his next request on."""
    _write(data, lambda c, now: people.disable(c, people.account_of(c, login), True, by=COMMAND_LINE, now=now))
    say({"login": login, "disabled": True}, as_json, f"{login} is shut out")


@app.command
def enable(login: str, *, data: Data, as_json: Json = False) -> None:
    """Let somebody in again."""
    _write(data, lambda c, now: people.disable(c, people.account_of(c, login), False, by=COMMAND_LINE, now=now))
    say({"login": login, "disabled": False}, as_json, f"{login} is let in again")


@app.command(name="list")
def list_people(*, data: Data, as_json: Json = False) -> None:
    """Show every account."""
    with open_office(data, create=False) as office:
        known = people.accounts(office.own_reader)
    lines = [
        counted(len(known), "account"),
        *(f"{one.login:16} {_state(one):9} {one.duty.word:13} {_held(one)}" for one in known),
    ]
    shown = [
        {"login": a.login, "name": a.name, "duty": a.duty.word, "state": _state(a), "units": _held(a).split()}
        for a in known
    ]
    say({"people": shown}, as_json, "\n".join(lines))


@key_app.command(name="add")
def add_key(
    name: str,
    *,
    data: Data,
    family: Annotated[list[str], Parameter(negative=())],
    days: int = 365,
    as_json: Json = False,
) -> None:
    """Make a key for an older system, which may touch the named families alone; it is shown once."""
    key = _write(data, lambda connection, now: feeders.add_feeder(connection, name, family, days, now))
    say({"name": name, "key": key}, as_json, f"{name}: {key} (good for {days} days; shown once)")


@key_app.command(name="revoke")
def revoke_key(name: str, *, data: Data, as_json: Json = False) -> None:
    """Revoke a key, from its next request on."""
    _write(data, lambda connection, now: feeders.revoke_feeder(connection, name, now))
    say({"name": name, "revoked": True}, as_json, f"{name} is revoked")


@key_app.command(name="list")
def list_keys(*, data: Data, as_json: Json = False) -> None:
    """Show the keys: never the key itself, which nobody knows but who got it."""
    families = catalogue().families
    with open_office(data, create=False) as office:
        known, now = feeders.feeders(office.own_reader), office.clock()
    shown = [
        {
            "name": one.name,
            "families": [families.key(code) for code in one.families],
            "expires": one.expires,
            "state": "revoked" if one.revoked else "expired" if one.expires <= now else "in use",
        }
        for one in known
    ]
    lines = [counted(len(shown), "key")]
    for one, told in zip(known, shown, strict=True):
        fed = " ".join(families.key(code) or str(code) for code in one.families)
        lines.append(f"{one.name:20} {told['state']:8} {fed}")
    say({"keys": shown}, as_json, "\n".join(lines))


@profile_app.command(name="set")
def set_profile(name: str, file: Path, *, data: Data, as_json: Json = False) -> None:
    """Keep a profile (TOML, docs/import.md) under a name, in place of the one before."""
    source = text_of(file)
    read_profile(source)
    _write(data, lambda connection, now: feeders.put_profile(connection, name, source, COMMAND_LINE, now))
    say({"name": name}, as_json, f"{name} is kept")


@profile_app.command(name="list")
def list_profiles(*, data: Data, as_json: Json = False) -> None:
    """Show the profiles that are kept."""
    with open_office(data, create=False) as office:
        known = feeders.profiles(office.own_reader)
    say({"profiles": known}, as_json, "\n".join(f"## {name}\n{source}" for name, source in known.items()) or "none")


def _state(account: Account) -> str:
    return "shut out" if account.disabled else "joined" if account.joined else "invited"


def _held(account: Account) -> str:
    return " ".join(map(people.unit_name, account.units))
