"""The whole demo passes through one terminal; then its disk and its journal are searched for everybody in it."""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from .people import OfficeDesk, printer, standing, wait_for

_PREFIX = 4


def spellings(secret: str) -> Iterator[bytes]:
    """How a disk may hold a text: plain, either case, UTF-16, hex, and base64 wherever it begins in a longer text."""
    for text in {secret, secret.lower()}:
        for plain in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
            yield plain
            yield plain.hex().encode()
            yield plain.hex().upper().encode()
            for offset in range(3):
                encoded = base64.b64encode(bytes(offset) + plain)
                begin = -(-offset * 4 // 3)
                yield encoded[begin : (offset + len(plain)) // 3 * 4]


def grouped(tracking: str) -> str:
    return f"{tracking[:2]}-{tracking[2:6]}-{tracking[6:10]}-{tracking[10:]}"


def everybody(office: Path) -> Iterator[bytes]:
    """All that the demo's office knows of anybody, in every spelling: numbers, phones, older numbers, slips' keys."""
    with sqlite3.connect(office / "office.db") as register:
        for tracking, legacy in register.execute("SELECT tracking, legacy_number FROM application"):
            number = f"{tracking:011d}"
            yield b"\x1b" + tracking.to_bytes(8, "big")  # as CBOR holds it
            for text in (number, grouped(number), *([legacy] if legacy else [])):
                yield from spellings(text)
        for (personal,) in register.execute("SELECT value FROM personal"):
            yield from spellings(personal)
            yield from spellings(personal[-8:])
    for slip in json.loads((office / "slips" / "slips.json").read_text()):
        if "#" in slip["text"]:
            yield from spellings(slip["text"].partition("#")[2].rpartition(".")[2])


class Search:
    """Many texts looked for in one pass."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._by_prefix: dict[bytes, list[bytes]] = {}
        for needle in set(needles):
            if len(needle) >= 8:
                self._by_prefix.setdefault(needle[:_PREFIX], []).append(needle)

    def found_in(self, content: bytes) -> list[bytes]:
        return [
            needle
            for at in range(len(content))
            for needle in self._by_prefix.get(content[at : at + _PREFIX], ())
            if content.startswith(needle, at)
        ]


def test_a_search_finds_what_lies_in_any_spelling() -> None:
    search = Search(spellings("26318283312"))
    for text in ("26318283312", "x26318283312", "xx26318283312y"):
        for encoded in (text.encode(), text.encode("utf-16-le")):
            for stored in (encoded, encoded.hex().encode(), base64.b64encode(encoded)):
                assert search.found_in(b"\0\1" + stored)
    assert not search.found_in(b"26318283313")


@pytest.mark.timeout(240)
def test_of_everybody_in_the_demo_nothing_lies_on_the_terminals_disk(tmp_path: Path) -> None:
    office = OfficeDesk(tmp_path)
    with office.open("--demo"), printer(tmp_path) as lobby:
        slips = json.loads((office.data / "slips" / "slips.json").read_text())
        with standing(tmp_path, office.url, printer=lobby.address) as terminal:
            terminal.ready(printer="ok", link_cut=False)
            wait_for("the whole feed", lambda: _held(terminal.data) >= 2000)
            for slip in slips:
                terminal.scanner.reads(slip["text"])
                if terminal.sees("ShowStatus", "Problem")["drawn"] == "ShowStatus" and slip is slips[0]:
                    terminal.presses("print")
                    terminal.sees("Printed")
                terminal.presses("finish")
                terminal.sees("Home")
        kinds = {screen.get("kind") for screen in terminal.screens if screen["drawn"] == "Problem"}
        assert kinds == {"replaced", "foreign", "not_a_slip"}
        # One that is cut off over a visit leaves no more than one that was stopped.
        with standing(tmp_path, office.url, printer=lobby.address) as cut:
            cut.ready()
            cut.scanner.reads(slips[0]["text"])
            cut.sees("ShowStatus")
            cut.killed()
    search = Search(everybody(office.data))
    files = [path for path in terminal.data.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"vault.sqlite", "print-journal", "visit-open"}
    for path in files:
        assert search.found_in(path.read_bytes()) == [], path.name
        assert search.found_in(path.name.encode()) == []
    assert search.found_in(terminal.journal.encode()) == []


def _held(data: Path) -> int:
    with sqlite3.connect(f"file:{data / 'vault.sqlite'}?mode=ro", uri=True) as vault:
        return vault.execute("SELECT count(*) FROM statuses").fetchone()[0]


def _published(office: Path) -> int:
    """How many slots the office's feed speaks of."""
    with sqlite3.connect(f"file:{office / 'office.db'}?mode=ro", uri=True) as register:
        return register.execute("SELECT count(*) FROM sealed").fetchone()[0]
