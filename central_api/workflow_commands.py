"""python -m central_api workflow: the tables, and what they leave to the office's days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from cyclopts import App

from central_api.contract.catalogue import catalogue
from central_api.contract.numbers import show_tracking_number
from central_api.publish import publish_all, publish_pending
from central_api.store import decrees, learning, migrations, open_office
from central_api.store.nightly import do_night
from central_api.store.people import COMMAND_LINE
from central_api.store.redating import redate
from central_api.workflow import Role, read_table, shipped_sources
from central_api.workflow.calendar import Frozen
from central_api.workflow.draw import draw
from central_api.workflow.expected import Judged, Place, Range, back_test

from .answers import Data, Failed, Flag, Json, counted, say, text_of

app = App(name="workflow", help="The workflow tables, and what the office's days make of them.")


@app.command(name="check")
def check_tables(*files: Path, as_json: Json = False) -> None:
    """Check workflow tables: the files given, or those that this edition ships."""
    sources = [(str(path), text_of(path)) for path in files] or list(shipped_sources())
    tables = [read_table(text, name) for name, text in sources]
    checked = [{"family": table.key, "version": table.version, "kinds": len(table.kinds)} for table in tables]
    say({"tables": checked}, as_json, f"{counted(len(tables), 'table')} {'holds' if len(tables) == 1 else 'hold'}")


@app.command(name="draw")
def draw_tables(*files: Path, language: Literal["ar", "fr", "en"] = "en") -> None:
    """Draw workflow tables as Mermaid diagrams: the files given, or those that this edition ships."""
    sources = [(str(path), text_of(path)) for path in files] or list(shipped_sources())
    for name, text in sources:
        print(f"%% {name}\n{draw(read_table(text, name), language)}")


@app.command
def expect(*, data: Data, before: date | None = None, publish: Flag = False, as_json: Json = False) -> None:
    """Say how many working days each step usually takes: of ten files eight lie within; nothing under 20 cases.

    --publish tells it to visitors, where it moved by more than its rounding; `serve` does that each night. With
    --before DATE it judges itself: from that day on it learns anew each week from what was known then, and says how
    many of the files that came later lay within what they were told.
    """
    with open_office(data, create=False) as office:
        if before is not None:
            known = learning.stays(office.own_reader, office.calendar)
            start = datetime(before.year, before.month, before.day, tzinfo=UTC).timestamp()
            clock = office.calendar.clock
            _say_judged(list(back_test(known, clock(int(start)), clock(office.clock()))), as_json)
            return
        changed = None
        if publish:
            changed = learning.refresh(office)
            publish_all(office)
        ranges = learning.learnt(office)
    shown = [_shown(place, usual) for place, usual in sorted(ranges.items())]
    lines = [
        f"{one['family']} {one['kind']} {one['region'] or 'all'} {one['step']}: {one['working_days']}" for one in shown
    ]
    told = {} if changed is None else {"changed": changed}
    say({"expected": shown, **told}, as_json, "\n".join(lines) or "not known yet: too few cases")


@app.command
def night(*, data: Data, as_json: Json = False) -> None:
    """Do the work of the night by hand: tell how long steps take, record the files past their limit, each once, and
    move the last days to object that a change of calendar.toml moved."""
    with open_office(data, create=False) as office:
        done = do_night(office)
        publish_all(office)
    line = f"{done.told} durations told anew, {done.late} files recorded as late, {done.redated} given another last day"
    say({"told": done.told, "late": done.late, "redated": done.redated}, as_json, line)


@app.command
def freeze(first: date, last: date, *, data: Data, decree: str, as_json: Json = False) -> None:
    """Let no time limit run from FIRST to LAST, both included, by a DECREE that is named: an event of the register."""
    with open_office(data, create=False) as office:
        one, now = Frozen(first, last, decree), office.clock()
        office.execute_write(lambda connection: decrees.freeze(connection, one, COMMAND_LINE, now)).result()
        moved = redate(office)
        publish_pending(office)
    _say_days({"first": first.isoformat(), "last": last.isoformat(), "frozen": True, "moved": moved}, as_json)


@app.command
def unfreeze(first: date, last: date, *, data: Data, as_json: Json = False) -> None:
    """Let time limits run again on days that `freeze` froze, by mistake or until another decree."""
    with open_office(data, create=False) as office:
        now = office.clock()
        office.execute_write(lambda c: decrees.unfreeze(c, first, last, COMMAND_LINE, now)).result()
        moved = redate(office)
        publish_pending(office)
    _say_days({"first": first.isoformat(), "last": last.isoformat(), "frozen": False, "moved": moved}, as_json)


def _say_days(answer: dict[str, object], as_json: bool) -> None:
    runs = "no time limit runs" if answer["frozen"] else "time limits run again"
    words = f"from {answer['first']} to {answer['last']} {runs}; {answer['moved']} rejections have another last day"
    say(answer, as_json, words)


@app.command
def migrate(*, data: Data, family: str, to: int, apply: Flag = False, as_json: Json = False) -> None:
    """Move the applications of a family that are under way to version TO of its table: tried first, then with --apply.

    What has ended stays under its version. What cannot be mapped is named, with why, and stays, too: exit 1. Killed, it
    goes on when it is called again.
    """
    with open_office(data, create=False) as office:
        table = migrations.version_of(office, family, to)
        result = migrations.migrate(office, table, apply=apply)
        if apply:
            publish_all(office)
    refused = [{"tracking": tracking, "why": why} for tracking, why in result.refused]
    answer: dict[str, object] = {"applied": apply, "moved": result.moved, "ended": result.ended, "refused": refused}
    line = f"{result.moved} {'moved' if apply else 'would move'}, {result.ended} had ended and stay"
    lines = [line, *(f"{show_tracking_number(tracking)}: {why}" for tracking, why in result.refused)]
    if refused:
        raise Failed(answer, "\n".join(lines))
    say(answer, as_json, line)


def _shown(place: Place, usual: Range) -> dict[str, object]:
    words = catalogue()
    family, kind, region, role = place
    key = words.families.key(family) or ""
    return {
        "family": key,
        "kind": words.services[key].key(kind),
        "region": words.regions.key(region) if region else None,
        "step": Role(role).word,
        "working_days": list(usual.days),
        "median": round(usual.median, 1),
        "cases": usual.cases,
    }


def _say_judged(judged: Sequence[Judged], as_json: bool) -> None:
    covered, count = sum(one.held_days for one in judged), len(judged)
    steps = {
        Role(role).word: _share([one.held_days for one in judged if one.stay.place[3] == role])
        for role in sorted({one.stay.place[3] for one in judged})
    }
    answer = {"covered": covered, "judged": count, "share": _share([one.held_days for one in judged]), "steps": steps}
    line = f"{covered} of {count} later files lay within what they were told" if count else "not known yet"
    say(answer, as_json, line)


def _share(held: Sequence[bool]) -> float | None:
    return round(sum(held) / len(held), 4) if held else None
