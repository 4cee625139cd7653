"""Terminals over real TCP: from the one-time code to being let in, and whatever may be wrong with who asks."""

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import cbor2
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from central_api.__main__ import main
from central_api.contract.cards import IndexCard, IndexKind, JudgementRequest, encode_judgement_request
from central_api.contract.enrolment import NO_CA, Enrolment, enrolment_pin, parse_enrolment, parse_typed
from central_api.contract.feed import open_page
from central_api.contract.heartbeat import (
    DeviceKind,
    DeviceReport,
    DeviceState,
    decode_answer,
    encode_heartbeat,
)
from central_api.contract.help_calls import HelpCall, encode_call
from central_api.contract.keylist import Purpose, open_key_list
from central_api.contract.readers import Readers, encode_readers
from central_api.contract.readiness import Outcome, Part, Readiness, Result, encode_readiness
from central_api.contract.readiness_paper import readiness_text
from central_api.contract.terminal_settings import open_settings
from central_api.store import open_office

from .machine import Machine, heartbeat, new_key, sign_with
from .office import Office, problem
from .running import Running, running, until

# Everything that a terminal may call, and strangers may not.
GUARDED = [
    ("GET", "/v1/feed?after=0", b""),
    ("GET", "/v1/snapshot", b""),
    ("GET", "/v1/settings", b""),
    ("POST", "/v1/lookups", b'{"tracking": "26318283312", "code": "00000000"}'),
    ("POST", "/v1/heartbeats", encode_heartbeat(heartbeat())),
    ("POST", "/v1/readiness", encode_readiness(Readiness(1, "T", ()))),
    ("POST", "/v1/cards/challenges", b""),
    (
        "POST",
        "/v1/cards/judgements",
        encode_judgement_request(JudgementRequest(bytes(32), IndexCard(IndexKind.UID, b"1"))),
    ),
    ("POST", "/v1/readers", encode_readers(Readers(bytes(8), ()))),
    ("POST", "/v1/help", encode_call(HelpCall(bytes(16), 0))),
    ("PUT", "/v1/key", b'{"public_key": "%s", "proof": "%s"}' % (b"0" * 130, b"0" * 128)),
]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("enrolled") / "office") as served:
        yield served


