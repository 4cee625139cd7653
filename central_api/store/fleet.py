"""How the terminals are: what each heartbeat tells, what is odd about it, and since when."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from central_api.contract.heartbeat import DeviceState, Heartbeat, decode_heartbeat

from .live import Facts, LastHeartbeat, Live
from .terminals import KeyState, KnownKey, Place, keys_of, places

SILENT_SECONDS: Final = 5 * 60
BEHIND_SECONDS: Final = 15 * 60
CLOCK_SECONDS: Final = 30
DISK_MB: Final = 200
HOT_TENTHS: Final = 700
_RUNS_KEPT: Final = 16
_FAULTS: Final = frozenset({DeviceState.PAPER_LOW, DeviceState.PAPER_OUT, DeviceState.COVER_OPEN, DeviceState.OFFLINE})
# What a later heartbeat does not take back: somebody has to look.
ALARMS: Final = ("copied_key", "another_machine", "head_disagrees")


@dataclass(frozen=True, slots=True)
class TerminalState:
    """One terminal as `terminals` tells it.

    `key`: the newest that counts, None before any asked; `heard`: when its last heartbeat came; `conditions`: what is
    not as it should be, since when. Times are seconds since 1970, UTC.
    """

    place: Place
    key: KnownKey | None
    heard: int | None
    report: Heartbeat | None
    conditions: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def state(self) -> str:
        """`waiting` (for a machine), `pending`, `accepted`, `refused` or `revoked`."""
        return "waiting" if self.key is None else self.key.state.name.lower()


def take_heartbeat(
    live: Live, register: sqlite3.Connection, key: KnownKey, body: bytes, now: int
) -> tuple[Heartbeat, bool, list[str]]:
    """Keep a report; returns it, whether its head is the register's own, and the alarms that are new.

    `register` is a connection that reads the office's register. Raises ContractError for what is no heartbeat.
    """
    report = decode_heartbeat(body)
    before = live.last(key.terminal)
    facts = Facts(key.key_id, {}, ()) if before is None else _facts_for(before.facts, key)
    agrees = head_agrees(register, report)
    run = (report.machine + report.run).hex()
    wrong = set(_conditions(report, now))
    wrong |= {word for word in ALARMS if word in facts.conditions}
    if not agrees:
        wrong.add("head_disagrees")
    if facts.runs and facts.runs[-1] != run:
        # A process that ended does not come back: if it reports again, two machines run with one key.
        if run in facts.runs:
            wrong.add("copied_key")
        elif facts.runs[-1][:16] != run[:16]:
            wrong.add("another_machine")
    runs = (*[known for known in facts.runs if known != run], run)[-_RUNS_KEPT:]
    conditions = {word: facts.conditions.get(word, now) for word in sorted(wrong)}
    live.put(key.terminal, LastHeartbeat(now, body, Facts(key.key_id, conditions, runs)))
    return report, agrees, [word for word in ALARMS if word in conditions and word not in facts.conditions]


def _facts_for(facts: Facts, key: KnownKey) -> Facts:
    """Return what was concluded before, as far as it is about the machine that has this key."""
    if facts.key_id == key.key_id:
        return facts
    # The machine's name in a report is made with its key, so a renewed key begins a new list of runs.
    return Facts(key.key_id, facts.conditions if facts.key_id == key.renews else {}, ())


def head_agrees(register: sqlite3.Connection, report: Heartbeat) -> bool:
    """Say whether the audit head that a terminal holds is the register's own; true where it tells none."""
    if report.head is None or not report.head_position:
        return True
    row = register.execute("SELECT head FROM event WHERE position = ?", (report.head_position,)).fetchone()
    return row is not None and row[0][:16] == report.head


def settle(live: Live, place: Place) -> list[str]:
    """Take back the alarms of a terminal, since somebody looked into them; returns which."""
    last = live.last(place.row)
    if last is None:
        return []
    alarms = [word for word in ALARMS if word in last.facts.conditions]
    rest = {word: since for word, since in last.facts.conditions.items() if word not in alarms}
    facts = Facts(last.facts.key_id, rest, last.facts.runs[-1:])
    live.put(place.row, LastHeartbeat(last.received, last.body, facts))
    return alarms


def fleet(register: sqlite3.Connection, live: Live, now: int) -> list[TerminalState]:
    """Return every terminal, in the order of names."""
    calls = {call.terminal: call.since for call in live.calls(now)}
    states = [_state(register, live, place, now) for place in places(register)]
    for state in states:
        if state.place.name in calls:
            state.conditions["help_wanted"] = calls[state.place.name]
    return states


def _state(register: sqlite3.Connection, live: Live, place: Place, now: int) -> TerminalState:
    keys = keys_of(register, place.row)
    ranked = (KeyState.ACCEPTED, KeyState.PENDING, KeyState.REVOKED, KeyState.REFUSED)
    key = next((key for state in ranked for key in keys if key.state is state), None)
    last = live.last(place.row)
    conditions: dict[str, int] = {}
    if key is not None and key.state is KeyState.ACCEPTED:
        if last is None or last.facts.key_id not in {known.key_id for known in _line(keys, key)}:
            conditions["never_heard"] = key.since
            last = None
        else:
            if now - last.received > SILENT_SECONDS:
                conditions["silent"] = last.received
            conditions |= last.facts.conditions
    if key is not None and key.state is not KeyState.PENDING and any(k.state is KeyState.PENDING for k in keys):
        conditions["another_waits"] = next(k.since for k in keys if k.state is KeyState.PENDING)
    report = None if last is None else decode_heartbeat(last.body)
    return TerminalState(place, key, None if last is None else last.received, report, conditions)


def _line(keys: list[KnownKey], key: KnownKey) -> Iterator[KnownKey]:
    """Yield a key and those that it took over from, one by one."""
    by_id = {known.key_id: known for known in keys}
    while True:
        yield key
        if key.renews is None:
            return
        key = by_id[key.renews]


def _conditions(report: Heartbeat, now: int) -> Iterator[str]:
    """Yield what one report tells that is not as it should be."""
    for device in report.devices:
        if device.state in _FAULTS:
            yield f"{device.kind.name}_{device.state.name}".lower()
    if report.synced is not None and now - report.synced > BEHIND_SECONDS:
        yield "behind"
    if report.offset is not None and abs(report.offset) > CLOCK_SECONDS:
        yield "clock_off"
    if report.mains is False:
        yield "on_battery"
    if report.disk_free is not None and report.disk_free < DISK_MB:
        yield "disk_low"
    if report.temperature is not None and report.temperature > HOT_TENTHS:
        yield "hot"
