"""`make pictures`: the console in a real Chromium, before a real office with a few invented files, for docs/console.md.

`python docs/console_pictures.py FOLDER --all` draws every page in every language, for looking at.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from central_api.store import deeds
from central_api.store.deeds import Deed
from central_api.store.events import COMPANY, NAME
from central_api.workflow import Act, Action, Duty, Role
from tests.central_api.console.staff import PASSWORD, Person, hire
from tests.central_api.web.running import Running, running

# Who looks at which page: {0} and so on are tracking numbers.
PAGES = {
    "nobody": ("/sign-in", "/join"),
    "head": (
        "/",
        "/files/{0}",
        "/files/{0}/approve",
        "/files/{0}/return",
        "/bulk?file={0}&file={1}&file={2}",
        "/search?q=Ahmad",
        "/deputies",
        "/reports",
    ),
    "clerk": ("/intake", "/files/{3}"),
    "keeper": ("/people", "/terminals"),
    "auditor": ("/audit",),
    "registry": ("/books", "/feed"),
}
KEPT = {
    ("ar", "/"): "console-queue-ar",
    ("ar", "/files/{0}"): "console-file-ar",
    ("fr", "/files/{0}"): "console-file-fr",
    ("ar", "/bulk?file={0}&file={1}&file={2}"): "console-bulk-ar",
    ("en", "/reports"): "console-reports-en",
    ("fr", "/intake"): "console-intake-fr",
    ("ar", "/books"): "console-books-ar",
}
NAMES = ("أحمد خوري", "ندى حداد", "Georges Saliba", "فاطمة ضاهر", "Priya Sharma")


def fill(served: Running) -> tuple[dict[str, Person], list[str]]:
    office = served.office
    clerk = hire(office, "rita", "intake/beirut", "intake/bekaa", name="ريتا سماحة")
    nada = hire(office, "nada", "registry/beirut", name="ندى خوري")
    staff = {
        "clerk": clerk,
        "registry": nada,
        "head": hire(office, "rami", "head_of_department/beirut", name="رامي حداد"),
        "keeper": hire(office, "admin", duty=Duty.ADMINISTRATOR, name="سامي عون"),
        "auditor": hire(office, "audit", duty=Duty.AUDITOR, name="هدى ناصر"),
    }
    numbers: list[str] = []
    for index, name in enumerate(NAMES):
        said = ((NAME, name), (COMPANY, "شركة الأرز للمقاولات")) if index == 2 else ((NAME, name),)
        intake = office.intake(
            "work_permits",
            "renewal",
            region="beirut",
            phone="+96171123456",
            filed_at="bekaa" if index == 1 else "beirut",
            language="ar",
            at=office.clock(),
            said=said,
        )
        work = lambda c, i=intake, n=index: deeds.take_in(c, office, f"intake-{n}", clerk.row, i)  # noqa: E731
        numbers.append(office.execute_write(work).result())
        if index < 4:
            note = "الأوراق كاملة، والصور مطابقة." if index == 0 else ""
            deed = Deed(numbers[-1], Act(Action.ACCEPT, Role.INTAKE, 0), nada.row, f"accept-{index}", note=note)
            office.execute_write(lambda c, d=deed: deeds.do(c, office, d)).result()
    return staff, numbers


def main(out: Path, *, everything: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "office", "--loopback-terminals") as served:
        staff, numbers = fill(served)
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
            for language in ("ar", "fr", "en"):
                for who in PAGES:
                    draw(
                        browser,
                        served,
                        staff.get(who),
                        who=who,
                        language=language,
                        numbers=numbers,
                        out=out,
                        everything=everything,
                    )
            browser.close()


def draw(
    browser: Browser,
    served: Running,
    person: Person | None,
    *,
    who: str,
    language: str,
    numbers: list[str],
    out: Path,
    everything: bool,
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    if person is not None:
        # The same phone signs in once for each language: its last code is forgotten in between.
        forget = "UPDATE account SET totp_step = 0 WHERE id = ?"
        served.office.execute_write(lambda c: c.execute(forget, (person.row,))).result()
        page.goto(f"{served.url}/console/sign-in")
        page.fill("#login", person.login)
        page.fill("#password", PASSWORD)
        page.fill("#digits", person.digits(served.office.clock()))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
    for path in PAGES[who]:
        address = path.format(*numbers)
        page.goto(f"{served.url}/console{address}{'&' if '?' in address else '?'}lang={language}")
        name = path.strip("/").partition("?")[0].replace("/", "-").replace("{", "").replace("}", "") or "queue"
        if everything:
            page.screenshot(path=out / f"{language}-{who}-{name}.png", full_page=True)
        elif kept := KEPT.get((language, path)):
            shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
            half = shot.resize((shot.width * 2 // 3, shot.height * 2 // 3), Image.Resampling.LANCZOS)
            half.quantize(96).save(out / f"{kept}.png", optimize=True)
    page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), everything="--all" in sys.argv)
