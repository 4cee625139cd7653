"""`make pictures`: every page of the console in a real Chromium, before two real offices with invented files.

They go to docs/pictures (those of docs/console.md) and, each page in each language and on paper, beside
docs/console-pages.md, which is written here. `python docs/console_pictures.py FOLDER --whole` draws them unshrunk, for
looking at.
"""

import io
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from central_api.contract.enrolment import digits_of
from central_api.contract.heartbeat import DeviceKind, DeviceReport, DeviceState, Heartbeat, encode_heartbeat
from central_api.demo import build_demo
from central_api.store import deeds, learning, terminals
from central_api.store.deeds import Deed
from central_api.store.events import COMPANY, EARLIER, NAME
from central_api.store.fleet import take_heartbeat
from central_api.store.live import Live
from central_api.store.nightly import do_night
from central_api.store.terminals import Enrolled, KnownKey
from central_api.workflow import Act, Action, Duty, Role
from tests.central_api.console.staff import PASSWORD, Person, hire
from tests.central_api.web.running import Running, running

# Name, who looks, address: {0} and so on are tracking numbers.
Shown = tuple[str, str, str]
SMALL: tuple[Shown, ...] = (
    ("sign-in", "nobody", "/sign-in"),
    ("join", "nobody", "/join"),
    ("queue", "head", "/"),
    ("file", "head", "/files/{0}"),
    ("approve", "head", "/files/{0}/approve"),
    ("return", "head", "/files/{0}/return"),
    ("bulk", "head", "/bulk?file={0}&file={1}&file={2}"),
    ("search", "head", "/search?q=Ahmad"),
    ("deputies", "head", "/deputies"),
    ("intake", "clerk", "/intake"),
    ("told", "clerk", "/files/{5}/told"),
    ("returned", "clerk", "/files/{5}"),
    ("rejected", "registry", "/files/{6}"),
    ("object", "registry", "/files/{6}/object"),
    ("books", "registry", "/books"),
    ("feed", "registry", "/feed"),
    ("objection", "director", "/files/{7}"),
    ("dismiss", "director", "/files/{7}/dismiss"),
    ("dismissed", "director", "/files/{8}"),
    ("people", "keeper", "/people"),
    ("terminals", "keeper", "/terminals"),
    ("audit", "auditor", "/audit"),
)
LARGE: tuple[Shown, ...] = (
    ("beneath", "director", "/"),
    ("late", "director", "/files/{0}"),
    ("calendar", "director", "/calendar"),
    ("reports", "director", "/reports"),
)
PRINTED = ("told", "returned", "books", "reports")
KEPT = {
    "ar-queue": "console-queue-ar",
    "ar-file": "console-file-ar",
    "fr-file": "console-file-fr",
    "ar-bulk": "console-bulk-ar",
    "en-reports": "console-reports-en",
    "fr-intake": "console-intake-fr",
    "ar-books": "console-books-ar",
}
NAMES = (
    *("أحمد خوري", "ندى حداد", "Georges Saliba", "فاطمة ضاهر", "Priya Sharma"),
    *("زينب منصور", "طوني معلوف", "Almaz Bekele", "كريم بركات"),
)


@dataclass(frozen=True)
class Shape:
    """How a terminal is: when it was last heard (seconds ago; never: None), and what it told then."""

    site: str
    heard: int | None = 20
    printer: DeviceState = DeviceState.READY
    told: dict[str, int | bool] = field(default_factory=dict)


TERMINALS = (
    Shape("المبنى المركزي، المدخل الرئيسي"),
    Shape("المبنى المركزي، الطابق الثاني", heard=3 * 3_600),
    Shape("مركز طرابلس، المدخل", printer=DeviceState.PAPER_OUT),
    Shape("مركز صيدا، قاعة الانتظار", told={"synced": 26 * 3_600, "queue": 41, "mains": False, "battery": 63}),
    Shape("مركز زحلة، المدخل", printer=DeviceState.PAPER_LOW, told={"offset": 190}),
    Shape("مركز النبطية، المدخل"),
    Shape("مركز بعلبك، المدخل", heard=None),
)
PAGES_HEAD = """# The console's pages

Every page in Arabic, French and English, and what some of them look like on paper: made by `make pictures` before real
offices with invented files.
"""
A4 = {"width": 720, "height": 1018}
DAY = 86_400