@pytest.fixture
def office(serving: Running, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(serving, capsys)


# -- enrolment


def test_a_machine_becomes_a_terminal_once_a_person_compared_the_digits(office: Office):
    made = office("terminal", "add", "--site", "Beirut, ground floor")
    enrolment = parse_enrolment(made["url"])
    assert parse_typed(made["address"], made["typed"]) == enrolment
    assert enrolment.pin == enrolment_pin(NO_CA, bytes.fromhex(office.served.get("/v1/office").json()["root_key"]))
    machine, name = office.machine(), made["terminal"]
    told = machine.enrols(enrolment)
    assert told.status_code == 201
    assert told.json() == {
        "terminal": name,
        "site": "Beirut, ground floor",
        "nonce": told.json()["nonce"],
        "expires": made["expires"],
    }
    # Asked again, as after a lost answer: the same.
    again = machine.enrols(enrolment)
    assert (again.status_code, again.json()) == (200, told.json())
    assert machine.get("/v1/enrolment").json()["state"] == "pending"
    for method, path, body in GUARDED:
        assert problem(machine.send(method, path, body, machine.headers(method, path, body))) == (403, "pending")
    digits = machine.digits(office.root, NO_CA, told.json()["nonce"])
    assert office.state(name)["digits"] == digits
    wrong = f"{(int(digits.replace(' ', '')) + 1) % 10**8:08d}"
    assert office("terminal", "accept", name, wrong, exits=1)["error"] == "wrong_digits"
    assert machine.get("/v1/enrolment").json()["state"] == "pending"
    office("terminal", "accept", name, digits)
    assert machine.get("/v1/enrolment").json()["state"] == "accepted"
    assert machine.get("/v1/feed?after=0").status_code == 200
    assert office("terminal", "accept", name, digits, exits=1)["error"] == "nobody_waits"


def test_a_code_is_worth_one_machine(office: Office):
    enrolment = office.invites("--site", "hall")
    assert office.machine().enrols(enrolment).status_code == 201
    assert problem(office.machine().enrols(enrolment)) == (409, "code_used")


def test_a_code_is_worth_thirty_minutes(office: Office):
    enrolment = office.invites("--site", "hall")
    with sqlite3.connect(office.served.data / "office.db") as register:
        register.execute(
            "UPDATE enrolment_code SET expires = expires - 1800 WHERE hash = ?", (sha256(enrolment.code).digest(),)
        )
    assert problem(office.machine().enrols(enrolment)) == (410, "code_expired")


def test_a_newer_code_for_the_same_place_makes_the_older_worthless(office: Office):
    made = office("terminal", "add", "--site", "hall")
    newer = office.invites("--replaces", made["terminal"])
    assert problem(office.machine().enrols(parse_enrolment(made["url"])))[1] in {"unknown_code", "too_many"}
    assert office.machine().enrols(newer).status_code == 201


def test_a_key_has_one_place_for_life(office: Office):
    _, machine = office.lets_in()
    assert problem(machine.enrols(office.invites("--site", "hall"))) == (409, "key_known")


def test_guessing_codes_is_slowed_down_and_locks_nobody_out(office: Office):
    other = Enrolment(office.served.url, bytes(8), bytes(14))
    answers = [problem(office.machine().enrols(other)) for _ in range(8)]
    assert answers[-1] == (429, "too_many")
    assert set(answers) <= {(404, "unknown_code"), (429, "too_many")}
    assert office.machine().enrols(office.invites("--site", "hall")).status_code == 201


def test_a_machine_that_was_not_let_in_is_told(office: Office):
    made = office("terminal", "add", "--site", "hall")
    machine = office.machine()
    machine.enrols(parse_enrolment(made["url"]))
    office("terminal", "revoke", made["terminal"])
    assert machine.get("/v1/enrolment").json()["state"] == "refused"
    assert problem(machine.get("/v1/feed?after=0")) == (403, "revoked")


@pytest.mark.parametrize("body", [b"{}", b'{"code": "zz", "public_key": ""}', b"[]", b"{"])
def test_an_enrolment_of_another_form_is_refused(office: Office, body: bytes):
    assert office.machine().post("/v1/enrolments", body).status_code in {400, 415}


def test_nobody_enrols_a_key_that_he_does_not_have(office: Office):
    machine, thief = office.machine(), office.machine()
    enrolment = office.invites("--site", "hall")
    asked = {"code": enrolment.code.hex(), "public_key": machine.public.hex()}
    assert problem(thief.post("/v1/enrolments", json.dumps(asked).encode())) == (401, "bad_signature")
    off_curve = {"code": enrolment.code.hex(), "public_key": "04" + "11" * 64}
    assert problem(thief.post("/v1/enrolments", json.dumps(off_curve).encode())) == (401, "bad_signature")


# -- signatures


@pytest.mark.parametrize(("method", "path", "body"), GUARDED, ids=lambda value: str(value)[:20])
def test_an_unsigned_request_is_a_strangers(office: Office, method: str, path: str, body: bytes):
    answer = office.machine().send(method, path, body, {})
    assert problem(answer) == (401, "not_a_terminal")
    assert answer.headers["www-authenticate"] == "Signature"


@pytest.mark.parametrize(("method", "path", "body"), GUARDED, ids=lambda value: str(value)[:20])
def test_a_request_counts_once(office: Office, method: str, path: str, body: bytes):
    _, machine = office.lets_in()
    headers = machine.headers(method, path, body)
    assert problem_or_none(machine.send(method, path, body, headers)) != "replayed"
    assert problem(machine.send(method, path, body, headers)) == (401, "replayed")


def problem_or_none(answer: requests.Response) -> str | None:
    return answer.json()["type"] if "problem" in answer.headers.get("content-type", "") else None


def test_every_process_of_the_office_knows_what_was_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data, origin = tmp_path / "office", "http://localhost:8400"
    open_office(data).close()
    written = (data / "office.toml").read_text()
    (data / "office.toml").write_text(written.replace('origin = ""', f'origin = "{origin}"'))
    with running(data) as one, running(data) as other:
        _, machine = Office(one, capsys).lets_in(origin=origin)
        headers = machine.headers("GET", "/v1/feed?after=0")
        assert machine.send("GET", "/v1/feed?after=0", b"", headers).status_code == 200
        twin = Machine(other.url, origin=origin, key=machine.key)
        assert problem(twin.send("GET", "/v1/feed?after=0", b"", headers)) == (401, "replayed")
        assert twin.get("/v1/feed?after=0").status_code == 200


@pytest.mark.parametrize("offset", [-400, 400])
def test_a_clock_that_is_off_is_told_the_offices_time(office: Office, offset: int):
    _, machine = office.lets_in()
    machine.offset = offset
    answer = machine.get("/v1/feed?after=0")
    assert problem(answer) == (401, "out_of_window")
    machine.offset = 0
    assert abs(answer.json()["office_time"] - office.served.office.clock()) < 60
    assert machine.get("/v1/feed?after=0").status_code == 200


def test_what_was_signed_for_another_request_or_office_is_worth_nothing(office: Office):
    _, machine = office.lets_in()
    body = encode_heartbeat(heartbeat())
    altered = encode_heartbeat(heartbeat(sequence=2))
    post, get = machine.headers("POST", "/v1/heartbeats", body), machine.headers("GET", "/v1/feed?after=0")
    rogue = Machine(office.served.url, origin="http://127.0.0.1:1", key=machine.key)
    for answer in (
        machine.send("POST", "/v1/heartbeats", altered, post),
        machine.send("POST", "/v1/readiness", body, post),
        machine.send("GET", "/v1/feed?after=1", b"", get),
        machine.send("GET", "/v1/snapshot", b"", get),
        machine.send("GET", "/v1/feed?after=0", b"", get | {"signature": get["Signature"].replace("sig1", "sig2")}),
        rogue.get("/v1/feed?after=0"),
        # The Host header of whoever stands between says nothing.
        rogue.get("/v1/feed?after=0", host="127.0.0.1:1"),
        office.machine().get("/v1/feed?after=0"),
    ):
        assert problem(answer) == (401, "bad_signature")


# -- shutting out, renewing, replacing


def test_a_terminal_s_key_opens_no_page_of_the_staff(office: Office):
    _, machine = office.lets_in()
    assert machine.get("/v1/feed?after=0").status_code == 200
    for path in ("/console/", "/console/search?q=x", "/console/books.csv", "/console/reports/steps.csv"):
        assert "/console/sign-in?" in machine.get(path).url
    assert machine.post("/console/bulk", b"{}").status_code == 403


def test_a_revoked_terminal_gets_403_everywhere_at_once(office: Office):
    name, machine = office.lets_in()
    renewed = machine.with_key(new_key())
    assert machine.renews(renewed.key).status_code == 204
    office("terminal", "revoke", name)
    for one in (machine, renewed):
        for method, path, body in [*GUARDED, ("GET", "/v1/enrolment", b"")]:
            assert problem(one.send(method, path, body, one.headers(method, path, body))) == (403, "revoked")
    assert office.state(name)["state"] == "revoked"


def test_a_renewed_key_takes_over_with_its_first_use(office: Office):
    name, machine = office.lets_in()
    renewed = machine.with_key(new_key())
    assert machine.renews(renewed.key).status_code == 204
    assert machine.renews(renewed.key).status_code == 204
    assert machine.get("/v1/settings").status_code == 200
    assert renewed.get("/v1/enrolment").json() == {"state": "accepted", "terminal": name, "site": "hall", "nonce": ""}
    assert problem(machine.get("/v1/settings")) == (403, "revoked")
    assert renewed.get("/v1/settings").status_code == 200
    assert problem(renewed.renews(machine.key)) == (409, "key_known")


def test_a_renewed_key_that_was_never_used_gives_way_to_the_next(office: Office):
    _, machine = office.lets_in()
    lost, renewed = machine.with_key(new_key()), machine.with_key(new_key())
    machine.renews(lost.key)
    assert machine.renews(renewed.key).status_code == 204
    assert problem(lost.get("/v1/settings")) == (403, "revoked")
    assert renewed.get("/v1/settings").status_code == 200


def test_nobody_renews_to_a_key_that_he_does_not_have(office: Office):
    _, machine = office.lets_in()
    body = json.dumps({"public_key": office.machine().public.hex(), "proof": "11" * 64}).encode()
    answer = machine.send("PUT", "/v1/key", body, machine.headers("PUT", "/v1/key", body))
    assert problem(answer) == (400, "bad_request")


def test_a_new_machine_takes_the_name_and_site_of_a_dead_one(office: Office):
    name, dead = office.lets_in()
    again, machine = office.lets_in("--replaces", name)
    assert again == name
    assert problem(dead.get("/v1/settings")) == (403, "revoked")
    assert machine.get("/v1/enrolment").json()["site"] == "hall"


# -- what terminals send and are told


def test_what_the_office_sets_reaches_its_terminal_signed(office: Office):
    name, machine = office.lets_in()
    content = office.served.office.key_list.finder(Purpose.CONTENT, office.served.office.clock())
    first = open_settings(machine.get("/v1/settings").content, content)
    assert (first.number, first.terminal, first.hours) == (1, name, None)
    hours = "mon-thu 07:30-14:00,15:00-17:00; fri 07:30-11:00"
    office("terminal", "set", name, "--hours", hours, "--languages", "ar,en", "--volume", "40", "--vault-when-revoked")
    answer = machine.get("/v1/settings")
    settings = open_settings(answer.content, content)
    assert settings.number == 2
    assert settings.hours == (((450, 840), (900, 1020)),) * 4 + (((450, 660),), (), ())
    assert (settings.languages, settings.volume, settings.vault_when_revoked) == (("ar", "en"), 40, True)
    assert machine.get("/v1/settings", **{"if-none-match": answer.headers["etag"]}).status_code == 304
    assert office("terminal", "set", name, "--volume", "40")["number"] == 2
    assert decode_answer(machine.reports(heartbeat()).content).settings == 2
    office("terminal", "set", name, "--closed", "2026-12-25", "--hours", "own")
    last = open_settings(machine.get("/v1/settings").content, content)
    assert (last.number, last.hours, len(last.closed_days)) == (3, None, 1)
    assert office("terminal", "set", name, "--no-closed")["closed"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--volume", "101"),
        ("--languages", "AR"),
        ("--languages", "de"),
        ("--languages", ""),
        ("--hours", " "),
        ("--closed", "0026-12-25"),
        ("--hours", "sun-mon 08:00-09:00"),
        ("--hours", "mon 8-9"),
        ("--hours", "mon 08:00-08:75"),
        ("--hours", "mon 10:00-09:00"),
        ("--hours", "someday 08:00-09:00"),
    ],
)
def test_settings_that_cannot_be_are_refused(office: Office, words: tuple[str, ...]):
    name = office("terminal", "add", "--site", "hall")["terminal"]
    assert office("terminal", "set", name, *words, exits=2)["error"] == "bad_value"


