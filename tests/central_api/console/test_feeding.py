"""Rows of older systems by a key and by hand, and reports that no spreadsheet runs: over HTTP, at a real process."""

import re

import pytest
import requests

from central_api.console.sheets import safe
from central_api.publish import Intact, audit_verify
from central_api.store import feeders, history
from central_api.workflow.calendar import read_calendar

from .conftest import House

HEADER = "system,legacy_number,action,role,at,family,kind,region\n"
SUBMIT = "legacy_companies,C-{0},submit,,2026-03-02T09:30:00+02:00,companies,permit,beirut\n"
ACCEPT = "legacy_companies,C-{0},accept,registry,2026-03-04T09:30:00+02:00,,,\n"
FOREIGN = "legacy_permits,P-{0},submit,,2026-03-02T09:30:00+02:00,work_permits,renewal,beirut\n"


def key_for(house: House, name: str, *families: str, days: int = 30) -> str:
    office = house.office
    return office.execute_write(lambda c: feeders.add_feeder(c, name, families, days, office.clock())).result()


def send(house: House, key: str, rows: str, path: str = "/v1/imports", kind: str = "text/csv") -> requests.Response:
    headers = {"authorization": f"Bearer {key}", "content-type": kind}
    return requests.post(house.served.url + path, data=rows.encode(), headers=headers, timeout=20)


def test_a_feeder_touches_its_own_families_alone_and_a_file_sent_twice_changes_nothing(house: House):
    key = key_for(house, "companies", "companies")
    rows = HEADER + SUBMIT.format(1) + ACCEPT.format(1) + FOREIGN.format(1)
    tried = send(house, key, rows, "/v1/imports?dry_run=true").json()
    assert (tried["read"], tried["applied"], tried["refused"]) == (3, 2, 1)
    assert send(house, key, rows).json()["applied"] == 2
    again = send(house, key, rows).json()
    assert (again["applied"], again["unchanged"], again["refused"]) == (0, 2, 1)
    assert "may not touch this family" in again["refused_rows"]
    assert "P-1" in again["refused_rows"]
    assert house.people["nada"].get("/search?q=C-1").text.count('<th scope="row">') == 1
    # Acts on files of other families are refused alike, whoever made them.
    tracking = house.filed()
    head, when = "system,tracking,action,role,at", "2026-11-21T09:00:00+02:00"
    other = f"{head}\nlegacy_companies,{tracking},approve,head_of_department,{when}\n"
    assert send(house, key, other).json()["refused"] == 1
    assert isinstance(audit_verify(house.office), Intact)
    assert "older system: \u2068companies" in house.people["huda"].get("/audit").text


def test_only_a_key_that_holds_is_let_in(house: House):
    rows = HEADER + SUBMIT.format(2)
    assert send(house, "istilam-feed-" + "0" * 40, rows).status_code == 401
    assert requests.post(house.served.url + "/v1/imports", data=rows, timeout=20).status_code == 401
    key = key_for(house, "soon gone", "companies")
    assert send(house, key, rows, kind="text/plain").status_code == 415
    assert send(house, key, "a,b\n1,2\n").status_code == 415
    office = house.office
    office.execute_write(lambda c: feeders.revoke_feeder(c, "soon gone", office.clock())).result()
    assert send(house, key, rows).status_code == 401
    # And a session of a person is no key, nor a key a session.
    assert (
        requests.get(
            f"{house.served.url}/console/",
            headers={"authorization": f"Bearer {key}"},
            timeout=20,
            allow_redirects=False,
        ).status_code
        == 303
    )


def test_the_registry_tries_a_file_before_it_counts(house: House):
    nada = house.people["nada"]
    mark = re.findall(r'name="csrf" value="([^"]*)"', nada.get("/feed").text)[0]

    def upload(what: str, name: str = "old.csv", rows: str = HEADER + SUBMIT.format(7) + "x,y\n"):
        files = {"rows": (name, rows.encode(), "text/csv")}
        url, headers = f"{house.served.url}/console/feed", {"origin": house.served.url}
        return nada.web.post(url, data={"csrf": mark, "what": what}, files=files, headers=headers, timeout=20)

    tried = upload("try")
    assert "nothing is recorded" in tried.text
    assert "expected 8 cells" in tried.text
    assert "Nothing found" in nada.get("/search?q=C-7").text
    assert "The file is applied" in upload("apply").text
    assert nada.get("/search?q=C-7").text.count('<th scope="row">') == 1
    assert upload("apply", "old.xlsx").status_code == 400
    assert house.people["rita"].get("/feed").status_code == 403


def test_a_system_s_own_way_of_writing_is_kept_and_chosen(house: House):
    nada = house.people["nada"]
    source = """at = "%d/%m/%Y"
[columns]
legacy_number = "Dossier"
at = "Date"
[fixed]
system = "legacy_companies"
action = "submit"
family = "companies"
kind = "permit"
region = "beirut"
"""
    refused = nada.form("/feed", "/feed/profiles", name="companies", source="nonsense = 1")
    assert refused.status_code == 400
    assert "nonsense = 1" in refused.text
    kept = nada.form("/feed", "/feed/profiles", name="companies", source=source)
    assert kept.url.endswith("profile=companies")
    assert "<option selected>companies</option>" in kept.text
    key = key_for(house, "older companies", "companies")
    rows = "Dossier,Date,Remarque\nX-9,02/03/2026,rien\n"
    assert send(house, key, rows).status_code == 415
    assert send(house, key, rows, "/v1/imports?profile=companies").json()["applied"] == 1
    assert send(house, key, rows, "/v1/imports?profile=nobody").status_code == 415
    assert "File format kept: \u2068companies" in house.people["huda"].get("/audit").text
    assert house.people["rami"].form("/deputies", "/feed/profiles", name="x", source=source).status_code == 403


@pytest.mark.parametrize("cell", ["=1+1", "+961", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str):
    assert safe(cell) == f"'{cell}"
    assert safe("plain") == "plain"
    assert safe(-3) == -3


def test_each_report_is_a_page_and_a_file(house: House):
    house.filed()
    page = house.people["rami"].get("/reports").text
    for name in ("months", "steps", "waiting", "digital", "found", "terminals", "readers"):
        assert f"/console/reports/{name}.csv" in page
        answer = house.people["rami"].get(f"/reports/{name}.csv")
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "Head of Department, Beirut" in house.people["rami"].get("/reports/waiting.csv").text
    assert house.people["rami"].get("/reports/secrets.csv").status_code == 404


def test_what_is_usual_is_said_from_cases_enough_and_not_of_the_time_at_the_visitor(house: House):
    place = (1, 4, 1, 0)
    some = [history.Stay(place, days, 1_000 + days) for days in range(1, history.FEWEST)]
    assert history.fit(some) == {}
    many = [history.Stay(place, days, days) for days in range(1, 101)]
    usual = history.fit(many)[1, 4, 0, 0]
    assert (usual.least, usual.median, usual.most) == (11, 51, 91)
    assert history.stays(house.office.own_reader, read_calendar())
