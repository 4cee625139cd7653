"""The office's people at work, over HTTP: a real process, real sessions, no browser."""

import re
from datetime import date, datetime, timedelta

import pytest

from central_api.console import pages, words
from central_api.publish import Intact, audit_verify
from central_api.store import people, queues
from central_api.store.cards import opened_by
from central_api.store.queues import Entry
from central_api.workflow.calendar import BEIRUT

from .conftest import House
from .staff import Person

INTAKE = {
    "service": "work_permits.renewal",
    "name": "أحمد الخوري",
    "company": "",
    "phone": "71 123 456",
    "document": "",
    "region": "beirut",
    "filed_at": "beirut",
    "language": "ar",
    "colleague": "",
}


def today() -> date:
    return datetime.now(BEIRUT).date()


def take_in(clerk: Person, **details) -> tuple[str, dict[str, str]]:
    """Hand an application in through both pages; returns its number and the form that was sent."""
    review = clerk.form("/intake", "/intake", **{**INTAKE, **details})
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', review.text))
    assert sent["sure"] == "1", review.text
    taken = clerk.post("/intake", **sent)
    return re.findall(r"/intake/(\d{11})", taken.url)[0], sent


def last_entry(house: House, tracking: str) -> Entry:
    return queues.history(house.office.own_reader, house.office.known(tracking))[-1]


def act(person: Person, tracking: str, action: str, **fields):
    return person.form(f"/files/{tracking}/{action}", f"/files/{tracking}/{action}", **fields)


def test_a_file_goes_from_the_counter_to_its_first_signature_with_a_name_at_each_step(house: House):
    rita, nada, rami = (house.people[name] for name in ("rita", "nada", "rami"))
    tracking, _ = take_in(rita)
    assert tracking in nada.get("/").text
    assert act(nada, tracking, "accept", note="papers complete").url.endswith("done=accept")
    assert last_entry(house, tracking).who == f"{nada.row} Nada Khoury"
    assert last_entry(house, tracking).said == "papers complete"
    assert tracking in rami.get("/").text
    act(rami, tracking, "approve")
    filed = house.office.known(tracking)
    assert [done.acting for done in filed.standing.done] == [False, False]
    assert last_entry(house, tracking).who == f"{rami.row} Rami Haddad"
    assert isinstance(audit_verify(house.office), Intact)


def test_what_is_handed_in_twice_by_the_same_form_is_one_file_with_one_slip(house: House):
    rita = house.people["rita"]
    tracking, sent = take_in(rita, name="Karim Twice")
    again = rita.post("/intake", **sent)
    assert f"/intake/{tracking}" in again.url
    assert again.text.count("/slips/") == 2
    found = rita.get("/search?q=Karim+Twice").text
    assert found.count('<th scope="row">') == 1


def test_a_second_request_of_the_same_person_for_the_same_service_is_told_before_it_counts(house: House):
    rita = house.people["rita"]
    first, _ = take_in(rita, name="فاطمة ضاهر", phone="03 111 222")
    review = rita.form("/intake", "/intake", **{**INTAKE, "name": "Fatima Daher", "phone": "70 222 333"})
    assert f"/files/{first}" in review.text
    assert f"/files/{first}" in rita.form("/intake", "/intake", **{**INTAKE, "name": "X Y", "phone": "03111222"}).text


@pytest.mark.parametrize(
    "typed", ["احمد الخوري", "أحمد خوري", "أَحْمَد ٱلخُوري", "Ahmad Khoury", "ahmed el-khouri", "71123456"]
)
def test_a_person_is_found_however_the_name_is_spelled(house: House, typed: str):
    tracking, _ = take_in(house.people["rita"])
    assert tracking in house.people["nada"].get("/search", params={"q": typed}).text


def test_a_return_needs_a_reason_and_keeps_what_was_typed(house: House):
    tracking, rami = house.filed(), house.people["rami"]
    refused = act(rami, tracking, "return", note="the policy has run out")
    assert refused.status_code == 400
    assert "the policy has run out" in refused.text
    assert house.office.known(tracking).standing.stage.__class__.__name__ == "UnderReview"
    act(rami, tracking, "return", document="4", reason="2", deadline=(today() + timedelta(9)).isoformat())
    status = house.office.status_of(house.office.known(tracking))
    assert status.missing == (4,)
    assert status.deadline is not None
    # And the counter takes it back to the very step it came from.
    act(house.people["rita"], tracking, "resubmit")
    assert house.office.status_of(house.office.known(tracking)).current == 1


