"""From the event to the phone: a real office, real Kannel, and the messages that come out at its operator."""

import json
import sqlite3
from pathlib import Path

import pytest

from central_api.__main__ import main
from central_api.contract.status import Language
from central_api.notify import Away, Gateway, send_next, sms_settings
from central_api.notify.gateway import Taken
from central_api.notify.texts import parts, text_of
from central_api.store import open_office
from central_api.store.outbox import Delivery, Kind
from tests import forked
from tests.central_api.web.running import Running, running, until

from .kannel import Kannel, Sms, free_port, kannel
from .offices import completed, configure, how_many, rejected, submitted


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory):
    with kannel(tmp_path_factory.mktemp("gateway") / "kannel") as started:
        yield started


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, gateway: Kannel):
    """An office that serves, and sends by itself; its gateway reports to it."""
    data = tmp_path_factory.mktemp("served") / "office"
    open_office(data).close()
    port = free_port()
    configure(data, gateway.url, f"http://127.0.0.1:{port}", serve=True)
    with running(data, port=port) as office:
        yield office


def of(gateway: Kannel, phone: str) -> list[Sms]:
    return [sms for sms in gateway.received() if sms.phone == phone]


@pytest.mark.parametrize(
    ("language", "phone"), [("ar", "+96170000001"), ("fr", "+96170000002"), ("en", "+96170000003")]
)
def test_an_application_that_ends_is_told_once_in_the_language_of_its_slip(served, gateway, language, phone):
    office = served.office
    delivered = how_many(office, Delivery.DELIVERED)
    completed(office, phone, language=language)
    rejected(office, phone, language=language)
    submitted(office, phone, language=language)
    until(lambda: how_many(office, Delivery.DELIVERED) == delivered + 2)
    spoken = Language[language.upper()]
    texts = {text_of(kind, spoken, office.settings.names) for kind in (Kind.COMPLETED, Kind.REJECTED)}
    assert {sms.text for sms in of(gateway, phone)} == texts
    assert len(of(gateway, phone)) == 2
    assert {sms.sender for sms in of(gateway, phone)} == {"MINLABOUR"}


def test_what_is_counted_as_parts_is_what_the_gateway_sends(gateway, tmp_path):
    open_office(tmp_path / "office").close()
    configure(tmp_path / "office", gateway.url)
    asks = Gateway(sms_settings(tmp_path / "office"))
    texts = ["ع" * 70, "ع" * 71, "é" * 160, "é" * 161, "€" * 100, "a" * 152 + "€" * 10]
    for number, text in enumerate(texts):
        phone = f"+9613000{number:03d}"
        assert asks.send(phone, text, bytes(16), 1) == Taken()
        until(lambda phone=phone, text=text: len(of(gateway, phone)) >= parts(text))
        sent = of(gateway, phone)
        assert len(sent) == parts(text), text[:3]
        if text.startswith("ع"):
            assert "".join(sms.text for sms in sent) == text
            assert all(bool(sms.udh) == (len(sent) > 1) for sms in sent)


def test_a_message_that_was_sent_is_told_by_commands_without_phone_or_text(served, capsys):
    office, phone = served.office, "+96170000004"
    delivered = how_many(office, Delivery.DELIVERED)
    given = completed(office, phone)
    until(lambda: how_many(office, Delivery.DELIVERED) == delivered + 1)
    told = _run(capsys, "list", "--data", str(served.data), "--tracking", given.tracking)
    (message,) = told["messages"]
    assert (message["kind"], message["state"], message["attempts"], message["copies"]) == (
        "completed",
        "delivered",
        1,
        1,
    )
    shown = _run(capsys, "show", str(message["message"]), "--data", str(served.data))
    assert shown == message
    assert phone[-7:] not in json.dumps(told)
    assert "معاملتكم" not in json.dumps(told, ensure_ascii=False)
    refused = _run(capsys, "retry", str(message["message"]), "--data", str(served.data), exits=1)
    assert refused["error"] == "already"
    assert main(["sms", "list", "--data", str(served.data)]) == 0
    assert phone[-7:] not in capsys.readouterr().out


def test_what_the_operator_does_not_take_now_waits_at_the_gateway(served, gateway):
    office, phone = served.office, "+96170000005"
    delivered = how_many(office, Delivery.DELIVERED)
    gateway.stop("operator")
    completed(office, phone)
    until(lambda: how_many(office, Delivery.SENT) == 1)
    assert of(gateway, phone) == []
    gateway.start("operator")
    until(lambda: how_many(office, Delivery.DELIVERED) == delivered + 1)
    assert len(of(gateway, phone)) == 1


def test_a_gateway_that_was_gone_gets_everything_when_it_is_back(served, gateway):
    office, phone = served.office, "+96170000006"
    delivered = how_many(office, Delivery.DELIVERED)
    gateway.stop("smsbox", "bearerbox", "operator")
    for _ in range(3):
        completed(office, phone)
    until(lambda: "sms not sent" in served.logged())
    assert how_many(office, Delivery.QUEUED) == 3
    gateway.start()
    until(lambda: how_many(office, Delivery.DELIVERED) == delivered + 3, 30)
    assert len(of(gateway, phone)) == 3
    until(lambda: "sms gateway back" in served.logged())  # said after the last report may have come