def few(served: Running) -> tuple[dict[str, Person], list[str]]:
    """Hire people and file a few applications, each brought to where a page of its own is."""
    office = served.office
    clerk = hire(office, "rita", "intake/beirut", "intake/bekaa", name="ريتا سماحة")
    nada = hire(office, "nada", "registry/beirut", name="ندى خوري")
    rami = hire(office, "rami", "head_of_department/beirut", name="رامي حداد")
    karim = hire(office, "karim", "director_general", name="كريم عيد")
    staff = {
        "clerk": clerk,
        "registry": nada,
        "head": rami,
        "director": karim,
        "keeper": hire(office, "admin", duty=Duty.ADMINISTRATOR, name="سامي عون"),
        "auditor": hire(office, "audit", duty=Duty.AUDITOR, name="هدى ناصر"),
    }
    numbers: list[str] = []

    def do(index: int, who: Person, action: Action, note: str = "", **said: object) -> None:
        act = Act(action, Role.INTAKE, 0, **said)  # type: ignore[arg-type]
        deed = Deed(numbers[index], act, who.row, f"{action.word}-{index}", note=note)
        office.execute_write(lambda c: deeds.do(c, office, deed)).result()

    for index, name in enumerate(NAMES):
        said = ((NAME, name), *(((COMPANY, "شركة الأرز للمقاولات"),) if index == 2 else ()))
        intake = office.intake(
            "work_permits",
            "renewal",
            region="beirut",
            phone=f"+9617112345{index}",
            filed_at="bekaa" if index == 1 else "beirut",
            language="ar",
            at=office.clock(),
            said=(*said, *(((EARLIER, "paper"),) if index == 0 else ())),
        )
        work = lambda c, i=intake, n=index: deeds.take_in(c, office, f"intake-{n}", clerk.row, i)  # noqa: E731
        numbers.append(office.execute_write(work).result())
        if index != 4:
            do(index, nada, Action.ACCEPT, "الأوراق كاملة، والصور مطابقة." if index == 0 else "")
    do(5, rami, Action.RETURN, documents=(3,), reasons=(1,))
    for index in (6, 7, 8):
        do(index, rami, Action.REJECT, reasons=(8,))
    for index in (7, 8):
        do(index, nada, Action.OBJECT, "يقول إن الكفيل نفسه منذ سنتين.")
    do(8, karim, Action.DISMISS, reasons=(8,))
    account = deeds.people.account_of
    told = "تنقص نتيجة الفحص الطبي: يكفي إحضارها وحدها."
    known = office.known(numbers[5])
    office.execute_write(lambda c: deeds.note(c, office, account(c, clerk.row), known, told, public=True)).result()
    place_terminals(served)
    return staff, numbers


def place_terminals(served: Running) -> None:
    """Place a terminal of every state: at work, silent, out of paper, behind, called from, shut out, to be let in."""
    office, facts, now = served.office, (bytes(32), bytes(32)), served.office.clock()
    with closing(Live(office.data)) as live:
        for shape in TERMINALS:
            key = office.execute_write(lambda c, s=shape: let_in(c, s.site, facts, now - DAY)).result()
            if shape.heard is not None:
                then = now - shape.heard
                devices = (
                    DeviceReport(DeviceKind.PRINTER, shape.printer),
                    DeviceReport(DeviceKind.SCANNER, DeviceState.READY),
                )
                told = {**shape.told, "synced": then - int(shape.told.get("synced", 0))}
                report = Heartbeat(then, 1, bytes(8), bytes(8), "0.1.0", trusted=True, devices=devices, **told)  # type: ignore[arg-type]
                take_heartbeat(live, office.own_reader, key, encode_heartbeat(report), then)
        live.call("T-06", bytes(16), now - 40, now)

    def rest(connection: sqlite3.Connection) -> None:
        shut_out = let_in(connection, "مركز جونيه، المدخل", facts, now - DAY)
        terminals.revoke(connection, shut_out.name, now)
        ask(connection, "مركز صور، المدخل", now)
        terminals.add(connection, None, "مركز حلبا، المدخل", now)

    office.execute_write(rest).result()


