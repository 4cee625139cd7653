"""The console on a large register: pages, search, bulk approval, acts beside an import, memory, first paint.

The register is made once by the import of an older system's file and by the store's own statements, and kept in
build/ for the next run. ISTILAM_BENCH_FILES says how many applications it has (1,000,000).
"""

import os
import random
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from json import loads
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Page, sync_playwright

from central_api.demo.legacy import write_legacy
from central_api.imports import import_file
from central_api.publish import publish_pending, write_books
from central_api.store import Office, names, open_office, register
from central_api.store.deeds import seen_of
from central_api.store.events import NAME
from central_api.store.filed import INSERT_APPLICATION, application_row
from central_api.workflow import shipped_tables
from tests.central_api.console.staff import Person, hire, sign_in

from .figures import Figure, cpu_seconds, percentile, pss_kib

FILES = int(os.environ.get("ISTILAM_BENCH_FILES", "1000000"))
REGISTER = Path(f"build/bench-register-{FILES}")
IMPORTED = int(os.environ.get("ISTILAM_BENCH_IMPORT_FILES", "250000"))
CHUNK = 5_000
PAGES = 120
PAINTS = 10
FIRST = ["أحمد", "محمد", "علي", "حسن", "فاطمة", "زينب", "مريم", "جورج", "إيلي", "ندى"]
FIRST += ["سمير", "رنا", "خالد", "هدى", "كريم", "ليلى", "طوني", "ماري", "عمر", "سعاد"]
LAST = ["خوري", "حداد", "ضاهر", "سلامة", "عيد", "ناصر", "عون", "شرما", "منصور", "فرح"]
LAST += ["جابر", "صليبا", "قاسم", "بركات", "معلوف", "رزق", "طراد", "غانم", "نجار", "شاهين"]
TODAY = 1_790_000_000


def run() -> list[Figure]:
    made()
    with open_office(REGISTER) as office, served() as (url, process):
        rami, csrf = officer(office, url, "rami", "head_of_department/beirut")
        chance = random.Random(9)
        numbers = [row[0] for row in office.own_reader.execute("SELECT tracking FROM application LIMIT 100000")]
        named = [f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(PAGES)]
        queue = Pages(rami, process.pid, ["/"] * PAGES)
        files = Pages(rami, process.pid, [f"/files/{chance.choice(numbers):011d}" for _ in range(PAGES)])
        searches = Pages(rami, process.pid, [f"/search?q={name}" for name in named])
        most = max(len(rami.get(path).content) for path in ("/", f"/files/{numbers[0]:011d}", "/reports", "/deputies"))
        cold, warm, floor = first_paint(rami, url)
        bulk = approved(office, rami, csrf)
        alone = acts(office, rami, csrf, ready(office, 200))
        beside = acts_beside_an_import(office, rami, csrf)
        memory = pss_kib(process.pid) / 1024
    whole = f"on {FILES:,} applications"
    paints = "of the queue, as Chromium says itself; floor: a page of one letter, likewise; in a browser"
    return [
        queue.figure("queue page", f"GET /console/ {whole}, one after the other", 50),
        files.figure("file page", f"GET of a file, its look recorded, {whole}", 50),
        searches.figure("name search", f"three names of a person, its look recorded, {whole}", 100),
        Figure("bulk approval of 500", bulk, "s", f"POST until every act is durable, {whole}", 2),
        Figure(
            "acts beside an import, p99",
            percentile(beside, 99),
            "ms",
            "an approval and the page after it, while another process imports, and what it brought is published; "
            "floor: the same without an import",
            50,
            floor=percentile(alone, 99),
        ),
        Figure("the office's memory", memory, "MB", f"PSS of `serve` after all of this, {whole}", 150),
        Figure("largest page", most / 1000, "kB", "queue, file, reports, deputies: the HTML alone", 100),
        Figure("first contentful paint", warm, "ms", f"{paints}, as every page of a day", 300, floor=floor),
        Figure("first contentful paint, first of all", cold, "ms", f"{paints} that was never here", floor=floor),
    ]