def test_a_gateway_that_knows_us_no_more_keeps_everything_queued(gateway, tmp_path, capsys):
    data = tmp_path / "office"
    with open_office(data) as office:
        completed(office)
        configure(data, gateway.url, password="forgotten")
        assert send_next(office, Gateway(sms_settings(data))) == Away("http_403")
        assert how_many(office, Delivery.QUEUED) == 1
        assert _run(capsys, "run", "--once", "--data", str(data), exits=1)["error"] == "gateway_away"
        configure(data, gateway.url)
        assert _run(capsys, "run", "--once", "--data", str(data))["attempts"] == 1
        assert how_many(office, Delivery.SENT) == 1
        assert _run(capsys, "run", "--once", "--data", str(data))["attempts"] == 0


def test_no_phone_no_text_and_no_password_is_logged_or_kept_where_it_need_not(served, gateway):
    office, phone = served.office, "+96170000007"
    delivered = how_many(office, Delivery.DELIVERED)
    completed(office, phone)
    until(lambda: how_many(office, Delivery.DELIVERED) == delivered + 1)
    log = served.logged()
    assert '"event":"sms"' in log
    assert "/v1/sms/reports/{report}" in log
    for private in ("9617000000", "open-sesame", "معاملتكم"):
        assert private not in log
    with sqlite3.connect(served.data / "office.db") as register:
        rows = register.execute("SELECT * FROM message").fetchall()
        reports = [row[-1].hex() for row in rows]
    assert phone[1:] not in repr(rows)
    assert not any(report in log for report in reports)


def _run(capsys, *words: str, exits: int = 0) -> dict:
    capsys.readouterr()
    assert main(["sms", *words, "--json"]) == exits
    return json.loads(capsys.readouterr().out)


def test_an_office_without_a_gateway_says_so(tmp_path: Path, capsys):
    open_office(tmp_path / "office").close()
    assert _run(capsys, "run", "--data", str(tmp_path / "office"), exits=2)["error"] == "no_gateway"
    assert _run(capsys, "show", "7", "--data", str(tmp_path / "office"), exits=1)["error"] == "unknown_message"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"url": "http://10.0.0.1:13013/cgi-bin/sendsms"}, "$.url"),
        ({"url": "ftp://localhost/"}, "$.url"),
        ({"reports": "http://office.example"}, "$.reports"),
        ({"timeout": 90.0}, "$.timeout"),
        ({"password_file": "secrets/nothing"}, "$.password_file"),
        ({"password_file": ""}, "password_file"),
        ({"sernder": "x"}, "sernder"),
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, capsys, more, word):
    data = tmp_path / "office"
    open_office(data).close()
    settings = {"url": "http://127.0.0.1:1/"} | more
    configure(data, str(settings.pop("url")), str(settings.pop("reports", "")), **settings)
    refused = _run(capsys, "run", "--data", str(data), exits=1)
    assert word in refused["words"]


def test_the_password_may_come_by_the_environment(tmp_path: Path, monkeypatch):
    data = tmp_path / "office"
    open_office(data).close()
    configure(data, "https://gateway.example/cgi-bin/sendsms", password_file="")
    monkeypatch.setenv("ISTILAM_SMS_PASSWORD", "elsewhere")
    address = sms_settings(data)
    assert address.password == "elsewhere"
    assert "elsewhere" not in repr(address)


def test_serve_refuses_settings_that_cannot_be_used(tmp_path: Path):
    data = tmp_path / "office"
    open_office(data).close()
    (data / "sms.toml").write_text("url = 7")
    done = forked.run("central_api", "serve", "--data", str(data), "--port", "0")
    assert done.returncode == 1
    assert "sms.toml" in done.stderr


def test_reports_of_strangers_change_nothing(served: Running):
    assert served.get("/v1/sms/reports/" + "0" * 32 + "?attempt=1&type=1").status_code == 404
    assert served.get("/v1/sms/reports/" + "0" * 31 + "?attempt=1&type=1").status_code == 404
    assert served.get("/v1/sms/reports/" + "0" * 32 + "?attempt=0&type=1").status_code == 400
    delivered = how_many(served.office, Delivery.DELIVERED)
    completed(served.office, "+96170000008")
    until(lambda: how_many(served.office, Delivery.DELIVERED) == delivered + 1)
    newest = "FROM message ORDER BY id DESC LIMIT 1"
    with sqlite3.connect(served.data / "office.db") as register:
        ((report, state),) = register.execute(f"SELECT hex(report), state {newest}").fetchall()
    # An attempt that was never begun, and a type that says nothing.
    assert served.get(f"/v1/sms/reports/{report.lower()}?attempt=2&type=2").status_code == 404
    assert served.get(f"/v1/sms/reports/{report.lower()}?attempt=1&type=32").status_code == 202
    assert served.get(f"/v1/sms/reports/{report.lower()}?attempt=1&type=2").status_code == 202
    with sqlite3.connect(served.data / "office.db") as register:
        ((after,),) = register.execute(f"SELECT state {newest}").fetchall()
    assert (state, after) == (Delivery.DELIVERED, Delivery.DELIVERED)