def test_a_place_whose_code_cannot_be_drawn_says_how_it_gets_one(office: Office, tmp_path: Path):
    refused = office("terminal", "add", "--site", "hall", "--qr", str(tmp_path / "none" / "code.png"), exits=1)
    assert refused["error"] == "no_code"
    assert f"--replaces {refused['terminal']}" in refused["words"]
    assert office("terminal", "add", "--replaces", refused["terminal"])["site"] == "hall"


def test_a_heartbeat_tells_what_is_wrong_and_since_when(office: Office):
    name, machine = office.lets_in()
    assert set(office.state(name)["conditions"]) == {"never_heard"}
    low = (DeviceReport(DeviceKind.PRINTER, DeviceState.PAPER_LOW, "TM-T88VI"),)
    answer = decode_answer(machine.reports(heartbeat(devices=low, offset=-90, mains=False)).content)
    assert (answer.settings, answer.head_agrees) == (1, True)
    assert answer.key_list == office.served.office.key_list.number
    state = office.state(name)
    assert set(state["conditions"]) == {"printer_paper_low", "clock_off", "on_battery"}
    assert state["report"]["devices"] == {"printer": "paper_low"}
    machine.reports(heartbeat(2, devices=low))
    later = office.state(name)
    assert later["conditions"] == {"printer_paper_low": state["conditions"]["printer_paper_low"]}
    machine.reports(heartbeat(3))
    assert office.state(name)["conditions"] == {}