def ask(connection: sqlite3.Connection, site: str, now: int) -> tuple[KnownKey, bytes]:
    place = terminals.add(connection, None, site, now)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    enrolled = terminals.enrol(connection, terminals.new_code(connection, place, now), point, now)
    assert isinstance(enrolled, Enrolled)
    assert enrolled.key.nonce
    return enrolled.key, enrolled.key.nonce


def let_in(connection: sqlite3.Connection, site: str, facts: tuple[bytes, bytes], now: int) -> KnownKey:
    key, nonce = ask(connection, site, now)
    return terminals.accept(connection, key.name, digits_of(key.public, *facts, nonce), facts, now)[0]


def many(served: Running) -> tuple[dict[str, Person], list[str]]:
    """Hire a director in an office with months of work behind it, and do its work of the night."""
    office = served.office
    director = hire(office, "samar", "director_general", name="سمر نادر")
    learning.refresh(office)
    do_night(office)
    late = "SELECT application.tracking FROM escalation JOIN application ON application.id = escalation.application"
    (number,) = office.own_reader.execute(f"{late} WHERE application.since = escalation.since LIMIT 1").fetchone()
    return {"director": director}, [f"{number:011d}"]


def main(out: Path, *, whole: bool) -> None:
    pages = out if whole else out / "console"
    pages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        build_demo(Path(folder) / "large", today=int(time.time()), applications=1_000)
        for name, fill, shown in (("small", few, SMALL), ("large", many, LARGE)):
            with running(Path(folder) / name, "--loopback-terminals") as served:
                staff, numbers = fill(served)
                for language in ("ar", "fr", "en"):
                    for who in dict.fromkeys(who for _, who, _ in shown):
                        page = signed_in(browser, served, staff.get(who), language)
                        for title, _, path in (one for one in shown if one[1] == who):
                            address = served.url + "/console" + path.format(*numbers)
                            draw(page, address, language, title, pages, whole=whole)
                        page.context.close()
        browser.close()
    if not whole:
        for name, kept in KEPT.items():
            (pages / f"{name}.png").rename(out / f"{kept}.png")
        write_pages(out.parent / "console-pages.md")


def signed_in(browser: Browser, served: Running, person: Person | None, language: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale=language)
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
    return page


def draw(page: Page, address: str, language: str, title: str, out: Path, *, whole: bool) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    keep(page, out / f"{language}-{title}.png", whole=whole)
    if title in PRINTED:
        page.emulate_media(media="print")
        page.set_viewport_size(A4)
        keep(page, out / f"{language}-{title}-paper.png", whole=whole)
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})


def keep(page: Page, path: Path, *, whole: bool) -> None:
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    # The beginning of a long page shows what it is.
    shot = shot.crop((0, 0, shot.width, min(shot.height, 2 * shot.width)))
    if whole:
        shot.save(path)
        return
    half = shot.resize((shot.width * 2 // 3, shot.height * 2 // 3), Image.Resampling.LANCZOS)
    half.quantize(64).save(path, optimize=True)


def write_pages(path: Path) -> None:
    lines = [PAGES_HEAD]
    names = [name for name, _, _ in (*SMALL, *LARGE)]
    for name in names:
        lines += [f"## {name}", "", "| Arabic | French | English |", "|---|---|---|"]
        for shown in (name, *((f"{name}-paper",) if name in PRINTED else ())):
            files = [f"{language}-{shown}" for language in ("ar", "fr", "en")]
            cells = [f"![{shown}](pictures/{KEPT.get(file, f'console/{file}')}.png)" for file in files]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), whole="--whole" in sys.argv)