def made() -> None:
    """Make the register unless it is there: half of it reported by older systems, half taken in here with names."""
    done = REGISTER / "made"
    if done.exists():
        return
    shutil.rmtree(REGISTER, ignore_errors=True)
    with open_office(REGISTER) as office:
        old = REGISTER / "old.csv"
        write_legacy(old, FILES // 2, random.Random(7), tables(), TODAY)
        import_file(office, old)
        old.unlink()
        for first in range(0, FILES - FILES // 2, CHUNK):
            office.execute_write(lambda c, first=first: take_in(office, c, first)).result()
        publish_pending(office)
        write_books(office)
    done.touch()


def take_in(office: Office, connection: sqlite3.Connection, first: int) -> None:
    """Take in a chunk at the counter by the store's own statements: an event each, and a name that is found."""
    chance, secret = random.Random(first), office.secret(office.settings.secret)
    intakes = [
        office.intake(
            "work_permits",
            "renewal",
            region=chance.choice(["beirut", "north", "south", "bekaa"]),
            phone=f"+96171{chance.randrange(10**6):06d}",
            filed_at=None,
            language="ar",
            at=TODAY + first // 50,
            said=((NAME, f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(LAST)}"),),
        )
        for _ in range(CHUNK)
    ]
    numbers = register.draw_numbers(connection, [intake.at for intake in intakes])
    row, sequence = register.next_row(connection), register.next_sequence(connection)
    for offset, (intake, number) in enumerate(zip(intakes, numbers, strict=True)):
        filed = register.new_filed(intake, number, office.settings.secret, secret, row=row + offset)
        event, personal = register.submit_event(filed, intake, TODAY, sequence + offset)
        connection.execute(INSERT_APPLICATION, application_row(filed, intake.kind))
        register.insert_event(connection, filed.row, event)
        connection.executemany(register.INSERT_PERSONAL, personal)
        names.keep(connection, filed.row, [value for field, value in intake.said if field == NAME])


def tables() -> dict[str, list[object]]:
    return {table.key: list(table.kinds.values()) for table in shipped_tables()}


@contextmanager
def served() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "central_api", "serve", "--data", str(REGISTER), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield loads(process.stdout.readline())["listening"], process
        finally:
            process.terminate()


def officer(office: Office, url: str, login: str, unit: str) -> tuple[Person, str]:
    person = hire(office, f"{login}{secrets.token_hex(3)}", unit)
    assert sign_in(office, person, url).status_code == 200
    return person, re.findall(r'name="csrf" value="([^"]*)"', person.get("/").text)[0]


class Pages:
    """Milliseconds until each page is there, and how many of them the server computed, on average."""

    def __init__(self, person: Person, server: int, paths: list[str]) -> None:
        before, self.times = cpu_seconds(server), list[float]()
        for path in paths:
            started = perf_counter()
            assert person.get(path).status_code == 200
            self.times.append((perf_counter() - started) * 1000)
        self.cpu = (cpu_seconds(server) - before) * 1000 / len(paths)

    def figure(self, name: str, measures: str, limit: float) -> Figure:
        said = f"{measures}; {self.cpu:.1f} ms of them the server's CPU, on average"
        return Figure(f"{name}, p95", percentile(self.times, 95), "ms", said, limit)


def ready(office: Office, count: int) -> list[str]:
    """Files that wait at the Head of Department in Beirut: as many as are wanted."""
    query = "SELECT tracking FROM application WHERE unit = 2 + 32 AND system IS NULL ORDER BY id DESC LIMIT ?"
    found = [f"{row[0]:011d}" for row in office.own_reader.execute(query, (count,))]
    with office.batch():
        for tracking in found:
            office.act(tracking, "accept", role="registry")
    return found


def approved(office: Office, person: Person, csrf: str) -> float:
    chosen = [f"{tracking}:{seen_of(office.known(tracking).standing)}" for tracking in ready(office, 500)]
    started = perf_counter()
    answer = person.post("/bulk", csrf=csrf, form=secrets.token_hex(8), file=chosen)
    spent = perf_counter() - started
    assert "\u2068500\u2069" in answer.text
    return spent


def acts_beside_an_import(office: Office, person: Person, csrf: str) -> list[float]:
    """Milliseconds of each approval, while another process imports."""
    files = ready(office, 200)
    old = REGISTER / "more.csv"
    write_legacy(old, IMPORTED, random.Random(secrets.randbits(32)), tables(), TODAY)
    rows = old.read_text().replace("legacy_permits,", f"legacy_permits,{secrets.token_hex(3)}-")
    old.write_text(rows)
    importing = subprocess.Popen(
        [sys.executable, "-m", "central_api", "import", str(old), "--data", str(REGISTER)], stdout=subprocess.DEVNULL
    )
    count = "SELECT max(seq) FROM event"
    before = office.own_reader.execute(count).fetchone()[0]
    while office.own_reader.execute(count).fetchone()[0] == before and importing.poll() is None:
        sleep(0.01)
    times = acts(office, person, csrf, takewhile(lambda _: importing.poll() is None, files))
    importing.terminate()
    importing.wait()
    old.unlink()
    return times


def acts(office: Office, person: Person, csrf: str, files: Iterable[str]) -> list[float]:
    """Milliseconds of each approval, one after the other."""
    times: list[float] = []
    for tracking in files:
        seen = seen_of(office.known(tracking).standing)
        started = perf_counter()
        answer = person.post(f"/files/{tracking}/approve", csrf=csrf, form=secrets.token_hex(8), seen=seen)
        times.append((perf_counter() - started) * 1000)
        assert answer.status_code == 200
    return times


def first_paint(person: Person, url: str) -> tuple[float, float, float]:
    """Milliseconds until the queue is painted: the first time, and as a rule; and a page of one letter, as a rule."""
    with sync_playwright() as playwright, served_barely() as bare:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        context = browser.new_context()
        cookie = {"name": "istilam_session", "value": person.web.cookies["istilam_session"], "url": url + "/console"}
        context.add_cookies([cookie])
        page = context.new_page()
        floor = [painted(page, f"{bare}/page") for _ in range(PAINTS)]
        queue = [painted(page, f"{url}/console/") for _ in range(PAINTS)]
        browser.close()
    return queue[0], median(queue[1:]), median(floor[1:])


def painted(page: Page, url: str) -> float:
    page.goto(url)
    said = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
    while not (found := page.evaluate(said)):  # waiting within the page is what its policy forbids
        page.wait_for_timeout(10)
    return found[0]


@contextmanager
def served_barely() -> Iterator[str]:
    """A page of one letter, by the office's own HTTP server; gives its address."""
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.bare_asgi"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield loads(process.stdout.readline())["listening"]
        finally:
            process.terminate()