def test_a_last_day_that_is_over_is_told_as_over(house: House):
    """Both pages of a file once said “no later than” of a day gone by."""
    tracking, last = house.filed(), today()
    house.office.act(tracking, "return", role="head_of_department", documents=["lab_tests"], deadline=last)
    told = house.office.status_of(house.office.known(tracking))
    assert told.deadline is not None
    until, over = (words.say("en", key, day=words.day(last)) for key in ("until", "over"))
    for page in ("", "/told"):
        assert until in house.people["rita"].get(f"/files/{tracking}{page}").text
    page = pages.environment("en").get_template("last_day.html")
    assert over in page.render(told=told, today=told.deadline + 1)
    assert over not in page.render(told=told, today=told.deadline)


def test_the_last_day_to_object_is_told_as_such_also_when_it_is_over(house: House):
    """A counter's page called it the last day to hand in documents."""
    tracking = house.filed()
    act(house.people["rami"], tracking, "reject", reason="8")
    told = house.office.status_of(house.office.known(tracking))
    assert told.deadline is not None
    page = pages.environment("en").get_template("last_day.html")
    assert "An objection is possible until" in house.people["rita"].get(f"/files/{tracking}/told").text
    assert "An objection is possible until" in page.render(told=told, today=told.deadline)
    assert "The last day to object" in page.render(told=told, today=told.deadline + 1)


def test_of_two_officers_on_one_file_one_wins_and_the_other_is_told_who_did_what(house: House):
    tracking, rami = house.filed(), house.people["rami"]
    other = house.people.get("ziad") or house.add("ziad", "head_of_department/beirut", name="Ziad Second")
    page = other.get(f"/files/{tracking}/reject").text
    hidden = dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', page))
    act(rami, tracking, "approve")
    late = other.post(f"/files/{tracking}/reject", reason="8", note="my own words", **hidden)
    assert late.status_code == 409
    assert "Somebody else has acted" in late.text
    assert "Rami Haddad" in late.text
    assert "my own words" in late.text
    assert len(house.office.known(tracking).standing.done) == 2


def test_the_same_approval_sent_twice_counts_once(house: House):
    tracking, rami = house.filed(), house.people["rami"]
    page = rami.get(f"/files/{tracking}/approve").text
    hidden = dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', page))
    first, second = (rami.post(f"/files/{tracking}/approve", **hidden) for _ in range(2))
    assert first.url == second.url
    assert second.status_code == 200
    assert len(house.office.known(tracking).standing.done) == 2


def test_nobody_decides_on_his_own_file_whether_by_phone_by_document_or_as_the_counter_wrote(house: House):
    own = house.add(
        "omar", "head_of_department/beirut", phone="+96170555666", card=house.office.shown("P-LBN-OMAR1")[0][1]
    )
    by_phone = house.filed(phone="+96170555666")
    by_card = house.filed(document="P-LBN-OMAR1")
    written, _ = take_in(house.people["rita"], name="Omar", phone="", colleague="omar")
    act(house.people["nada"], written, "accept")
    for tracking in (by_phone, by_card, written):
        assert f'/files/{tracking}/approve"' not in own.get(f"/files/{tracking}").text
        page = own.get("/").text
        hidden = dict(re.findall(r'type="hidden" name="(csrf)" value="([^"]*)"', page))
        answer = own.post(f"/files/{tracking}/approve", form=f"forged-{tracking}", seen="", **hidden)
        assert answer.status_code == 409
        assert len(house.office.known(tracking).standing.done) == 1
        act(house.people["rami"], tracking, "approve")
        assert len(house.office.known(tracking).standing.done) == 2


