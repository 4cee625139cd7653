"""python -m central_api: the office from the command line.

Each command says in one line what it did, or with --json as one JSON object; it exits 0, 1 (it failed, and why) or
2 (wrong use).
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
from cyclopts import App, Parameter, validators

from central_api.imports import Imported, Profile, import_file, profile_of
from central_api.publish import content_file, publish_all, publish_pending, snapshot_file
from central_api.store import ActionRefused, Office, open_office
from central_api.workflow import RefusalCode

from . import (
    audit_commands,
    card_commands,
    content_commands,
    key_commands,
    people_commands,
    slip_commands,
    sms_commands,
    terminal_commands,
    workflow_commands,
)
from .answers import TOLD, Data, Failed, Flag, Json, explain, nobody_reads, say, shown_of
from .slip_commands import Slip, draw_given, say_given

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from central_api.web.desk import Desk

app = App(name="python -m central_api", help="The office: its register, its slips, and what terminals ask.")
for part in (
    slip_commands,
    workflow_commands,
    audit_commands,
    terminal_commands,
    key_commands,
    card_commands,
    content_commands,
    people_commands,
    sms_commands,
):
    app.command(part.app)
app.command(terminal_commands.list_terminals, name="terminals")
app.command(people_commands.assign)
app.command(people_commands.feeder_app)

Codes = Annotated[list[str] | None, Parameter(negative=())]


@app.command
def submit(
    *,
    data: Data,
    family: str,
    kind: str,
    phone: str,
    region: str = "beirut",
    filed_at: str | None = None,
    language: str = "ar",
    document_number: str | None = None,
    identity_card: str | None = None,
    card_uid: str | None = None,
    earlier: str | None = None,
    slip: Slip = None,
    as_json: Json = False,
) -> None:
    """Take an application in, and give out its slip and secret code.

    --document-number is that of the holder's passport or residence permit, like P-LBN-LR1234567: first letter of its
    machine readable lines, issuing state, number. Its chip then opens the application at a terminal. --identity-card is
    the number on an identity card, --card-uid that of a contactless card, in hex: they open it with a one-time code
    sent to the phone. Each is the applicant's or the registered representative's, never by itself the worker's; the
    office keeps a keyed index of it alone. --earlier is the number of the application that this kind requires, or
    `paper` where that was shown on paper.
    """
    with open_office(data) as office:
        given = office.submit(
            family,
            kind,
            region=region,
            filed_at=filed_at,
            phone=phone,
            document=document_number,
            identity_card=identity_card,
            card_uid=card_uid,
            earlier=earlier,
            language=language,
        )
        publish_pending(office)
        draw_given(office, slip, given)
    say_given(given, as_json, "taken in")


@app.command
def act(
    tracking: str,
    action: str,
    *,
    data: Data,
    role: str,
    region: str | None = None,
    reason: Codes = None,
    document: Codes = None,
    deadline: date | None = None,
    acting: Flag = False,
    as_json: Json = False,
) -> None:
    """Move an application along its chain.

    ACTION is accept, approve, return, resubmit, reject or sign; approve also stands for any step's own word. A
    rejection is objected to by `object`, which `grant` or `dismiss` decides on.
    """
    with open_office(data, create=False) as office:
        acted = office.act(
            tracking,
            action,
            role=role,
            region=region,
            reasons=reason or (),
            documents=document or (),
            deadline=deadline,
            acting=acting,
        )
        published = publish_pending(office)
        shown = shown_of(office, office.known(tracking))
    shown = {"action": acted.action.word, **shown, "position": published.position}
    now = shown["at"] or "nobody"
    say(shown, as_json, f"{acted.action.word}: the application is {shown['state']}, now with {now}")


@app.command
def answer(tracking: str, agency: str, verdict: str, *, data: Data, as_json: Json = False) -> None:
    """Record what another administration answered: VERDICT is ok or failed."""
    if verdict not in {"ok", "failed"}:
        raise ActionRefused(RefusalCode.UNKNOWN_CODE, f"unknown verdict {verdict!r}; expected one of ok, failed")
    with open_office(data, create=False) as office:
        office.answer_check(tracking, agency, verdict == "ok")
        publish_pending(office)
        shown = shown_of(office, office.known(tracking))
    say(shown, as_json, f"{agency} answered: {verdict}")


@app.command
def show(tracking: str, *, data: Data, as_json: Json = False) -> None:
    """Show where an application stands."""
    with open_office(data, create=False) as office:
        shown = shown_of(office, office.known(tracking))
    say(shown, as_json, f"{shown['family']} {shown['kind']}: {shown['state']}, now with {shown['at'] or 'nobody'}")


@app.command
def suspend(*, data: Data, role: str, region: str | None = None, as_json: Json = False) -> None:
    """Record that a unit does not work: visitors whose files lie there are told."""
    with open_office(data, create=False) as office:
        office.suspend_unit(role, region)
        publish_all(office)
    say({"role": role, "region": region, "suspended": True}, as_json, f"{role} is suspended")


@app.command
def resume(*, data: Data, role: str, region: str | None = None, as_json: Json = False) -> None:
    """Record that a unit works again."""
    with open_office(data, create=False) as office:
        office.resume_unit(role, region)
        publish_all(office)
    say({"role": role, "region": region, "suspended": False}, as_json, f"{role} works again")


@app.command(name="import")
def import_changes(file: Path, *, data: Data, profile: str = "", dry_run: Flag = False, as_json: Json = False) -> None:
    """Apply what an older system reports, from a CSV or JSONL file; refused rows are written beside it.

    --profile names how the file is written, as kept by `feeder profile set`.

    --dry-run says of the first 20,000 rows what would become of them, and applies none.
    """
    with open_office(data) as office:
        bar = sys.stderr.isatty() and not dry_run
        written = profile_of(office, profile)
        if bar:
            counts = _import_with_bar(office, file, written)
        else:
            counts = import_file(office, file, dry_run=dry_run, profile=written)
        publish_pending(office)
    refused_file = str(counts.refused_file) if counts.refused_file else None
    line = f"{counts.read} rows read: {counts.applied} applied, {counts.unchanged} unchanged, {counts.refused} refused"
    shown = {**asdict(counts), "refused_file": refused_file}
    say(shown, as_json, f"{line}, see {refused_file}" if refused_file else line)


def _import_with_bar(office: Office, file: Path, profile: Profile | None) -> Imported:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(file.name, total=file.stat().st_size)
        return import_file(office, file, lambda done: bar.update(task, completed=done), profile=profile)


@app.command
def snapshot(*, data: Data, out: Path, as_json: Json = False) -> None:
    """Write everything that is published to one signed file, for a USB stick, and istilam-content beside it."""
    with open_office(data, create=False) as office:
        _write_whole(out, snapshot_file(office))
        content = content_file(office)
    if content is not None:
        _write_whole(out.with_name("istilam-content"), [content])
    written = {"bytes": out.stat().st_size, "content": len(content or b"")}
    say(written, as_json, f"{written['bytes']} bytes written, and {written['content']} of content beside them")


def _write_whole(path: Path, parts: Iterable[bytes]) -> None:
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


@app.command
def serve(
    *,
    data: Data,
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 8400,
    bind: str = "127.0.0.1",
    tls: Flag = False,
    demo: Flag = False,
    practice: Flag = False,
    loopback_terminals: Flag = False,
) -> int:
    """Serve terminals and phones over HTTP.

    --tls serves HTTPS by the office's own certificate, which terminals pin. --demo fills an empty folder with invented
    applications; --practice serves such an office for training, in the folder `practice` of DATA: a coloured frame
    stands around its pages, and live terminals refuse its slips. Who may sign in to either is in its staff.json.
    --loopback-terminals lets in terminals that nobody enrolled, on loopback alone.
    """
    from central_api import web

    try:
        return web.serve(
            data,
            port=port,
            bind=bind,
            tls=tls,
            demo=demo,
            practice=practice,
            loopback_terminals=loopback_terminals,
            console=_console(),
        )
    except web.NotOnLoopback as error:
        raise Failed({"error": "not_on_loopback"}, str(error)) from None
    except web.NoOrigin as error:
        raise Failed({"error": "no_origin"}, str(error), exit_code=2) from None


def _console() -> "Callable[[Desk], ASGIApp] | None":
    """Return what makes the console; None where it is not installed: terminals and phones are served all the same."""
    if any(find_spec(name) is None for name in ("argon2", "jinja2", "pyotp")):
        return None
    from central_api.console import make_console

    return make_console


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # What is there to say is said in one line by the command; `serve` logs more, and says how.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    try:
        answer: object = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except TOLD as error:
        if isinstance(error, BrokenPipeError) and nobody_reads():
            return 1
        exit_code, found, words = explain(error)
        print(f"error: {words}", file=sys.stderr)
        if "--json" in arguments:
            print(json.dumps({**found, "words": words}, ensure_ascii=False))
        return exit_code
    return answer if isinstance(answer, int) else 0


if __name__ == "__main__":
    sys.exit(main())
