"""What is typed wrongly, or sent by no page of ours: it is refused in words, and the register stays readable."""

import html
import re
import secrets

import pytest

from central_api.publish import Intact, audit_verify
from central_api.store.names import names_of

from .conftest import House
from .staff import PASSWORD, Person
from .test_working import INTAKE, act, take_in

NO_SUCH_NUMBER = "9" * 24


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("rami", f"/?after={NO_SUCH_NUMBER}.1"),
        ("rami", f"/?after=1.{NO_SUCH_NUMBER}"),
        ("huda", f"/audit?before={NO_SUCH_NUMBER}"),
    ],
)
def test_a_page_number_that_no_register_holds_is_no_page(house: House, who: str, path: str):
    assert house.people[who].get(path).status_code == 404


def test_a_decree_of_the_year_26_is_refused_and_the_office_goes_on(house: House):
    karim = house.people.get("karim") or house.add("karim", "director_general", name="Karim Eid")
    days = {"first": "0026-12-24", "last": "0026-12-31", "decree": "Decree 12"}
    refused = karim.form("/calendar", "/calendar", **days)
    assert refused.status_code == 400
    assert "A field is missing or does not hold" in refused.text
    assert house.served.status_of(house.served.submit()).status_code == 200
    assert isinstance(audit_verify(house.office), Intact)


@pytest.mark.parametrize("fields", [{"reason": "-1"}, {"reason": "2", "document": "-1"}, {"reason": str(2**70)}])
@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_reason_that_no_page_offers_is_not_written(house: House, action: str, fields: dict[str, str]):
    tracking = house.filed()
    assert act(house.people["rami"], tracking, action, **fields).status_code in {400, 409}
    assert len(house.office.known(tracking).standing.done) == 1
    assert isinstance(audit_verify(house.office), Intact)


@pytest.mark.parametrize("totp", ["1" * 32, "ا" * 32, "a" * 32])
def test_who_joins_by_a_secret_that_is_none_gets_a_new_one(house: House, totp: str):
    stranger = Person("nobody", 0, "", house.served.url)
    refused = stranger.post("/join", login="nobody", code="0", totp=totp, password=PASSWORD, again=PASSWORD, digits="0")
    assert refused.status_code == 400
    assert re.search(r'name="totp" value="[A-Z2-7]{32}"', refused.text)


@pytest.mark.parametrize("name", ["rows." + "x" * 300, "rows.csv\x00", "rows"])
def test_an_upload_by_any_name_is_a_table_or_is_refused(house: House, name: str):
    nada = house.people["nada"]
    mark = re.findall(r'name="csrf" value="(\w+)"', nada.get("/feed").text)[0]
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = part.format("csrf", "", mark) + part.format("rows", f'; filename="{name}"', "a,b") + "--x--\r\n"
    headers = {"origin": nada.url, "content-type": "multipart/form-data; boundary=x"}
    sent = nada.web.post(f"{nada.url}/console/feed", data=body.encode(), headers=headers, timeout=20)
    assert sent.status_code == 400


def test_a_language_that_is_none_is_passed_over_when_somebody_signs_in(house: House):
    person = house.add("polyglot", "registry/beirut")
    house.office.execute_write(
        lambda c: c.execute("UPDATE account SET totp_step = 0 WHERE login = 'polyglot'")
    ).result()
    person.web.cookies.clear()
    digits = person.digits(house.office.clock())
    back = person.post("/sign-in?lang=xx", login="polyglot", password=PASSWORD, digits=digits, kept="note=hello")
    assert back.status_code == 200
    assert "hello" in back.text


def test_a_name_cannot_turn_what_stands_behind_it(house: House):
    typed = f"\u202eevil\u202d \u2066{secrets.token_hex(4)}\x00"
    tracking, _ = take_in(house.people["rita"], name=typed, phone="70 987 654")
    name, _ = names_of(house.office.own_reader, house.office.known(tracking).row)
    assert name == typed.translate({ord(mark): None for mark in "\u202e\u202d\u2066\x00"})
    refused = house.people["rita"].form("/intake", "/intake", **{**INTAKE, "name": "\u202e\x00"})
    assert refused.status_code == 400
    assert "A field is missing" in html.unescape(refused.text)


def test_a_name_keeps_its_own_direction_on_every_page_that_shows_it(house: House):
    name = f"Cedars {secrets.token_hex(4)} (S.A.L.)"
    tracking, _ = take_in(house.people["rita"], name="", company=name, phone="70 987 653")
    shown = f"\u2068{name}\u2069"
    pages = [
        "/",
        f"/files/{tracking}",
        f"/files/{tracking}/accept",
        f"/bulk?file={tracking}",
        "/books",
        f"/search?q={name}",
    ]
    nada = house.people["nada"]
    assert [path for path in pages if shown not in nada.get(path).text] == []
    review = house.people["rita"].form("/intake", "/intake", **{**INTAKE, "name": name, "phone": "70 987 653"})
    assert shown in review.text


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("card_uid", "zz", "a contactless card a number like 04A1B2C3D4E5F6"),
        ("card_uid", "08A1B2C3", "another number each time"),
        ("identity_card", "12", "an identity card has 4 to 32 letters and digits"),
        ("document", "12", "like P-LBN-LR1234567"),
    ],
)
def test_a_card_of_a_wrong_number_is_refused_in_words_of_its_kind_with_the_way_back(
    house: House, kind: str, number: str, words: str
):
    tracking, rita = house.filed(), house.people["rita"]
    fields = {"kind": kind, "number": number, "identity": "1", "what": "bind"}
    refused = rita.form(f"/files/{tracking}", f"/files/{tracking}/card", **fields)
    assert refused.status_code == 409
    assert words in refused.text
    assert f'href="/console/files/{tracking}"' in refused.text
