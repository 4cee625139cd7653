"""Someone at home photographs his slip: a real Chromium opens the page of a real office."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from central_api.contract import base32
from central_api.contract.receipts import receipt_url
from central_api.contract.sealed import open_sealed
from central_api.store import Submitted
from tests.central_api.web.running import Running, running, until

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("phone") / "office", "--loopback-terminals") as office:
        yield office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


class Phone:
    """A phone's browser, with everything that it sent, and everything that its page complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, request: Request) -> None:
        self.sent.append(f"{request.method} {request.url} {request.all_headers()} {request.post_data or ''}")

    def opens(self, url: str) -> None:
        # Another page first: what changes after # alone would not load anything. Then as a link, as a camera opens it.
        self.page.goto("about:blank")
        with self.page.expect_navigation(wait_until="load"):
            self.page.evaluate("address => { location.href = address }", url)

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", timezone_id="Asia/Tokyo")
    visit = Phone(context.new_page())
    yield visit
    context.close()
    assert visit.complaints == []


def address(served: Running, given: Submitted) -> str:
    """What the QR code says, at the address where the test's office listens."""
    return served.url + "/#" + given.slip_url.partition("#")[2]


def act_and_publish(served: Running, given: Submitted, action: str, role: str, **options) -> None:
    before = served.status_of(given).headers["etag"]
    served.office.act(given.tracking, action, role=role, **options)
    until(lambda: served.status_of(given).headers["etag"] != before)


def test_a_slip_shows_where_the_application_is_in_its_own_language(served: Running, phone: Phone):
    given = served.submit(language="ar")
    act_and_publish(served, given, "accept", "registry")
    act_and_publish(served, given, "approve", "head_of_department", acting=True)
    phone.opens(address(served, given))
    phone.sees("معاملتكم لدى رئيس المصلحة")
    phone.sees("رئيس الدائرة، بيروت: وافق")
    phone.sees("بالوكالة")
    phone.sees("لا شيء الآن")
    phone.sees(f"{given.tracking[:2]}-{given.tracking[2:6]}")
    html = phone.page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    phone.page.get_by_role("button", name="Français").click()
    phone.sees("Votre dossier est chez le chef de service")
    expect(html).to_have_attribute("dir", "ltr")
    phone.page.get_by_role("button", name="English").click()
    phone.sees("Your application is with the Head of Service")


def test_a_returned_file_tells_what_is_missing_and_until_when(served: Running, phone: Phone):
    given = served.submit(language="fr")
    act_and_publish(served, given, "accept", "registry")
    missing = ["lab_tests", "insurance_policy"]
    act_and_publish(
        served, given, "return", "head_of_department", documents=missing, deadline=date(2027, 1, 15), reasons=[]
    )
    phone.opens(address(served, given))
    for words in ("Il manque \u20682\u2069 pièces", "Analyses médicales", "Police d’assurance", "15/01/2027"):
        phone.sees(words)


@pytest.mark.parametrize(("second", "over"), [("21:59:59", False), ("22:00:00", True)])
def test_a_last_day_that_is_over_is_told_as_over(served: Running, phone: Phone, second: str, over: bool):
    """The page once asked for documents “no later than” a day gone by. That day ends at midnight in Beirut."""
    given = served.submit(language="en")
    act_and_publish(served, given, "accept", "registry")
    missing, last = ["lab_tests"], date(2027, 1, 15)
    act_and_publish(served, given, "return", "head_of_department", documents=missing, deadline=last, reasons=[])

    def later(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "date": f"Fri, 15 Jan 2027 {second} GMT"})

    phone.page.route("**/v1/statuses/*", later)
    phone.opens(address(served, given))
    phone.sees("Lab tests")
    told = phone.page.locator("body").inner_text()
    assert ("The last day, \u206815/01/2027\u2069, has passed" in told) is over
    assert ("No later than \u206815/01/2027\u2069" in told) is not over
    assert ("go to the inquiries desk" in told) is over
    assert ("goes on from the same step" in told) is not over