def test_a_deputy_signs_for_the_absent_officer_and_both_names_are_kept(house: House):
    rami, maya = house.people["rami"], house.people["maya"]
    lina = house.add("lina", "registry/bekaa", name="Lina Deputy")
    tracking, day = house.filed(), today().isoformat()
    assert act(lina, tracking, "approve").status_code == 409
    absent = f"{rami.row}@head_of_department/beirut"
    chosen = {"absent": absent, "deputy": str(lina.row), "first": day, "last": day}
    # Nobody appoints himself, and nobody but the officer or one above appoints.
    assert lina.form("/deputies", "/deputies", **chosen).status_code == 400
    assert rami.form("/deputies", "/deputies", **{**chosen, "deputy": str(rami.row)}).status_code == 400
    assert maya.form("/deputies", "/deputies", **chosen).status_code == 200
    assert maya.form("/deputies", "/deputies", **chosen).status_code == 400, "the same deputy for the same days"
    assert len(people.deputations(house.office.own_reader)) == 1
    assert tracking in lina.get("/").text
    confirm = lina.get(f"/files/{tracking}/approve").text
    assert "Rami Haddad" in confirm
    act(lina, tracking, "approve")
    entry = last_entry(house, tracking)
    assert (entry.who, entry.acting_for) == (f"{lina.row} Lina Deputy", f"{rami.row} Rami Haddad")
    assert house.office.status_of(house.office.known(tracking)).steps[1].acting
    assert "acting for \u2068Rami Haddad\u2069" in rami.get(f"/files/{tracking}").text
    row = people.deputations(house.office.own_reader)[-1].row
    assert rami.form("/deputies", "/deputies", end=str(row)).status_code == 200
    assert act(lina, house.filed(), "approve").status_code == 409


def test_who_appointed_the_deputy_does_not_get_his_own_file_approved_by_him(house: House):
    boss = house.add("walid", "head_of_department/north", phone="+96170777001", name="Walid")
    stand_in = house.add("nour", "registry/north", name="Nour")
    day = today().isoformat()
    chosen = {
        "absent": f"{boss.row}@head_of_department/north",
        "deputy": str(stand_in.row),
        "first": day,
        "last": day,
    }
    assert boss.form("/deputies", "/deputies", **chosen).status_code == 200
    tracking = house.filed(region="north", phone="+96170777001")
    assert act(stand_in, tracking, "approve").status_code == 409
    # There is a way out: the one above appoints.
    assert house.people["maya"].form("/deputies", "/deputies", **chosen).status_code == 200
    act(stand_in, tracking, "approve")
    assert len(house.office.known(tracking).standing.done) == 2


def test_a_file_is_given_to_whoever_can_act_on_it_and_that_lapses_when_it_goes_on(house: House):
    rami, maya, nada = (house.people[name] for name in ("rami", "maya", "nada"))
    ziad = house.people.get("ziad") or house.add("ziad", "head_of_department/beirut", name="Ziad Second")
    tracking = house.filed()
    path = f"/files/{tracking}/assign"
    # Not by who has nothing to do with it, not to who cannot act on it; by a colleague, or by one above.
    assert nada.form(f"/files/{tracking}", path, form="n1", officer="ziad").status_code == 409
    assert rami.form(f"/files/{tracking}", path, officer="nada").status_code == 409
    assert rami.form(f"/files/{tracking}", path, officer="ziad").url.endswith("done=assign")
    assert "Assigned to \u2068Ziad Second" in maya.get(f"/files/{tracking}").text
    assert "Assigned to \u2068Ziad Second" in ziad.get("/").text
    assert maya.form(f"/files/{tracking}", path, form="m1", officer="rami").url.endswith("done=assign")
    assert last_entry(house, tracking).said.endswith("Rami Haddad")
    # An order among colleagues, and no lock.
    act(ziad, tracking, "approve")
    assert "Assigned to \u2068" not in maya.get(f"/files/{tracking}").text
    # Nobody gives his own application to anybody, nor is it given to him.
    own = house.add("karam", "head_of_department/beirut", phone="+96170555001", name="Karam Own")
    mine = house.filed(phone="+96170555001")
    for person, to in ((own, "ziad"), (rami, "karam")):
        assert person.form(f"/files/{mine}", f"/files/{mine}/assign", form=f"o{to}", officer=to).status_code == 409
    assert isinstance(audit_verify(house.office), Intact)


def test_what_the_counter_may_tell_has_the_notes_for_the_applicant_alone(house: House):
    tracking, rami, rita = house.filed(), house.people["rami"], house.people["rita"]
    rami.form(f"/files/{tracking}", f"/files/{tracking}/note", note="ask the notary himself")
    rami.form(f"/files/{tracking}", f"/files/{tracking}/note", note="the policy runs out in May", public="1")
    told = rita.get(f"/files/{tracking}/told").text
    assert "the policy runs out in May" in told
    assert "ask the notary himself" not in told


