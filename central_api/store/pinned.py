"""The workflow tables of an office: those it ships with, its own, and every version that applications follow."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office as Unit
from central_api.workflow import Fault, InvalidTable, Kind, Table, read_table, shipped_sources, unit_of
from central_api.workflow.lines import line_of
from central_api.workflow.reading import text_in

from . import codes

Source = tuple[str, Table]


class PinnedTables:
    """Tables by family and version. The register keeps each text, so an edited file never changes what is under way."""

    def __init__(self, data: Path, reader: sqlite3.Connection) -> None:
        self._reader = reader
        self._tables: dict[tuple[int, int], Table] = {}
        self._read_pinned()
        self._missing: list[Source] = []
        own = sorted((data / "workflow").glob("*.toml"))
        named = [*shipped_sources(), *((path.name, text_in(path)) for path in own)]
        for name, text in named:
            self._compare(name, text)

    def missing(self) -> list[Source]:
        """Return the tables, with their texts, that the register does not hold yet."""
        return self._missing

    def pin(self, connection: sqlite3.Connection, sources: Iterable[Source]) -> None:
        """Write tables to the register, which keeps them for ever."""
        connection.executemany(
            "INSERT OR IGNORE INTO workflow (family, version, source) VALUES (?, ?, ?)",
            [(table.family, table.version, text) for text, table in sources],
        )

    def table(self, family: int, version: int) -> Table:
        """Return one version of a family's table; another process may just have pinned it."""
        if (family, version) not in self._tables:
            self._read_pinned()
        return self._tables[family, version]

    def current(self, family: str) -> Table:
        """Return the table that new applications of a family follow. Raises ActionRefused with the valid families."""
        versions = [table for table in self._tables.values() if table.key == family]
        if not versions:
            known = {table.key for table in self._tables.values()}
            raise codes.unknown("family", family, (key for key in catalogue().families.codes if key in known))
        return max(versions, key=lambda table: table.version)

    def kind(self, family: str, kind: str, region: int) -> tuple[Table, Kind]:
        """Return what new applications of a kind follow in a region. Raises ActionRefused with the valid keys."""
        table = self.current(family)
        for one in table.kinds.values():
            if one.key == kind:
                return table, table.kind(one.code, region)
        raise codes.unknown("kind", kind, (one.key for one in table.kinds.values()))

    def all(self) -> list[Table]:
        """Return every version of every table."""
        return list(self._tables.values())

    def units(self) -> dict[Unit, int]:
        """Return every unit of every chain, in the chains' order, with its latest time limit (working days)."""
        known = {
            unit_of(step, region): step.limit
            for table in self.all()
            for region in catalogue().regions.codes.values()
            for code in table.kinds
            for step in table.kind(code, region).steps
        }
        return dict(sorted(known.items(), key=lambda one: (one[0].role, one[0].region)))

    def _compare(self, name: str, text: str) -> None:
        table = read_table(text, name)
        kept = self._tables.get((table.family, table.version))
        if kept is None:
            self._tables[table.family, table.version] = table
            self._missing.append((text, table))
        elif kept != table:
            words = f"version {table.version} is in use and reads otherwise: expected a new version number"
            raise InvalidTable([Fault(name, line_of(text, ("version",)), "version", words)])

    def _read_pinned(self) -> None:
        rows = self._reader.execute("SELECT family, version, source FROM workflow").fetchall()
        for family, version, source in cast(list[tuple[int, int, str]], rows):
            if (family, version) not in self._tables:
                self._tables[family, version] = read_table(source, f"version {version}")