def test_two_machines_with_one_copied_key_are_noticed(office: Office):
    name, machine = office.lets_in()
    machine.reports(heartbeat(1, machine=1, run=1))
    # It started again: nothing odd.
    machine.reports(heartbeat(2, machine=1, run=2))
    assert office.state(name)["conditions"] == {}
    machine.reports(heartbeat(2, machine=7, run=7))
    assert set(office.state(name)["conditions"]) == {"another_machine"}
    machine.reports(heartbeat(3, machine=1, run=2))
    machine.reports(heartbeat(3, machine=7, run=7))
    assert set(office.state(name)["conditions"]) == {"another_machine", "copied_key"}
    until(lambda: '"alarm":"copied_key"' in office.served.logged())
    assert office("terminal", "settle", name)["settled"] == ["copied_key", "another_machine"]
    assert office.state(name)["conditions"] == {}
    assert office("terminal", "settle", name)["settled"] == []


def test_a_copied_disk_shows_though_the_machine_id_is_the_same(office: Office):
    name, machine = office.lets_in()
    for sequence, run in enumerate((1, 2, 1), 1):
        machine.reports(heartbeat(sequence, machine=1, run=run))
    assert set(office.state(name)["conditions"]) == {"copied_key"}


def test_a_head_that_disagrees_raises_an_alarm_that_stays(office: Office):
    name, machine = office.lets_in()
    office.served.submit()
    page = machine.get("/v1/feed?after=0").content
    opened = open_page(page, office.served.office.key_list.finder(Purpose.FEED, office.served.office.clock()))
    told = {"head_position": opened.position, "head": opened.head[:16]}
    assert decode_answer(machine.reports(heartbeat(1, **told)).content).head_agrees
    told["head"] = bytes(16)
    assert not decode_answer(machine.reports(heartbeat(2, **told)).content).head_agrees
    until(lambda: '"alarm":"head_disagrees"' in office.served.logged())
    # A register that was cut, or restored from an older copy, has no such position.
    assert not decode_answer(machine.reports(heartbeat(3, head_position=10**6, head=bytes(16))).content).head_agrees
    machine.reports(heartbeat(4))
    assert set(office.state(name)["conditions"]) == {"head_disagrees"}