def test_of_a_unit_that_is_suspended_no_usual_time_is_told(house: House):
    """“Usually 2 to 5 working days” stood beside “suspended unit”, of a unit that does nothing."""
    tracking, rami = house.filed(), house.people["rami"]
    before = rami.get(f"/files/{tracking}").text
    house.office.suspend_unit("head_of_department", "beirut")
    after = rami.get(f"/files/{tracking}").text
    house.office.resume_unit("head_of_department", "beirut")
    assert "Suspended unit" in after
    assert before.count("working days") == after.count("working days") + 1


def test_an_objection_is_handed_in_at_the_registry_and_decided_by_another_than_who_rejected(house: House):
    nada, rami = house.people["nada"], house.people["rami"]
    # Rami rejects as Head of Department, and stands in for the Director General, too.
    dalal = house.add("dalal", "director_general", name="Dalal Director")
    tracking, day = house.filed(), today().isoformat()
    act(rami, tracking, "reject", reason="8")
    status = house.office.status_of(house.office.known(tracking))
    assert status.deadline is not None
    assert f'/files/{tracking}/object"' not in rami.get(f"/files/{tracking}").text
    assert act(nada, tracking, "object", note="the quota was not counted").url.endswith("done=object")
    assert tracking in dalal.get("/").text
    chosen = {"absent": f"{dalal.row}@director_general", "deputy": str(rami.row), "first": day, "last": day}
    assert dalal.form("/deputies", "/deputies", **chosen).status_code == 200
    assert act(rami, tracking, "dismiss", reason="8").status_code == 409
    page = rami.get(f"/files/{tracking}").text
    assert "Rejected; the objection is with" in page
    assert act(dalal, tracking, "grant").url.endswith("done=grant")
    assert house.office.status_of(house.office.known(tracking)).current == 1
    act(rami, tracking, "approve")
    assert isinstance(audit_verify(house.office), Intact)


def test_many_files_are_approved_at_once_after_a_look_at_what_differs(house: House):
    rami = house.people["rami"]
    files = [house.filed() for _ in range(5)] + [house.filed(filed_at="bekaa")]
    review = rami.get("/bulk", params={"file": files}).text
    assert review.count('class="late"') == 1
    assert "Filed elsewhere" in review
    hidden = dict(re.findall(r'type="hidden" name="(csrf|form)" value="([^"]*)"', review))
    chosen = re.findall(r'name="file" value="([^"]+)"', review)
    assert len(chosen) == 6
    house.office.act(files[0], "return", role="head_of_department", reasons=["document_missing"])
    done = rami.post("/bulk", file=chosen, **hidden)
    assert "\u20685\u2069 approved" in done.text
    assert [len(house.office.known(one).standing.done) for one in files] == [1, 2, 2, 2, 2, 2]
    # Sent again, as after a cut: nothing is done twice.
    again = rami.post("/bulk", file=chosen, **hidden)
    assert "\u20685\u2069 approved" in again.text
    assert [len(house.office.known(one).standing.done) for one in files] == [1, 2, 2, 2, 2, 2]


def test_a_new_slip_is_given_on_identity_and_the_old_one_is_gone(house: House):
    rita = house.people["rita"]
    given = house.served.submit(language="fr")
    refused = rita.form(f"/files/{given.tracking}", f"/files/{given.tracking}/slip/reissue")
    assert refused.status_code == 409
    page = rita.form(f"/files/{given.tracking}", f"/files/{given.tracking}/slip/reissue", identity="1")
    slip = re.findall(r'src="/console(/slips/[^"]+)"', page.text)[0].replace("&amp;", "&")
    assert rita.get(slip).content.startswith(b"\x89PNG")
    assert rita.get(slip.replace(".png", ".pdf")).content.startswith(b"%PDF")
    assert house.served.status_of(given).status_code == 410
    # The stub with the code is for the clerk who gave it out, and not for a later print.
    assert rita.get(slip).content != rita.get(slip.partition("?")[0]).content
    assert house.people["nada"].get(slip).status_code == 403


