"""Who gets in, who does not, and what a lost session leaves: over HTTP, at a real process."""

import html
import http.client
import re
from urllib.parse import urlsplit

import pytest

from central_api.console.app import PAGES
from central_api.store import people
from central_api.workflow import Duty

from .conftest import House
from .staff import PASSWORD, Person, hire, sign_in


def addresses() -> list[tuple[str, str, frozenset[Duty]]]:
    """Every address of the console, with an example in place of each parameter."""
    examples = ((r"\(\?P<tracking>[^)]*\)", "26318283312"), (r"\(\?P<action>[^)]*\)", "approve"))
    more = ((r"\(\?P<suffix>[^)]*\)", "png"), (r"\(\?P<name>[^)]*\)", "steps"), (r"\\\.", "."), (r"/\?$", "/"))
    shown: list[tuple[str, str, frozenset[Duty]]] = []
    for page in PAGES:
        path = page.pattern
        for pattern, example in (*examples, *more):
            path = re.sub(pattern, example, path)
        shown.append((page.method, path, page.duties))
    return shown


def test_a_stranger_sees_no_page_but_those_to_sign_in(house: House):
    stranger = Person("nobody", 0, "", house.served.url)
    for method, path, duties in addresses():
        if not duties:
            continue
        answer = stranger.get(path, allow_redirects=False) if method == "GET" else stranger.post(path, note="x")
        if method == "GET":
            assert (answer.status_code, answer.headers["location"][:16]) == (303, "/console/sign-in"), path
        else:
            assert answer.status_code in (401, 415) or answer.url.endswith("/console/sign-in"), path
        assert "nada" not in answer.text.lower()


def test_each_duty_gets_its_own_pages_and_no_others(house: House):
    by_duty = {Duty.OFFICER: "nada", Duty.ADMINISTRATOR: "sami", Duty.AUDITOR: "huda"}
    for duty, login in by_duty.items():
        person = house.people[login]
        for method, path, duties in addresses():
            if not duties or duty in duties or "upload" in path:
                continue
            answer = person.get(path) if method == "GET" else person.form("/terminals", path)
            assert answer.status_code in (403, 415), (login, method, path)


def test_an_administrator_holds_nothing_and_signs_nothing(house: House):
    sami, tracking = house.people["sami"], house.filed()
    refused = sami.form(
        "/people",
        "/people",
        what="add",
        login="ghost",
        name="Ghost",
        duty="administrator",
        unit="minister",
        language="en",
    )
    assert refused.status_code == 400
    assert sami.form("/people", f"/files/{tracking}/approve").status_code == 403
    assert sami.form("/people", "/people", what="hold", login="sami", unit="minister").status_code == 400
    made = sami.form(
        "/people",
        "/people",
        what="add",
        login="fadi",
        name="Fadi",
        duty="officer",
        unit="registry/south",
        language="en",
    )
    code = re.findall(r'class="code">([0-9a-f]{32})<', made.text)[0]
    assert code
    assert code not in sami.get("/people").text
    assert "Fadi" in house.people["huda"].get("/audit").text


def test_who_is_shut_out_is_out_at_once(house: House):
    gone = house.add("gone", "registry/beirut")
    assert gone.get("/", allow_redirects=False).status_code == 200
    house.people["sami"].form("/people", "/people", what="disable", login="gone")
    assert gone.get("/", allow_redirects=False).status_code == 303
    assert sign_in(house.office, gone, house.served.url).status_code == 401


def test_an_invited_person_joins_with_a_password_and_a_phone_of_his_own(house: House):
    office = house.office
    add = lambda c: people.add(c, "jana", "Jana", Duty.OFFICER, [], language="en", by="0 test", now=office.clock())  # noqa: E731
    code = office.execute_write(add).result()
    jana = Person("jana", 0, "", house.served.url)
    page = jana.get("/join").text
    jana.totp = re.findall(r'name="totp" value="(\w+)"', page)[0]
    fields = {"login": "jana", "code": code, "password": PASSWORD, "again": PASSWORD, "totp": jana.totp}
    assert jana.post("/join", **{**fields, "code": "0" * 32, "digits": jana.digits(office.clock())}).status_code == 400
    assert jana.post("/join", **{**fields, "password": "short", "again": "short", "digits": "0"}).status_code == 400
    joined = jana.post("/join", **fields, digits=jana.digits(office.clock() - 30))
    assert joined.status_code == 200, joined.text
    assert sign_in(office, jana, house.served.url).status_code == 200
    # The invitation is used up.
    assert jana.post("/join", **fields, digits=jana.digits(office.clock())).status_code == 400


def test_a_code_of_the_phone_counts_once_and_too_many_failures_lock(house: House):
    person = hire(house.office, "locked", "registry/beirut")
    assert sign_in(house.office, person, house.served.url).status_code == 200
    # Within 30 seconds the phone still shows the same digits: they are spent.
    digits = person.digits(house.office.clock())
    person.web.cookies.clear()
    assert person.post("/sign-in", login="locked", password=PASSWORD, digits=digits).status_code == 401
    answers = [person.post("/sign-in", login="locked", password="wrong", digits="000000").status_code for _ in range(6)]
    assert answers[-1] == 429
    stranger = Person("nobody-here", 0, "", house.served.url)
    alike = [stranger.post("/sign-in", login="nobody-here", password="wrong", digits="0").status_code for _ in range(7)]
    assert alike[-1] == 429
    assert set(alike[:4]) == {401}


