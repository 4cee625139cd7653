"""Whatever the register says in its own words is said in the auditor's language."""

import re
from datetime import date
from pathlib import Path

import pytest

from central_api.console.spoken import number_beside, person, spoken
from central_api.console.words import tables
from central_api.store import Office, assignments, decrees, deeds, feeders, open_office, people, queues
from central_api.store.queues import Entry
from central_api.web.imports import feed
from central_api.workflow import Action, Duty
from central_api.workflow.calendar import Frozen

BY = people.COMMAND_LINE
ROWS = (
    "system,legacy_number,family,kind,action,role,region,phone,at\n"
    "legacy_companies,C-1,companies,permit,submit,,beirut,,2026-03-01T09:00:00+02:00\n"
)


def everything(office: Office, folder: Path) -> list[Entry]:
    """Do all that says something, and read it back."""
    now, unit = office.clock(), people.unit_named("registry/beirut")
    tracking = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    filed = office.known(tracking)

    def work(connection) -> None:
        for login, name in (("nada", "Nada (Beirut) holds"), ("rima", "ريما خوري")):
            people.add(connection, login, name, Duty.OFFICER, [unit], by=BY, now=now)
        nada, rima = (people.account_of(connection, login) for login in ("nada", "rima"))
        people.disable(connection, rima, True, by=nada.signed, now=now)
        people.disable(connection, rima, False, by=nada.signed, now=now)
        today = people.day_of(now)
        people.depute(connection, nada, nada, rima, unit, first=today, last=today + 3, now=now)
        people.end_deputation(connection, nada, 1, now)
        people.hold(connection, rima, [], by=BY, now=now)
        feeders.add_feeder(connection, "companies", ["companies", "recruitment"], 30, now)
        feeders.revoke_feeder(connection, "companies", now)
        feeders.put_profile(connection, "old", "", nada.signed, now)
        for looked_at in (f"file {tracking}", "search made: file", "book incoming-intake/beirut-2026 from 1"):
            deeds.looked(connection, office, nada, looked_at)
        deeds.note(connection, office, nada, filed, "as it is")
        days = date(2026, 1, 5), date(2026, 1, 16)
        decrees.freeze(connection, Frozen(*days, "12345/2026"), BY, now)
        decrees.unfreeze(connection, *days, BY, now)
        assignments.assign(connection, office, nada, filed, nada)

    office.execute_write(work).result()
    rows = folder / "rows.csv"
    rows.write_text(ROWS)
    feed(office, rows, "feeder companies", families=None, dry=False)
    bodies = office.own_reader.execute("SELECT seq, body FROM event ORDER BY seq").fetchall()
    return [queues.entry_of(office.own_reader, seq, body) for seq, body in bodies]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_each_sentence_is_read_back(tmp_path: Path, language: str):
    with open_office(tmp_path / "office") as office:
        entries = [entry for entry in everything(office, tmp_path) if entry.said]
        known = {key: words for key, words in tables()[language].items() if key.startswith("said_")}
        unused = set(known)
        for entry in entries:
            told = spoken(language, entry)
            if entry.act.action is Action.NOTE or entry.said.startswith("file "):
                assert told == ("as it is" if entry.act.action is Action.NOTE else "")
                assert number_beside(entry) in entry.said
                continue
            shape = [key for key, words in known.items() if re.fullmatch(_shape(words), told, re.DOTALL)]
            assert shape, f"{entry.said} is said in its own words alone"
            unused -= set(shape)
        assert not unused
        said = "\n".join(spoken(language, entry) for entry in entries)
        assert tables()[language]["duty_officer"] in said
        assert "05/01/2026" in said
        assert "registry/" not in said
        assert person(language, BY) == tables()[language]["command_line"]
        assert "companies" in person(language, "0 feeder companies")


def _shape(words: str) -> str:
    return re.sub(r"\\\{\w+\\\}", "\u2068.+\u2069", re.escape(words))