def test_a_card_is_bound_and_let_go_at_the_counter_where_it_was_shown(house: House):
    tracking, rita, nada = house.filed(), house.people["rita"], house.people["nada"]
    file, form = f"/files/{tracking}", f"/files/{tracking}/card"
    card = {"kind": "identity_card", "number": "0000-1234 5678"}
    (shown,) = house.office.shown(None, "000012345678")
    assert rita.form(file, form, what="bind", **card).status_code == 409, "nobody looked at who he is"
    assert rita.form(file, form, what="bind", identity="1", kind="document", number="x").status_code == 409
    page = rita.form(file, form, what="bind", identity="1", **card)
    assert "The card opens this file now." in page.text and "Card bound" in page.text
    assert "12345678" not in page.text
    assert [filed.tracking for filed in opened_by(house.office.reader(), shown[1])] == [tracking]
    assert nada.form(file, form, what="unbind", identity="1", **card).status_code == 409, "not at an intake counter"
    page = rita.form(file, form, what="unbind", identity="1", **card)
    assert "no more" in page.text and "Card unbound" in page.text
    assert opened_by(house.office.reader(), shown[1]) == []


def test_nobody_binds_a_card_to_a_file_of_his_own(house: House):
    (own,) = house.office.shown(None, "OWN12345")
    layal = house.add("layal", "intake/beirut", name="Layal Own", phone="+96170111222", card=own[1])
    (shown,) = house.office.shown(None, "7654321")
    hers, another = house.filed(phone="+96170111222"), house.filed()
    for tracking, number in ((hers, "7654321"), (another, "OWN12345")):
        file = f"/files/{tracking}"
        refused = layal.form(file, f"{file}/card", what="bind", identity="1", kind="identity_card", number=number)
        assert refused.status_code == 409
    assert opened_by(house.office.reader(), shown[1]) == opened_by(house.office.reader(), own[1]) == []


def test_a_note_stays_inside_and_is_in_the_register(house: House):
    tracking, rami = house.filed(), house.people["rami"]
    rami.form(f"/files/{tracking}", f"/files/{tracking}/note", note="<b>ask the notary</b>")
    page = rami.get(f"/files/{tracking}").text
    assert "&lt;b&gt;ask the notary&lt;/b&gt;" in page
    assert isinstance(audit_verify(house.office), Intact)
    assert "ask the notary" in house.people["huda"].get("/audit").text


def test_the_director_freezes_time_limits_by_a_decree_and_the_register_says_so(house: House):
    karim = house.add("karim", "director_general", name="Karim Eid")
    days = {"first": "2026-01-05", "last": "2026-01-16", "decree": "12345/2026"}
    assert "freeze" not in house.people["rami"].get("/calendar").text
    assert house.people["rami"].form("/deputies", "/calendar", **days).status_code == 400
    wrong = karim.form("/calendar", "/calendar", **days | {"last": "2026-01-02"})
    assert wrong.status_code == 400
    assert 'value="12345/2026"' in wrong.text
    assert "12345/2026" in karim.form("/calendar", "/calendar", **days).text
    assert karim.form("/calendar", "/calendar", **days).status_code == 400
    assert "12345/2026" in house.people["rami"].get("/calendar").text
    told = house.people["huda"].get("/audit").text
    assert "Time limits frozen" in told
    assert "From \u206805/01/2026\u2069 to \u206816/01/2026\u2069, \u206812345/2026\u2069" in told
    assert "Karim Eid" in told
    assert "12345/2026" not in karim.form("/calendar", "/calendar", **days, end="1").text


def test_a_deputy_is_proposed_to_the_one_above_where_somebody_has_not_acted_while_files_wait(house: House):
    """Nothing is appointed by itself: the note leads to the form."""
    tarek = house.add("tarek", "registry/nabatieh", name="Tarek Jaber")
    karim = house.add("nadim", "director_general", name="Nadim Aoun")
    long_ago = house.office.clock() - 30 * 86_400
    house.office.submit("work_permits", "renewal", region="nabatieh", phone=None, at=long_ago)
    said = karim.get("/").text
    assert "Tarek Jaber" in said
    assert f"absent={tarek.row}@registry/nabatieh#appoint" in said
    assert "Tarek Jaber" not in house.people["rami"].get("/").text
    assert house.office.own_reader.execute(
        "SELECT count(*) FROM deputation WHERE absent = ?", (tarek.row,)
    ).fetchone() == (0,)
    # Who acts is not away.
    house.office.execute_write(
        lambda c: c.execute("UPDATE account SET acted = ? WHERE id = ?", (house.office.clock(), tarek.row))
    ).result()
    assert f"absent={tarek.row}@" not in karim.get("/").text
