"""`devices list` and `devices test` for a technician: what there is, how it is, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from devices.keypad.events import FIVE
from devices.plugged import Plugged
from devices.trial import try_keypad, try_scanner, words


@dataclass(frozen=True, slots=True)
class Said:
    """One result: for a script, for a person, and as an exit code."""

    report: dict[str, Any]
    sentence: str
    code: int


def scanner_state(address: str) -> tuple[str, str]:
    """State and what to do. Raises ValueError for what is no address of a scanner."""
    if address == "none":
        return "none", ""
    said = words(try_scanner(address, 0).state)
    return said.state, said.todo


def keypad_state(address: str) -> tuple[str, str]:
    """State and what to do. Raises ValueError for what is no address of a keypad."""
    if address == "none":
        return "none", ""
    said = words(try_keypad(address, 0).state)
    return said.state, said.todo


def test_scanner(address: str, seconds: float) -> Said:
    """Wait for one scan. Raises ValueError for what is no address of a scanner."""
    if address == "none":
        raise ValueError("no scanner is set")
    trial = try_scanner(address, seconds)
    said = words(trial.state)
    report: dict[str, Any] = {"read": trial.length is not None, "state": said.state, "do": said.todo}
    if trial.length is not None:
        return Said(report | {"bytes": trial.length}, f"read a code of {trial.length} bytes", 0)
    nothing = f"nothing was read within {seconds:g} s at {address}"
    return Said(report, "; ".join(filter(None, (nothing, said.state, said.todo))), 1)


def test_keypad(address: str, seconds: float) -> Said:
    """Wait for each key. Raises ValueError for what is no address of a keypad."""
    if address == "none":
        raise ValueError("no keypad is set")
    trial = try_keypad(address, seconds)
    said = words(trial.state)
    missing = [key.value for key in FIVE if key not in trial.pressed]
    jack = {True: "something is in the jack", False: "the jack is empty", None: "no word of a jack"}[trial.jack]
    keys = f"never pressed: {', '.join(missing)}" if missing else "all five keys answer"
    report = {"pressed": [key.value for key in trial.pressed], "missing": missing, "jack": trial.jack}
    sentence = "; ".join(filter(None, (keys, jack, said.state, said.todo)))
    return Said(report | {"state": said.state, "do": said.todo}, sentence, 1 if missing else 0)


def rows(set_: Iterable[tuple[str, str, tuple[str, str]]], there: list[Plugged]) -> list[dict[str, Any]]:
    """set_: kind, address, state and what to do of each device in the settings; there: what is plugged in."""
    by_address = {found.address: found for found in there}
    listed: list[dict[str, Any]] = []
    for kind, address, (state, todo) in set_:
        found = by_address.pop(address, None)
        listed.append({"kind": kind, "address": address, "set": True, **_about(found), "state": state, "do": todo})
    for address, found in by_address.items():
        state = {"state": "plugged in", "do": f"to use it, set it as the {found.kind}"}
        listed.append({"kind": found.kind, "address": address, "set": False, **_about(found), **state})
    return listed


def line(row: dict[str, Any]) -> str:
    """One row for a person."""
    about = " ".join(row[of] for of in ("name", "driver", "firmware") if row[of])
    words = "; ".join(filter(None, (row["state"], about, row["do"])))
    return f"{row['kind']:8} {row['address']:32} {'set' if row['set'] else 'not set':8} {words}"


def _about(found: Plugged | None) -> dict[str, str]:
    if found is None:
        return {"name": "", "driver": "", "firmware": ""}
    return {"name": found.name, "driver": found.driver, "firmware": found.firmware}
