"""One visit of each kind and language on the real screens: `python -m tests.benchmarks.visitors`.

Window, flow and screens are the terminal's own; look-ups and prints are answered at once, since scanner, look-up and
printer are measured by themselves. Prints one line of JSON for each visit: the seconds that its screens took, each from
act to complete picture, with their processor time and the milliseconds of each tap, those on a language by themselves
too; the words that they told, and those that mean something for the visitor himself; and how many presses it needed.
"""

import json
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace

from central_api.contract.slips import Slip, slip_url
from kiosk.account import tell
from kiosk.entry_events import CodeAnswered, LookUpCode
from kiosk.entry_state import AskingOffice
from kiosk.guide_samples import guide
from kiosk.guide_state import GuideScreen
from kiosk.list_state import AddSlip, ShowList
from kiosk.samples import TERMINAL, now, sheets
from kiosk.visit_events import (
    Effect,
    Event,
    GuideChanged,
    LinkChanged,
    LookedUp,
    LookUp,
    PrinterChanged,
    PrintFinished,
    PrintReceipt,
    Scanned,
    ScannerChanged,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    SCREEN_LANGUAGES,
    Found,
    Home,
    PrintConfirmed,
    PrinterHealth,
    Printing,
    Reading,
    ShowStatus,
    VisitState,
    Way,
)
from kiosk.window import open_window
from kiosk.words import words_of
from tests.finger import touch

SIZE = (1080, 1920)
HOST = "ISTILAM.EXAMPLE"
NUMBER, CODE = "26318283312", "40817352"
SLIP = "put a slip under the light"
EACH_LANGUAGE = "read it in the other languages, and in this one again"
KINDS: dict[str, tuple[str, ...]] = {
    "slip, read": (SLIP, "finish"),
    "slip, receipt": (SLIP, "print", "finish"),
    "number and code": (
        *("way.number", *(f"key.{digit}" for digit in NUMBER), "confirm"),
        *(*(f"key.{digit}" for digit in CODE), "confirm", "finish"),
    ),
    "agent, five slips": (SLIP, *("add", SLIP) * 4, "list", "print", "finish"),
    "what a service asks for": ("way.other_services", "services", "family.1", "kind.3", "print", "finish"),
    "in three languages": (SLIP, EACH_LANGUAGE, "finish"),
}
"""What a visitor does, by kind of visit: presses of what has these names, beside slips."""
STATUSES = ("under-review", "returned", "completed", "rejected")
_READ_ANEW = (ShowStatus, ShowList, AddSlip, GuideScreen)
"""Screens that are read whole when they come; of others that come the first time."""
_PASSING = (Reading, AskingOffice, Printing)
"""Screens that wait for a look-up or a printer, which answer at once here."""


@dataclass
class Visit:
    """What came of one visit."""

    kind: str
    language: str
    status: str
    screens_seconds: float = 0.0
    screens_cpu: float = 0.0
    words: int = 0
    read: int = 0
    presses: int = 0
    slips: int = 0
    papers: int = 0
    taps: list[float] = field(default_factory=list)
    switches: list[float] = field(default_factory=list)


def acts_of(steps: tuple[str, ...], language: str, current: str) -> Iterator[str]:
    """Name what is done, one act after another, in a language; `current` is the screen's before."""
    if language != current:
        yield f"language.{language}"
    at = SCREEN_LANGUAGES.index(language) + 1
    for step in steps:
        if step == EACH_LANGUAGE:
            yield from (f"language.{other}" for other in (*SCREEN_LANGUAGES[at:], *SCREEN_LANGUAGES[:at]))
        else:
            yield step


def what_it_means(state: ShowStatus) -> int:
    """Count the words of a status that tell its visitor something for himself: all but the steps before and to come."""
    account, status = tell(state.sheet, words_of(state.language)), state.sheet.status
    here = account.steps[min(status.current, len(account.steps) - 1)]
    documents = [text for document in account.documents for text in (document.name, *document.details)]
    place = [] if account.place is None else [account.place.name, *account.place.lines]
    notices = [text for notice in account.notices for text in (notice.title, *notice.lines)]
    own = [account.service, account.answer, *account.details, here.title, here.detail, *account.asked]
    texts = [*own, *documents, *place, *notices, *account.reasons, *account.objection]
    return sum(len(text.split()) for text in texts)


def main() -> None:
    window = open_window(*SIZE)
    from kiosk.flow import Flow
    from kiosk.screens import Screens
    from kiosk.screens.board import Board
    from kiosk.screens.told import texts_of
    from kiosk.visit_app import TerminalApp

    told = sheets()
    answer = told["under-review"]
    numbers = iter(range(1, 10**6))

    def perform(effect: Effect) -> None:
        match effect:
            case LookUp(visit):
                tracking = f"{next(numbers):011}"
                app.post(LookedUp(visit, Found(replace(answer, status=replace(answer.status, tracking=tracking)))))
            case LookUpCode(visit):
                app.post(CodeAnswered(visit, Found(answer)))
            case PrintReceipt(job=job):
                app.post(PrintFinished(job, PrintConfirmed()))
            case Wipe():
                pass
            case _:
                raise AssertionError(effect)

    def acts(act: str, visit: Visit) -> Callable[[], object]:
        if act != SLIP:
            visit.presses += 1
            return lambda: touch(window, app.root, act)
        visit.slips += 1
        slip = slip_url(HOST, Slip(NUMBER, next(numbers).to_bytes(16, "big"))).encode()
        return lambda: app.post(Scanned(slip))

    def plays() -> Generator[None, VisitState, None]:
        nonlocal answer
        state: VisitState = yield
        for language in SCREEN_LANGUAGES:
            for kind, steps in KINDS.items():
                for status in STATUSES if steps[0] == SLIP and "list" not in steps else STATUSES[:1]:
                    answer = told[status]
                    visit = Visit(kind, language, status)
                    seen: set[type[VisitState]] = {Home}
                    for act in acts_of(steps, language, state.language):
                        do, shown = acts(act, visit), app.flow.state
                        started, worked = time.monotonic(), time.process_time()
                        do()
                        state = yield
                        while state is shown:
                            state = yield
                        if act != SLIP:
                            visit.taps.append((time.monotonic() - started) * 1000)
                        if act.startswith("language."):
                            visit.switches.append(visit.taps[-1])
                        while isinstance(state, _PASSING):
                            state = yield
                        visit.screens_seconds += time.monotonic() - started
                        visit.screens_cpu += time.process_time() - worked
                        if isinstance(state, _READ_ANEW) or type(state) not in seen:
                            seen.add(type(state))
                            board = app.root.children[0]
                            assert isinstance(board, Board)
                            texts = texts_of(board, words_of(state.language).direction)
                            every = sum(len(text.split()) for text in texts)
                            visit.words += every
                            visit.read += what_it_means(state) if isinstance(state, ShowStatus) else every
                    visit.papers = "print" in steps
                    print(json.dumps(vars(visit)), flush=True)

    playing = plays()
    next(playing)

    def drawn(state: VisitState) -> None:
        if not (isinstance(state, Home) and len(state.ways) < 2):
            try:
                playing.send(state)
            except StopIteration:
                app.stop()

    app = TerminalApp(
        window, Flow([HOST], now=time.monotonic()), Screens(SIZE, TERMINAL, clock=now), perform, drawn=drawn
    )
    begins: list[Event] = [ScannerChanged(True), PrinterChanged(PrinterHealth.OK), LinkChanged(up=True)]
    for event in (*begins, GuideChanged(guide()), WaysChanged(frozenset(Way))):
        app.post(event)
    app.run()


if __name__ == "__main__":
    main()
