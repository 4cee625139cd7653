"""python -m central_api terminal | terminals: who has a place, and how each terminal is."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

from cyclopts import App, Parameter

from central_api.content import NotHours, read_week
from central_api.contract.enrolment import Enrolment, digits_of, enrolment_pin, enrolment_text, typed_form
from central_api.contract.errors import ContractError, Refused
from central_api.contract.keylist import Purpose
from central_api.contract.readiness import decode_readiness
from central_api.contract.readiness_paper import open_readiness
from central_api.contract.status import Language
from central_api.contract.terminal_settings import Opening, TerminalSettings, sign_settings
from central_api.store import Office, open_office, terminals
from central_api.store.authority import ca_hash_of
from central_api.store.fleet import TerminalState, fleet, settle
from central_api.store.live import Live
from central_api.store.terminals import CODE_SECONDS, KeyState, Place, TerminalRefused

from . import help_commands
from .answers import Data, Failed, Json, counted, say

T = TypeVar("T")
app = App(name="terminal", help="Terminals: let one in, shut one out, set what it shows, see how each is.")
_EPOCH_ORDINAL: Final = 719_163
app.command(help_commands.app)


def _png_or_pdf(_type: object, path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in {".png", ".pdf"}:
        raise ValueError("the code is drawn as a .png or a .pdf")


Qr = Annotated[Path | None, Parameter(validator=_png_or_pdf, help="Draw the code to this file, PNG or PDF.")]


@app.command(name="add")
def add(
    *,
    data: Data,
    site: str | None = None,
    name: str | None = None,
    replaces: str | None = None,
    qr: Qr = None,
    as_json: Json = False,
) -> None:
    """Make a place for a terminal, and the one-time code that a machine takes it with; good for 30 minutes.

    --replaces gives the name and site of a dead terminal to another machine; its old key is revoked once it is let in.
    """
    with _opened(data) as office:
        now = office.clock()
        pin = enrolment_pin(_ca_hash(office), office.root_public)

        def work(connection: sqlite3.Connection) -> tuple[Place, bytes]:
            if replaces is not None:
                place = terminals.place_of(connection, replaces)
                place = terminals.move(connection, place, site) if site else place
            elif site:
                place = terminals.add(connection, name, site, now)
            else:
                raise TerminalRefused("bad_value", "--site says where the terminal stands, or --replaces for which one")
            return place, terminals.new_code(connection, place, now)

        place, code = _write(office, work)
        enrolment = Enrolment(office.origin, code, pin)
    expires = now + CODE_SECONDS
    if qr is not None:
        from .documents.enrolment import write_enrolment

        try:
            write_enrolment(qr, enrolment, place.name, place.site, expires)
        except (OSError, RuntimeError) as error:
            words = (
                f"{place.name} has its place, but no code was drawn ({error}): --replaces {place.name} makes another"
            )
            raise Failed({"error": "no_code", "terminal": place.name}, words) from None
    text, typed = enrolment_text(enrolment), typed_form(enrolment)
    shown = {"terminal": place.name, "site": place.site, "url": text, "address": enrolment.origin, "typed": typed}
    line = f"{place.name}, {place.site}: {text}, or typed {typed} at {enrolment.origin}; good for 30 minutes, once"
    if not as_json:
        from .documents.enrolment import screen_code

        print(screen_code(enrolment))
    say({**shown, "expires": expires}, as_json, line)


@app.command(name="accept")
def accept(name: str, *digits: str, data: Data, as_json: Json = False) -> None:
    """Let in the machine that waits to become NAME, if the eight digits on its screen are these."""
    with _opened(data) as office:
        facts, now = (office.root_public, _ca_hash(office)), office.clock()
        key, replaced = _write(office, lambda c: terminals.accept(c, name, "".join(digits), facts, now))
    words = f"{name} is let in" + ("; the machine that it replaces is shut out" if replaced else "")
    say({"terminal": name, "state": "accepted", "keyid": key.key_id, "replaced": replaced}, as_json, words)


@app.command(name="revoke")
def revoke(name: str, *, data: Data, as_json: Json = False) -> None:
    """Shut a terminal out: its key, every renewed one, and its unused codes."""
    with _opened(data) as office:
        count = _write(office, lambda c: terminals.revoke(c, name, office.clock()))
    words = f"{name} is shut out" if count else f"{name} had no key: nobody is shut out"
    say({"terminal": name, "state": "revoked", "keys": count}, as_json, words)


@app.command(name="settle")
def settle_alarms(name: str, *, data: Data, as_json: Json = False) -> None:
    """Take back the alarms of a terminal (a copied key, a head that disagrees), since somebody looked into them."""
    with _opened(data) as office, closing(Live(office.data)) as live:
        taken = settle(live, terminals.place_of(office.own_reader, name))
    say({"terminal": name, "settled": taken}, as_json, f"{name}: {', '.join(taken) or 'no alarm'} settled")


@app.command(name="set")
def set_settings(
    name: str,
    *,
    data: Data,
    site: str | None = None,
    hours: str | None = None,
    languages: str | None = None,
    volume: int | None = None,
    closed: Annotated[list[date] | None, Parameter(negative="--no-closed")] = None,
    vault_when_revoked: bool | None = None,
    as_json: Json = False,
) -> None:
    """Set what a terminal takes from the office; what is not named stays as it is.

    --hours "mon-thu 07:30-14:00,15:00-17:00; fri 07:30-11:00": days that are not named stay closed; `own` is every
    hour. --languages ar,fr,en in the order shown. --volume 0 to 100. --closed DATE, each day the office stays
    closed; --no-closed takes them back. --vault-when-revoked: once shut out, it may still open slips from its vault.
    """
    with _opened(data) as office:
        key = office.signing_key(Purpose.CONTENT)

        def work(connection: sqlite3.Connection) -> TerminalSettings:
            place = terminals.place_of(connection, name)
            if site:
                terminals.move(connection, place, site)
            old = place.settings
            wanted = replace(
                old,
                hours=old.hours if hours is None else _hours(hours),
                languages=old.languages if languages is None else _languages(languages),
                volume=old.volume if volume is None else volume,
                closed_days=old.closed_days if closed is None else tuple(sorted(map(_day_number, closed))),
                vault_when_revoked=old.vault_when_revoked if vault_when_revoked is None else vault_when_revoked,
            )
            try:
                sign_settings(wanted, key)
            except ContractError as error:
                words = f"these settings cannot be ({error}): a volume is 0 to 100, a closed day is of our time"
                raise TerminalRefused("bad_value", words) from None
            return terminals.put_settings(connection, place, wanted)

        settings = _write(office, work)
    say({"terminal": name, **_shown_settings(settings)}, as_json, f"{name} has settings {settings.number}")


@app.command(name="check-readiness")
def check_readiness(text: str, *, data: Data, as_json: Json = False) -> None:
    """Say whose a readiness slip is, when it was made and what it found; TEXT is the text of its QR code.

    Fails unless a key that the office let in signed it. A key that was revoked since is told.
    """
    with _opened(data) as office:
        known: list[terminals.KnownKey] = []

        def public_of(key_id: str) -> bytes:
            key = terminals.key_of(office.own_reader, key_id)
            if key is None or key.state in {KeyState.PENDING, KeyState.REFUSED}:
                raise Refused("the key that signed it was never let in")
            known.append(key)
            return key.public

        try:
            signed = open_readiness(text, {office.settings.host}, public_of)
        except ContractError as error:
            raise Failed({"holds": False}, f"it does not hold: {error}") from None
    (key,), readiness = known, signed.readiness
    if readiness.terminal != key.name:
        raise Failed({"holds": False}, f"it does not hold: it names {readiness.terminal}, and {key.name} signed it")
    results = {result.part.name.lower(): result.outcome.name.lower() for result in readiness.results}
    failed = [part for part, outcome in results.items() if outcome == "failed"]
    shown = {"terminal": key.name, "site": key.site, "keyid": key.key_id, "key": key.state.name.lower()}
    words = f"{key.name}, {key.site}, {_when(readiness.taken)}: {', '.join(failed) or 'nothing'} failed"
    words += "; its key is revoked" if key.state is KeyState.REVOKED else ""
    say({"holds": True, **shown, "taken": readiness.taken, "failed": failed, "results": results}, as_json, words)


@app.command(name="list")
def list_terminals(*, data: Data, as_json: Json = False) -> None:
    """Say how every terminal is: who is silent, low on paper, behind or odd, and since when."""
    with _opened(data) as office, closing(Live(office.data)) as live:
        states = fleet(office.own_reader, live, office.clock())
        shown = [_shown(office, state) for state in states]
    wrong = sum(1 for state in states if state.conditions)
    waiting = sum(1 for state in states if state.state == "pending")
    needs, waits = "needs" if wrong == 1 else "need", "waits" if waiting == 1 else "wait"
    lines = [f"{counted(len(states), 'terminal')}: {wrong} {needs} a look, {waiting} {waits} to be let in"]
    lines += [_line(state, one) for state, one in zip(states, shown, strict=True)]
    say({"terminals": shown, "wrong": wrong}, as_json, "\n".join(lines))


def _shown(office: Office, state: TerminalState) -> dict[str, object]:
    """Return what is told of one terminal; times are seconds since 1970, UTC."""
    report, key = state.report, state.key
    row = office.own_reader.execute("SELECT received, body FROM readiness WHERE terminal = ?", (state.place.row,))
    tested = row.fetchone()
    waits = next(
        (k for k in terminals.keys_of(office.own_reader, state.place.row) if k.state is KeyState.PENDING), None
    )
    shown: dict[str, object] = {
        "terminal": state.place.name,
        "site": state.place.site,
        "state": state.state,
        "since": state.place.added if key is None else key.since,
        "keyid": None if key is None else key.key_id,
        "digits": None,
        "heard": state.heard,
        "conditions": state.conditions,
        "settings": _shown_settings(state.place.settings),
        "report": None,
        "readiness": None,
    }
    if waits is not None and waits.nonce is not None:
        shown["digits"] = digits_of(waits.public, office.root_public, _ca_hash(office), waits.nonce)
    if report is not None:
        devices = {device.kind.name.lower(): device.state.name.lower() for device in report.devices}
        counted = ("paper_mm", "cursor", "synced", "queue", "offset", "boots", "unclean", "uptime", "settings")
        shown["report"] = {"version": report.version, "devices": devices, **{n: getattr(report, n) for n in counted}}
    if tested is not None:
        results = decode_readiness(tested[1]).results
        failed = [result.part.name.lower() for result in results if result.outcome.name == "FAILED"]
        shown["readiness"] = {"received": tested[0], "failed": failed}
    return shown


def _line(state: TerminalState, shown: dict[str, object]) -> str:
    words = [f"{state.place.name:8} {state.state:9} {state.place.site}"]
    if shown["digits"]:
        words.append(f"its screen must show {shown['digits']}")
    if state.heard is not None:
        words.append(f"heard {_when(state.heard)}")
    words += [f"{word.replace('_', ' ')} since {_when(since)}" for word, since in state.conditions.items()]
    return "; ".join(words)


def _when(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%SZ}"


def _shown_settings(settings: TerminalSettings) -> dict[str, object]:
    return {
        "number": settings.number,
        "hours": settings.hours,
        "languages": settings.languages,
        "volume": settings.volume,
        "closed": [date.fromordinal(_EPOCH_ORDINAL + day).isoformat() for day in settings.closed_days],
        "vault_when_revoked": settings.vault_when_revoked,
    }


def _hours(text: str) -> tuple[tuple[Opening, ...], ...] | None:
    """Read opening hours as they are typed; raises TerminalRefused."""
    try:
        week = None if text.strip() == "own" else read_week(text)
    except NotHours as error:
        raise TerminalRefused("bad_value", str(error)) from None
    if not text.strip():
        raise TerminalRefused("bad_value", "expected hours like mon-thu 07:30-14:00; `own` is every hour")
    return week


def _languages(text: str) -> tuple[str, ...]:
    """Read languages as they are typed, each once; raises TerminalRefused for one that no terminal speaks."""
    words, known = dict.fromkeys(text.replace(" ", "").split(",")), [one.name.lower() for one in Language]
    if unknown := [word for word in words if word not in known]:
        raise TerminalRefused("bad_value", f"unknown language {unknown[0]!r}; expected some of {', '.join(known)}")
    return tuple(words)


def _day_number(day: date) -> int:
    return day.toordinal() - _EPOCH_ORDINAL


@contextmanager
def _opened(data: Path) -> Generator[Office]:
    with open_office(data, create=False) as office:
        yield office


def _write(office: Office, work: Callable[[sqlite3.Connection], T]) -> T:
    return office.execute_write(work).result()


def _ca_hash(office: Office) -> bytes:
    if not office.origin:
        words = "it is not known where terminals reach this office: write its origin in office.toml, or start `serve`"
        raise TerminalRefused("no_origin", words)
    return ca_hash_of(office.data, office.settings.ministry, office.origin, office.clock())