def test_a_rejected_file_tells_why(served: Running, phone: Phone):
    given = served.submit(language="en")
    act_and_publish(served, given, "accept", "registry")
    act_and_publish(served, given, "reject", "head_of_department", reasons=["profession_reserved"])
    phone.opens(address(served, given))
    phone.sees("Your application is rejected")
    phone.sees("reserved for Lebanese nationals")
    phone.sees("You may object until")
    assert "No later than" not in phone.page.locator("body").inner_text()


def test_a_rejection_that_was_objected_to_is_no_end(served: Running, phone: Phone):
    """It was told as rejected, in red, and how to object was still said to who had done so."""
    given = served.submit(language="en")
    act_and_publish(served, given, "accept", "registry")
    act_and_publish(served, given, "reject", "head_of_department", reasons=["profession_reserved"])
    act_and_publish(served, given, "object", "registry")
    phone.opens(address(served, given))
    phone.sees("Your objection is being examined")
    phone.sees("With: Director General, since")
    phone.sees("Nothing at present.")
    expect(phone.page.locator(".answer.green")).to_be_visible()
    told = phone.page.locator("body").inner_text()
    assert "For an explanation or an objection" not in told and "object until" not in told
    assert "The objection is being examined" not in told, "the answer says that already"


def test_a_suspended_unit_is_told_as_such(served: Running, phone: Phone):
    given = served.office.submit("work_permits", "renewal", region="nabatieh", phone=None, language="en")
    until(lambda: served.status_of(given).status_code == 200)
    act_and_publish(served, given, "accept", "registry")
    before = served.status_of(given).headers["etag"]
    served.office.suspend_unit("head_of_department", "nabatieh")
    until(lambda: served.status_of(given).headers["etag"] != before)
    phone.opens(address(served, given))
    phone.sees("Work at this office has been stopped since")
    phone.sees("Head of Department, Nabatieh: work stopped")
    phone.sees("Your application has been there since")
    assert "usually takes" not in phone.page.locator("body").inner_text()


def test_the_slip_key_is_in_no_request_log_or_history(served: Running, phone: Phone):
    given = served.submit(language="en")
    phone.opens(address(served, given))
    phone.sees("Your application is with the registry")
    phone.page.get_by_role("button", name="العربية").click()
    key = base32.encode(given.slip.key)
    assert phone.sent
    cdp = phone.page.context.new_cdp_session(phone.page)
    # The browser itself also remembers, per tab, which address was first asked for (`userTypedURL`): no page reaches
    # that, and none is shown it. What a page leaves behind are the entries' addresses.
    entries = cdp.send("Page.getNavigationHistory")["entries"]
    history = json.dumps([[entry["url"], entry["title"]] for entry in entries])
    stored = phone.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])")
    until(lambda: '"/v1/statuses/{slot}"' in served.logged())
    told = " ".join(phone.sent) + history + stored + served.logged() + phone.page.content()
    for secret in (key, key.lower(), given.slip.key.hex()):
        assert secret not in told
    # The tracking number is on the page, and nowhere else.
    assert given.tracking not in " ".join(phone.sent) + history + stored + served.logged()
    assert phone.page.url == served.url + "/"


def test_the_page_loads_nothing_from_others_and_allows_no_inline_script(served: Running, phone: Phone):
    answer = served.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    phone.opens(address(served, served.submit()))
    phone.sees("معاملتكم لدى الديوان")
    assert all(f" {served.url}/" in line for line in phone.sent if "about:" not in line)
    assert not any("referer" in line.lower() for line in phone.sent if "/v1/" in line)


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("", "Photographiez le code"),
        ("26318283312.AAAA", "Le récépissé n’a pas pu être lu"),
        ("26318283313.4QGAJILAD2KC7MNBDKPN2E4XU4", "Le récépissé n’a pas pu être lu"),
        ("26318283312.4QGAJILAD2KC7MNBDKPN2E4XU5", "Le récépissé n’a pas pu être lu"),
        ("26318283312.4QGAJILAD2KC7MNBDKPN2E4XU4", "Aucun dossier ne correspond à ce récépissé"),
        ("<img src=x onerror=alert(1)>", "Le récépissé n’a pas pu être lu"),
    ],
)
def test_what_is_no_slip_of_ours_is_told_apart(served: Running, phone: Phone, fragment: str, words: str):
    phone.opens(f"{served.url}/#{fragment}")
    phone.sees(words)


