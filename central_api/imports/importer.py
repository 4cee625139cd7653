"""Importing what older systems report: in chunks, each one transaction, so that a kill leaves whole chunks only.

What is applied is *reported by* its system, never a signature; it follows the same order as our own acts. A row that
was applied before is counted as unchanged, whoever sends it again.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, cast

from msgspec.structs import replace
from structlog import get_logger
from structlog.typing import FilteringBoundLogger

from central_api.store import ActionRefused, Office, encode_act, feeders, find_all, outbox, register
from central_api.store.events import PHONE
from central_api.store.filed import INSERT_APPLICATION, UPDATE_STANDING, application_row, marks, standing_row
from central_api.store.pace import keep_pace, somebody_publishes
from central_api.store.register import Intake
from central_api.workflow import Filing

from .files import Read, RefusedFile, WrongFile, open_rows
from .known import File, Known, Name
from .profiles import Profile, read_profile
from .rows import Change, Particulars, RowRefused, read_row

CHUNK: Final = 500
# Where an office serves, those who act wait for one chunk at most: on a register of a million applications, of which
# hardly two rows share a page, some milliseconds. Who publishes what it brings has no more done meanwhile.
SHORT: Final = 25
MOST_TRIED: Final = 20_000
"""How many rows a dry run looks at: what it would do is kept in memory."""
_log = cast(FilteringBoundLogger, get_logger())


@dataclass(slots=True)
class Imported:
    """Counts of rows, and where the refused ones are (None if there are none)."""

    read: int = 0
    applied: int = 0
    unchanged: int = 0
    refused: int = 0
    refused_file: Path | None = None


def import_file(
    office: Office,
    path: Path,
    progress: Callable[[int], object] = lambda _bytes: None,
    *,
    families: frozenset[int] | None = None,
    dry_run: bool = False,
    profile: Profile | None = None,
) -> Imported:
    """Apply a CSV or JSONL file, written as `profile` says. `progress` is told the bytes read so far, after each chunk.

    `families` are those that who sends it may touch, None for every one. A dry run says of the first rows what would
    become of them, and writes nothing.

    Raises WrongFile, OSError, StoreFailed; what was applied until then stays, and is unchanged when it is sent again.
    """
    counts = Imported()
    with path.open("rb") as file:
        source = open_rows(file, path, profile)
        refused = RefusedFile(path, source)
        with refused.opened():
            rows = source.rows()
            chunk = _read(rows, _size(office))
            known = Known()
            trial = _Chunk(office, office.own_reader, {}, families, dry=True) if dry_run else None
            while chunk.rows and not (dry_run and counts.read >= MOST_TRIED):
                so_far = file.tell()
                applying = _apply(office, chunk.changes, known, families, trial)
                following = _read(rows, _size(office))
                _account(chunk, applying.result(), counts, refused)
                progress(so_far)
                keep_pace(office.data, office.own_reader)
                chunk = following
        counts.refused_file = refused.path if counts.refused else None
    _log.info("imported", read=counts.read, applied=counts.applied, refused=counts.refused)
    return counts


def _size(office: Office) -> int:
    return SHORT if somebody_publishes(office.data) else CHUNK


def profile_of(office: Office, name: str) -> Profile | None:
    """Return a profile that is kept; None for no name. Raises WrongFile."""
    if not name:
        return None
    source = feeders.profiles(office.own_reader).get(name)
    if source is None:
        raise WrongFile("there is no profile of this name: feeder profile list")
    return read_profile(source)


@dataclass(slots=True)
class _Rows:
    """Some rows of a file: what they say, and by line, why one was refused."""

    rows: Sequence[Read]
    changes: list[Change] = field(default_factory=list[Change])
    reasons: dict[int, str] = field(default_factory=dict[int, str])


def _read(rows: Iterator[Read], most: int) -> _Rows:
    chunk = _Rows(list(islice(rows, most)))
    for line, row, _source in chunk.rows:
        try:
            if isinstance(row, str):
                raise RowRefused(row)
            chunk.changes.append(read_row(row, line))
        except RowRefused as error:
            chunk.reasons[line] = str(error)
    return chunk


def _apply(
    office: Office, changes: Sequence[Change], known: Known, families: frozenset[int] | None, trial: "_Chunk | None"
) -> "Future[_Done]":
    """Apply changes; returns as soon as only the disk is at work, so that the next rows are read meanwhile."""
    if trial is not None:
        tried: Future[_Done] = Future()
        tried.set_result(trial.apply(changes))
        return tried
    drawn = _look_ahead(office, changes, families) if somebody_publishes(office.data) else None
    applied = threading.Event()

    def work(connection: sqlite3.Connection) -> _Done:
        chunk = _Chunk(office, connection, known.files(connection), families, numbers=drawn)
        done = chunk.apply(changes)
        known.keep(connection, chunk.used.values())
        applied.set()
        return done

    future = office.write_chunk(work)
    # Where the register could not be written, the work was not even begun.
    future.add_done_callback(lambda _: applied.set())
    applied.wait()
    return future


def _look_ahead(office: Office, changes: Sequence[Change], families: frozenset[int] | None) -> Mapping[int, str]:
    """Read what changes will touch before their turn, so that nobody waits for a disk; returns numbers they may take.

    A number of ours, a phone number and a place in a queue lie anywhere: in a large register, each on a page of its own
    that nobody has read lately.
    """
    trial = _Chunk(office, office.own_reader, {}, families, dry=True)
    trial.apply(changes)
    trial.read_places()
    return trial.numbers


def _account(chunk: _Rows, done: "_Done", counts: Imported, refused: RefusedFile) -> None:
    reasons = chunk.reasons | done.reasons
    if reasons:
        for line, _row, source in chunk.rows:
            if line in reasons:
                refused.add(line, reasons[line], source)
        refused.flush()
    counts.read += len(chunk.rows)
    counts.applied += done.applied
    counts.unchanged += done.unchanged
    counts.refused += len(reasons)


@dataclass(slots=True)
class _Done:
    applied: int = 0
    unchanged: int = 0
    reasons: dict[int, str] = field(default_factory=dict[int, str])


class _Chunk:
    """One transaction: reads what its rows concern once, applies them in memory, and writes everything at its end."""

    def __init__(
        self,
        office: Office,
        connection: sqlite3.Connection,
        files: dict[Name, File],
        families: frozenset[int] | None = None,
        *,
        numbers: Mapping[int, str] | None = None,
        dry: bool = False,
    ) -> None:
        self._office = office
        self._families = families
        self._dry = dry
        self._connection = connection
        self._recorded = office.clock()
        self._files = files
        self.used: dict[int, File] = {}
        self._touched: dict[int, File] = {}
        self._kind = cache(office.tables.kind)
        self.numbers = numbers or {}
        self._next_row = register.next_row(connection)
        self._next_seq = register.next_sequence(connection)
        self._events: list[tuple[int, int, bytes]] = []
        self._personal: list[tuple[int, int, bytes, str]] = []
        self._imported: list[tuple[int, int]] = []
        self._messages: list[outbox.Row] = []

    def apply(self, changes: Sequence[Change]) -> _Done:
        self._open_all(changes)
        done = _Done()
        for change in changes:
            try:
                if self._change(change):
                    done.applied += 1
                else:
                    done.unchanged += 1
            except ActionRefused as refused:
                done.reasons[change.line] = refused.words
            except RowRefused as refused:
                done.reasons[change.line] = str(refused)
        if not self._dry:
            self._write()
        return done

    def _change(self, change: Change) -> bool:
        """Apply one row; False if it was applied before. Raises ActionRefused, RowRefused."""
        file = self._file(change)
        if file is not None and change.fingerprint in file.applied:
            return False
        if change.at > self._recorded:
            raise RowRefused("it is dated in the future")
        if self._families is not None and self._family(change, file) not in self._families:
            raise RowRefused("this key may not touch this family")
        if change.intake is not None:
            if file is not None:
                raise RowRefused("this legacy_number was taken in already, with other particulars")
            file = self._submit(change, change.intake)
        elif file is None:
            raise RowRefused("no application has this number: the first row of a legacy_number is its submit")
        else:
            self._act(file, change)
        self._touched[file.filed.row] = self.used[file.filed.row] = file
        file.applied.add(change.fingerprint)
        self._imported.append((file.filed.row, change.fingerprint))
        return True

    def _family(self, change: Change, file: File | None) -> int:
        wanted = change.intake
        if wanted:
            return self._kind(wanted.family, wanted.kind, 0)[0].family
        return file.filed.filing.family if file else 0

    def _open_all(self, changes: Sequence[Change]) -> None:
        """Read the applications of the whole chunk, and what was applied to them, in few statements.

        Numbers are drawn for whatever may be new, unless they were a moment ago.
        """
        intakes = {change.line: change.at for change in changes if change.intake is not None}
        drawn = [*self.numbers.values()]
        numbers = register.draw_numbers(self._connection, [*intakes.values()], drawn)
        self.numbers = dict(zip(intakes, numbers, strict=True))
        names = {_name(change) for change in changes}.difference(self._files)
        legacy, tracking = {name for name in names if name[0]}, {number for system, number in names if not system}
        known = find_all(self._connection, legacy, tracking)
        applied: dict[int, set[int]] = {filed.row: set() for filed in known}
        query = f"SELECT application, fingerprint FROM imported WHERE application IN ({marks(applied)})"
        for row, fingerprint in self._connection.execute(query, tuple(applied)):
            applied[row].add(fingerprint)
        for filed in known:
            file = File(filed, self._office.kind_of(filed), filed.standing, new=False, applied=applied[filed.row])
            self.used[filed.row] = file
            self._files.update(dict.fromkeys(file.names, file))

    def _file(self, change: Change) -> File | None:
        file = self._files.get(_name(change))
        if not change.tracking:
            return file
        theirs = file.filed.legacy_number if file else None
        if change.legacy_number and theirs not in {None, change.legacy_number}:
            raise RowRefused("its tracking number and its legacy_number belong to two applications")
        return file

    def _submit(self, change: Change, wanted: Particulars) -> File:
        office, said = self._office, change.said
        region = said.act.region or 0
        table, kind = self._kind(wanted.family, wanted.kind, region)
        filing = Filing("", table.family, kind.code, table.version, region, wanted.filed_at, wanted.language)
        intake = Intake(kind, filing, change.at, wanted.phone, said.system, change.legacy_number)
        secret_id = office.settings.secret
        tracking = self.numbers[change.line]
        filed = register.new_filed(intake, tracking, secret_id, office.secret(secret_id), row=self._next_row)
        self._next_row += 1
        file = File(filed, kind, filed.standing, new=True, applied=set())
        self._files[said.system, change.legacy_number] = file
        event, personal = register.submit_event(filed, intake, self._recorded, self._next_seq)
        self._personal += personal
        self._event(filed.row, event)
        return file

    def _act(self, file: File, change: Change) -> None:
        filed = file.filed
        act, file.standing = register.judge(file.kind, filed.filing, file.standing, change.said.act, change.at)
        if told := outbox.ending(file.standing, change.at, self._recorded):
            self._messages.append(outbox.message_row(self._next_seq, filed.row, told, self._recorded))
        self._event(filed.row, encode_act(act, self._recorded, filed.filing.tracking))

    def _event(self, row: int, event: bytes) -> None:
        self._events.append((self._next_seq, row, event))
        self._next_seq += 1

    def read_places(self) -> None:
        """Read the pages that this chunk would be written to, as far as applying it has not."""
        read, touched = self._connection.execute, self._touched.values()
        phones = [value for _event, field, _salt, value in self._personal if field == PHONE]
        read(f"SELECT count(*) FROM personal WHERE field = {PHONE} AND value IN ({marks(phones)})", phones).fetchall()
        rows = [file.filed.row for file in touched]
        read(f"SELECT max(seq) FROM event WHERE application IN ({marks(rows)})", rows).fetchall()
        for file in touched:
            for standing in (file.filed.standing, file.standing):
                _standing, unit, since, _row = standing_row(file.filed, file.kind, standing)
                read("SELECT 1 FROM application WHERE unit = ? AND since = ?", (unit, since)).fetchone()

    def _write(self) -> None:
        touched = self._touched.values()
        many = self._connection.executemany
        new = [application_row(replace(file.filed, standing=file.standing), file.kind) for file in touched if file.new]
        many(INSERT_APPLICATION, new)
        many(UPDATE_STANDING, [standing_row(file.filed, file.kind, file.standing) for file in touched if not file.new])
        many("INSERT INTO event (seq, application, body) VALUES (?, ?, ?)", self._events)
        many(register.INSERT_PERSONAL, self._personal)
        outbox.put(self._connection, self._messages)
        many("INSERT INTO imported (application, fingerprint) VALUES (?, ?)", self._imported)


def _name(change: Change) -> Name:
    return (0, change.tracking) if change.tracking else (change.said.system, change.legacy_number)
