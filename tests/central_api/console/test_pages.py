"""Every page in three languages before a real Chromium: names for assistive technology, contrast, nothing cut.

There is no axe-core here: what is asked is asked of Chromium's own accessibility tree, and of the painted page.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .conftest import House

CHROMIUM = "/usr/bin/chromium"
NAMED = {
    "button",
    "link",
    "textbox",
    "combobox",
    "checkbox",
    "searchbox",
    "listbox",
    "heading",
    "table",
    "image",
    "Date",
}
# By whom each page is looked at.
PAGES = {
    "rami": (
        "/",
        "/files/{0}",
        "/files/{0}/approve",
        "/files/{0}/return",
        "/bulk?file={0}",
        "/search?q=Khoury",
        "/reports",
        "/deputies",
    ),
    "rita": ("/intake", "/files/{0}", "/nowhere"),
    "sami": ("/people", "/terminals"),
    "huda": ("/audit", "/people"),
    "nada": ("/feed",),
}
# Every text against what is painted behind it, by the formula of WCAG 2; and what is wider than its window.
PAINTED = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  const wrong = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) wrong.push('contrast: ' + e.textContent.trim().slice(0, 40));
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('wider than the window');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id twice: ' + ids.filter((id, i) => ids.indexOf(id) !== i));
  if (document.querySelectorAll('h1').length !== 1 || !document.querySelector('main')) wrong.push('no heading or main');
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (!e.labels.length && !e.ariaLabel) wrong.push('no label: ' + e.name);
  return wrong;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


def opened_by(browser: Browser, house: House, login: str) -> Page:
    context = browser.new_context(viewport={"width": 1024, "height": 800})
    token = house.people[login].web.cookies["istilam_session"]
    context.add_cookies([{"name": "istilam_session", "value": token, "url": f"{house.served.url}/console"}])
    return context.new_page()


def unnamed(page: Page) -> list[str]:
    """Roles of nodes of the accessibility tree that a person meets, and that have no name there."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in tree if not node.get("ignored") and node["role"]["value"] in NAMED]
    assert shown
    return [node["role"]["value"] for node in shown if not node.get("name", {}).get("value", "").strip()]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("login", list(PAGES))
def test_every_page_has_names_contrast_and_room(house: House, browser: Browser, login: str, language: str):
    tracking = house.filed()
    page = opened_by(browser, house, login)
    for path in PAGES[login]:
        address = path.format(tracking)
        page.goto(f"{house.served.url}/console{address}{'&' if '?' in address else '?'}lang={language}")
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert page.evaluate(PAINTED) == [], (address, language)
        assert unnamed(page) == [], (address, language)
        assert len(page.content().encode()) < 100_000
    page.context.close()


def test_the_pages_to_sign_in_have_names_contrast_and_room(house: House, browser: Browser):
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    for language in ("ar", "fr", "en"):
        for path in ("/sign-in", "/join"):
            page.goto(f"{house.served.url}/console{path}?lang={language}")
            assert page.evaluate(PAINTED) == []
            assert unnamed(page) == []
    page.context.close()