def test_a_session_that_ends_in_the_middle_of_a_form_keeps_the_text(house: House):
    person, tracking = house.add("forgetful", "head_of_department/beirut"), house.filed()
    page = person.get(f"/files/{tracking}/reject").text
    hidden = dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', page))
    person.web.cookies.clear()
    lost = person.post(f"/files/{tracking}/reject", reason="8", note="كلام طويل “with quotes”", **hidden)
    assert lost.status_code == 401
    kept = dict(re.findall(r'type="hidden" name="(kept|next)" value="([^"]*)"', lost.text))
    kept = {name: html.unescape(value) for name, value in kept.items()}
    house.office.execute_write(
        lambda c: c.execute("UPDATE account SET totp_step = 0 WHERE login = 'forgetful'")
    ).result()
    back = person.post(
        "/sign-in", login="forgetful", password=PASSWORD, digits=person.digits(house.office.clock()), **kept
    )
    assert "كلام طويل “with quotes”" in html.unescape(back.text)
    assert len(house.office.known(tracking).standing.done) == 1
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', back.text))
    done = person.post(f"/files/{tracking}/reject", note="كلام طويل “with quotes”", **fields)
    assert done.url.endswith("done=reject"), done.text


def test_who_signs_out_of_a_session_that_has_ended_is_out_and_comes_back_to_a_page(house: House):
    person = house.add("leaver", "registry/beirut")
    person.web.cookies.clear()
    out = person.post("/sign-out", csrf="0")
    assert (out.status_code, out.url) == (200, f"{house.served.url}/console/sign-in")


def test_a_form_of_another_origin_or_without_its_mark_does_nothing(house: House):
    tracking, rami = house.filed(), house.people["rami"]
    page = rami.get(f"/files/{tracking}/approve").text
    hidden = dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', page))
    assert rami.post(f"/files/{tracking}/approve", origin="https://evil.example", **hidden).status_code == 403
    assert rami.post(f"/files/{tracking}/approve", **{**hidden, "csrf": "0"}).status_code == 200
    assert len(house.office.known(tracking).standing.done) == 1


def test_an_upload_of_a_stranger_is_not_read_and_one_that_is_too_large_is_refused(house: House):
    port = urlsplit(house.served.url).port
    announced = {"content-type": "multipart/form-data; boundary=x", "content-length": str(1 << 40)}
    nada = house.people["nada"].web.cookies["istilam_session"]
    for cookie, status in (("", 401), ("istilam_session=0", 401), (f"istilam_session={nada}", 413)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest("POST", "/console/feed")
        for name, value in {**announced, "origin": house.served.url, "cookie": cookie}.items():
            connection.putheader(name, value)
        connection.endheaders()
        # Nothing of it was sent, and it is answered.
        assert connection.getresponse().status == status
        connection.close()


def test_a_form_that_is_too_large_or_of_another_kind_is_refused(house: House):
    rami = house.people["rami"]
    headers = {"origin": house.served.url}
    address = f"{house.served.url}/console/files/{house.filed()}/note"
    large = rami.web.post(address, data={"note": "x" * 300_000}, headers=headers, timeout=20)
    many = rami.web.post(address, data=[("n", "")] * 3_000, headers=headers, timeout=20)
    other = rami.web.post(address, json={}, headers=headers, timeout=20)
    assert (large.status_code, many.status_code, other.status_code) == (413, 400, 415)


@pytest.mark.parametrize("path", ["/sign-in", "/", "/files/26318283312", "/nowhere", "/static/0/console.css"])
def test_every_answer_carries_a_strict_policy_and_no_script(house: House, path: str):
    answer = house.people["nada"].get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


def test_a_browser_asks_once_for_the_style_sheet_and_anew_when_it_changes(house: House):
    nada = house.people["nada"]
    (edition,) = re.findall(r'href="/console/static/(\w+)/console.css"', nada.get("/").text)
    present = nada.get(f"/static/{edition}/console.css")
    assert "immutable" in present.headers["cache-control"]
    older = nada.get("/static/0/console.css")
    assert older.content == present.content
    assert older.headers["cache-control"] == "no-store"
    assert nada.get(f"/static/{edition}/nothing.css").status_code == 404


def test_the_session_cookie_is_for_this_site_alone_and_no_script(house: House):
    person = hire(house.office, "crumb", "registry/beirut")
    person.url = house.served.url
    answer = person.web.post(
        f"{person.url}/console/sign-in",
        data={"login": "crumb", "password": PASSWORD, "digits": person.digits(house.office.clock())},
        headers={"origin": person.url},
        allow_redirects=False,
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    token = person.web.cookies["istilam_session"]
    database = (house.served.data / "office.db").read_bytes() + (house.served.data / "office.db-wal").read_bytes()
    assert token.encode() not in database
    assert person.totp.encode() not in database
    assert token not in house.served.logged()