def test_a_self_test_is_kept(office: Office):
    name, machine = office.lets_in()
    results = (Result(Part.PRINTER, Outcome.PASSED), Result(Part.CLOCK, Outcome.FAILED, "clock_off"))
    assert machine.post("/v1/readiness", encode_readiness(Readiness(1, name, results))).status_code == 204
    assert office.state(name)["readiness"]["failed"] == ["clock"]


def test_a_readiness_slip_is_judged_by_its_paper_alone(office: Office):
    name, machine = office.lets_in()
    host = office.served.office.settings.host

    def paper(signer: Machine, terminal: str) -> str:
        body = encode_readiness(Readiness(1_790_000_000, terminal, (Result(Part.CLOCK, Outcome.FAILED, "off"),)))
        return readiness_text(host, body, signer.key_id, lambda message: sign_with(signer.key, message))

    told = office("terminal", "check-readiness", paper(machine, name))
    assert (told["holds"], told["terminal"], told["key"], told["failed"]) == (True, name, "accepted", ["clock"])
    assert (told["keyid"], told["taken"]) == (machine.key_id, 1_790_000_000)
    for text in (paper(machine, "T-99"), paper(office.machine(), name), paper(machine, name)[:-1], "a menu"):
        assert office("terminal", "check-readiness", text, exits=1)["holds"] is False
    waits = office.machine()
    asked = waits.enrols(office.invites("--site", "hall")).json()["terminal"]
    assert office("terminal", "check-readiness", paper(waits, asked), exits=1)["holds"] is False
    office("terminal", "revoke", name)
    assert office("terminal", "check-readiness", paper(machine, name))["key"] == "revoked"