def test_a_replaced_slip_says_that_a_newer_one_exists(served: Running, phone: Phone):
    given = served.submit()
    served.office.reissue(given.tracking)
    until(lambda: served.status_of(given).status_code == 410)
    phone.opens(address(served, given))
    phone.sees("Ce récépissé n’est plus valable")
    phone.sees("Un récépissé plus récent existe")


def test_a_slip_whose_file_is_no_longer_shown_says_so_and_not_that_a_newer_one_exists(served: Running, phone: Phone):
    given = served.submit()
    served.expire(given)
    phone.opens(address(served, given))
    phone.sees("Ce dossier n’est plus affiché ici")
    phone.sees("avec le récépissé de dépôt")
    assert "plus récent" not in phone.page.content()


def test_a_slip_of_another_file_under_our_key_is_not_believed(served: Running, phone: Phone):
    given, other = served.submit(), served.submit()
    phone.opens(f"{served.url}/#{other.tracking}.{base32.encode(given.slip.key)}")
    phone.sees("Le récépissé n’a pas pu être lu")


def test_an_altered_status_is_not_shown(served: Running, phone: Phone):
    given = served.submit()
    sealed = bytearray(served.status_of(given).content)
    sealed[-1] ^= 1
    phone.page.route("**/v1/statuses/*", lambda route: route.fulfill(body=bytes(sealed)))
    phone.opens(address(served, given))
    phone.sees("Le récépissé n’a pas pu être lu")


def test_an_office_out_of_reach_can_be_asked_again(served: Running, phone: Phone):
    given = served.submit(language="en")
    phone.page.route("**/v1/statuses/*", lambda route: route.abort())
    phone.opens(address(served, given))
    phone.sees("Le ministère est injoignable")
    phone.page.unroute("**/v1/statuses/*")
    phone.page.get_by_role("button", name="Réessayer").click()
    phone.sees("Your application is with the registry")


def test_without_the_browsers_crypto_the_page_says_so(served: Running, phone: Phone):
    phone.page.add_init_script("delete Crypto.prototype.subtle")
    phone.opens(address(served, served.submit()))
    phone.sees("Ce navigateur ne peut pas ouvrir le récépissé")


def test_a_receipt_is_checked_and_its_signed_words_are_shown(served: Running, phone: Phone):
    given = served.submit()
    version, plain = open_sealed(served.status_of(given).content, given.slip.key)
    text = receipt_url(served.office.settings.host, plain, version)
    here = f"{served.url}/R#{text.partition('#')[2]}"
    phone.opens(here)
    phone.sees("Cet état est authentique")
    phone.sees(f"{given.tracking[:2]}-{given.tracking[2:6]}")
    act_and_publish(served, given, "accept", "registry")
    phone.opens(here)
    phone.sees("le dossier a changé depuis")
    code = text.partition("#")[2]
    phone.opens(f"{served.url}/R#{code[:-30]}{'A' if code[-30] != 'A' else 'B'}{code[-29:]}")
    phone.sees("Le ministère n’a pas délivré cet état")
    # Cut off: no signature has failed, and nobody is accused.
    phone.opens(f"{served.url}/R#{code[:-8]}")
    phone.sees("Cet état n’a pas pu être confirmé")


def test_a_slip_photographed_in_the_same_tab_replaces_the_first(served: Running, phone: Phone):
    first, second = served.submit(language="en"), served.submit(language="en")
    phone.opens(address(served, first))
    phone.sees(f"{first.tracking[2:6]}-{first.tracking[6:10]}")
    phone.page.evaluate("text => { location.hash = text }", second.slip_url.partition("#")[2])
    phone.sees(f"{second.tracking[2:6]}-{second.tracking[6:10]}")
    assert phone.page.url == served.url + "/"


@pytest.mark.parametrize("path", ["/E", "/T"])
def test_a_code_of_the_technicians_says_that_it_is_none_for_visitors(phone: Phone, served: Running, path: str) -> None:
    secret = "AEBAGBAFAYDQQCIK"
    phone.opens(f"{served.url}{path}#{secret}")
    for words in ("ليس للزوّار", "pas destiné aux visiteurs", "not for visitors"):
        phone.sees(words)
    assert not [request for request in phone.sent if secret in request]
    wide = phone.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "nothing is cut on a phone"
