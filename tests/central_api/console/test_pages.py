"""Every page in three languages before a real Chromium, judged by axe-core: names, contrast, order; and nothing cut.

Contrast is nine tenths of axe's time, and hardly another one in another language: each page is asked for it in one.
With ISTILAM_AXE=whole (`make soak`) every rule judges every page in every language.
"""

import json
import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from .conftest import House

CHROMIUM = "/usr/bin/chromium"
LANGUAGES = ("ar", "fr", "en")
# By whom each page is looked at: {0} and {1} are tracking numbers.
PAGES = {
    "rami": (
        "/",
        "/files/{0}",
        "/files/{0}/told",
        "/files/{0}/approve",
        "/files/{0}/return",
        "/files/{0}/reject",
        "/bulk?file={0}&file={1}",
        "/search?q=Khoury",
        "/reports",
        "/deputies",
    ),
    "rita": ("/intake", "/files/{0}", "/intake/{0}", "/nowhere"),
    "sami": ("/people", "/terminals", "/calendar"),
    "huda": ("/audit", "/people"),
    "nada": ("/feed", "/books"),
}
# What axe does not look for: a page that is wider than its window, and one that is heavy.
WIDER = "document.documentElement.scrollWidth > innerWidth"
MOST_BYTES = 100_000
# The menu of whoever has most to choose from stands in one row, in a window of this width.
ROWS = "new Set([...document.querySelectorAll('header nav a')].map(link => link.offsetTop)).size"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


def opened(browser: Browser, **options) -> Page:
    context = browser.new_context(**options)
    # By the debugger, which the pages' own policy does not bind: they allow no script at all.
    context.add_init_script(AXE_SCRIPT)
    return context.new_page()


def opened_by(browser: Browser, house: House, login: str) -> Page:
    page = opened(browser, viewport={"width": 1024, "height": 800})
    token = house.people[login].web.cookies["istilam_session"]
    page.context.add_cookies([{"name": "istilam_session", "value": token, "url": f"{house.served.url}/console"}])
    return page


WHOLE = os.environ.get("ISTILAM_AXE") == "whole"


def wrong_on(page: Page, *, contrast: bool) -> list[str]:
    """What axe-core holds against a page, of any weight, and whether it is cut."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast or WHOLE}}}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)}).then(told => told.violations)")
    told = [f"{one['impact']} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
    return [*told, *(["wider than the window"] if page.evaluate(WIDER) else [])]


@pytest.mark.parametrize("login", list(PAGES))
def test_axe_finds_nothing_on_any_page_in_any_language(house: House, browser: Browser, login: str):
    numbers = [house.filed(), house.filed(filed_at="bekaa")]
    page = opened_by(browser, house, login)
    for number, path in enumerate(PAGES[login]):
        for language in LANGUAGES:
            address = path.format(*numbers)
            page.goto(f"{house.served.url}/console{address}{'&' if '?' in address else '?'}lang={language}")
            assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            assert wrong_on(page, contrast=language == LANGUAGES[number % 3]) == [], (address, language)
            assert len(page.content().encode()) < MOST_BYTES
            assert page.evaluate(ROWS) == 1, (address, language)
    page.context.close()


def test_axe_finds_nothing_on_what_a_form_answers(house: House, browser: Browser):
    page = opened_by(browser, house, "rita")
    for language in LANGUAGES:
        page.goto(f"{house.served.url}/console/intake?lang={language}")
        page.locator("form.card button.main").click()
        assert page.get_by_role("alert").is_visible()
        assert wrong_on(page, contrast=language == "ar") == [], language
        page.fill("#name", "Ahmad Khoury")
        page.fill("#phone", "71 999 888")
        with page.expect_navigation():  # a click alone may be over before the answer's page is there
            page.locator("form.card button.main").click()
        assert wrong_on(page, contrast=language == "ar") == [], language
    page.context.close()


def test_axe_finds_nothing_on_the_pages_to_sign_in(house: House, browser: Browser):
    page = opened(browser, viewport={"width": 390, "height": 800})
    for language in LANGUAGES:
        for path in ("/sign-in", "/join"):
            page.goto(f"{house.served.url}/console{path}?lang={language}")
            assert wrong_on(page, contrast=language == "ar") == [], (path, language)
        page.fill("#login", "nobody")
        page.goto(f"{house.served.url}/console/sign-in?lang={language}")
        page.fill("#login", "nobody")
        page.fill("#password", "wrong")
        page.fill("#digits", "000000")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert wrong_on(page, contrast=language == "ar") == [], language
    page.context.close()


def test_axe_finds_nothing_on_the_public_page(house: House, browser: Browser):
    given = house.served.submit()
    slip = house.served.url + "/#" + given.slip_url.partition("#")[2]
    for language in LANGUAGES:
        page = opened(browser, viewport={"width": 390, "height": 844}, locale=language)
        for address, shown in ((house.served.url + "/", "section"), (slip, "ol")):
            page.goto("about:blank")
            page.goto(address)
            page.locator(f"main {shown}").first.wait_for()
            page.locator(f"#languages [lang={language}]").click()
            page.locator(f"html[lang={language}]").wait_for()
            assert wrong_on(page, contrast=language == "ar") == [], (shown, language)
        page.context.close()


def test_axe_can_find_something(house: House, browser: Browser):
    page = opened(browser)
    page.goto(f"{house.served.url}/console/sign-in?lang=en")
    page.evaluate("document.querySelector('label').remove(); document.querySelector('h1').style.color = '#eeeeee'")
    found = " ".join(wrong_on(page, contrast=True))
    assert "critical label" in found
    assert "serious color-contrast" in found
    page.context.close()