@pytest.mark.parametrize("path", ["/v1/heartbeats", "/v1/readiness"])
@pytest.mark.parametrize(
    ("body", "status"),
    [(b"\xff", 400), (b"\xa0", 400), (cbor2.dumps([1]), 400), (b"\x00" * 5000, 413), (b"{}", 415)],
    ids=["garbage", "empty", "list", "large", "json"],
)
def test_a_report_of_another_form_is_refused(office: Office, path: str, body: bytes, status: int):
    _, machine = office.lets_in()
    assert machine.post(path, body).status_code == status


def test_commands_say_in_one_line_what_cannot_be(office: Office):
    assert office("terminal", "revoke", "T-99", exits=1)["error"] == "unknown_terminal"
    assert office("terminal", "add", exits=2)["error"] == "bad_value"
    assert office("terminal", "add", "--site", "x", "--name", "a b", exits=2)["error"] == "bad_value"
    name = office("terminal", "add", "--site", "x", "--name", "DOOR-1")["terminal"]
    assert office("terminal", "add", "--site", "x", "--name", name, exits=1)["error"] == "name_taken"


# -- TLS and keys


@pytest.mark.filterwarnings("ignore:Unverified HTTPS")
def test_a_terminal_trusts_the_offices_own_certificate_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with running(tmp_path / "office", "--tls") as served:
        office = Office(served, capsys)
        enrolment = office.invites("--site", "hall")
        assert enrolment.origin == served.url
        assert enrolment.origin.startswith("https://")
        told = requests.get(served.url + "/v1/ca", verify=False, timeout=10).content
        der = x509.load_pem_x509_certificate(told).public_bytes(Encoding.DER)
        assert enrolment.pin == enrolment_pin(sha256(der).digest(), office.root)
        (tmp_path / "ca.pem").write_bytes(told)
        machine = Machine(served.url, ca_file=str(tmp_path / "ca.pem"))
        place = machine.enrols(enrolment).json()
        office(
            "terminal", "accept", place["terminal"], machine.digits(office.root, sha256(der).digest(), place["nonce"])
        )
        assert machine.get("/v1/feed?after=0").status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(served.url + "/v1/office", timeout=10)


def test_an_office_that_terminals_reach_by_plain_http_does_not_serve_tls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    open_office(tmp_path / "office").close()
    path = tmp_path / "office" / "office.toml"
    path.write_text(path.read_text().replace('origin = ""', 'origin = "http://localhost:8400"'))
    assert main(["serve", "--data", str(tmp_path / "office"), "--port", "0", "--tls"]) == 1
    assert "https:// origin" in capsys.readouterr().err


def test_an_office_without_tls_has_no_certificate(office: Office):
    assert problem(office.served.get("/v1/ca")) == (404, "no_ca")


def test_a_running_office_takes_up_new_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    root_file = str(tmp_path / "root.pem")
    with running(tmp_path / "office") as served:
        office = Office(served, capsys)
        _, machine = office.lets_in()
        office("keys", "init", "--root", root_file)
        old = machine.get("/v1/feed?after=0").content
        rotated = office("keys", "rotate", "feed", "--root", root_file)
        until(lambda: machine.get("/v1/feed?after=0").headers["istilam-key-list"] == str(rotated["key_list"]))
        keys = open_key_list(served.get("/v1/keys").content, office.root)
        page = machine.get("/v1/feed?after=0").content
        assert cbor2.loads(page)[2] == rotated["key"]
        for one in (page, old):
            open_page(one, keys.finder(Purpose.FEED, served.office.clock()))
        office("keys", "revoke", str(rotated["key"]), "--root", root_file)
        until(lambda: cbor2.loads(machine.get("/v1/feed?after=0").content)[2] == rotated["key"] + 1)
