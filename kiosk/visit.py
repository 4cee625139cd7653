"""One whole visit on the real screens, without a hand: the slip arrives as bytes through a scanner, choices as touches.

Without a slip its number and secret code are typed, each digit a touch of the screen's own keypad.

The visit is a script that waits for drawn states; each is timed from what caused it to its complete picture, and
photographed.
"""

import os
import time
import tty
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never

from .entry_state import EnterCode, EnterNumber, NumberNote, OfficeSilent, ToTheDesk
from .frozen import frozen
from .visit_state import (
    Closed,
    Home,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    Printed,
    Printing,
    Problem,
    ProblemKind,
    SentToPrinter,
    ShowStatus,
    VisitState,
    Way,
)
from .window import save_frame

if TYPE_CHECKING:
    from .visit_app import TerminalApp

STEP_SECONDS: Final = 150.0
_PRINTED: Final[dict[type[VisitState], str]] = {Printed: "confirmed", SentToPrinter: "sent"}

Awaited: TypeAlias = Callable[[VisitState], bool]
Script: TypeAlias = Generator[tuple[str, Awaited], VisitState, None]


class VisitFailed(RuntimeError):
    """The visit did not go on: the awaited screen did not come, or a choice was not on it."""


@frozen
class SlipInHand:
    """The bytes of the slip's code."""

    code: bytes = field(repr=False)


@frozen
class NumberInMind:
    """Tracking number and secret code, as digits 0-9; they need not be right."""

    tracking: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(slots=True)
class VisitReport:
    """What the visit came to. `outcome` is `status` or the kind of problem; `printed` is confirmed, sent or no.

    Of a typed number the outcome may be `wrong_digit`, `no_match` or `locked` besides.

    `power_was_cut`: the terminal stopped in the middle of the visit before, and its screen said so first.
    """

    outcome: str = "none"
    printed: str = "no"
    state: str | None = None
    version: int | None = None
    signed_at: int | None = None
    age_seconds: int | None = None
    link_cut: bool | None = None
    not_printed_because: str | None = None
    power_was_cut: bool = False
    steps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    shots: list[str] = field(default_factory=list[str])


class ScannerLine:
    """A serial scanner's cable: a pseudo terminal whose other end the scanner's driver reads."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.address = f"serial:{os.ttyname(self._slave)}"

    def read_code(self, data: bytes) -> None:
        """Do as a scanner that read a code: send its bytes and a carriage return."""
        os.write(self._master, data + b"\r")

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class Visit:
    """Plays one visitor: chooses a language, presents a slip or types its number, reads, prints, leaves."""

    def __init__(
        self,
        app: "TerminalApp",
        *,
        brings: SlipInHand | NumberInMind,
        language: str,
        wants_paper: bool,
        shots: Path | None,
        scanner: ScannerLine,
        settled: Callable[[], bool],
    ) -> None:
        from kivy.clock import Clock

        self.report = VisitReport()
        self.failure: VisitFailed | None = None
        self._brings = brings
        self._settled_looks = 0
        self._language = language
        self._wants_paper = wants_paper
        self._shots = shots
        self._scanner = scanner
        self._settled = settled
        self._state: VisitState | None = None
        self._started = time.monotonic()
        self._script = self._visitor()
        self._step, self._awaited = next(self._script)
        self._app = app
        Clock.schedule_interval(lambda _: self._watch(), 0.05)

    def drawn(self, state: VisitState) -> None:
        """Take note of a state whose picture is complete; called while that frame is flipped."""
        self._state = state
        self._go_on()

    def _go_on(self) -> None:
        """Play on while what is on the screen is what is awaited. Photographs are taken of the frame at hand."""
        if self._state is None or not self._awaited(self._state):
            return
        milliseconds = (time.monotonic() - self._started) * 1000
        self.report.steps.append({"name": self._step, "ms": round(milliseconds, 1)})
        if self._step != _DIGIT:
            self._photograph(self._app)
        self._started = time.monotonic()
        try:
            self._step, self._awaited = self._script.send(self._state)
        except StopIteration:
            self._app.stop()

    def _watch(self) -> None:
        if time.monotonic() - self._started > STEP_SECONDS:
            self._fail(VisitFailed(f"waited {STEP_SECONDS:.0f} s in vain for: {self._step}"))
        elif self._step == _READY and self._settled():
            self._settled_looks += 1
            self._app.redraw()

    def _fail(self, failure: VisitFailed) -> None:
        self.failure = failure
        self._app.stop()

    def _visitor(self) -> Script:
        state = yield _READY, lambda state: isinstance(state, PowerWasCut) or self._ready(state)
        if isinstance(state, PowerWasCut):
            self.report.power_was_cut = True
            self._press("finish")
            state = yield _READY, self._ready
        if isinstance(state, OutOfOrder):
            self.report.outcome = "out_of_order"
            return
        if isinstance(state, Closed):
            self.report.outcome = "closed"
            return
        if state.language != self._language:
            self._press(f"language.{self._language}")
            yield "home in the visitor's language", lambda state: state.language == self._language
        match self._brings:
            case SlipInHand(code):
                self._scanner.read_code(code)
                state = yield "scan to complete status", lambda state: isinstance(state, ShowStatus | Problem)
            case NumberInMind() if Way.NUMBER not in getattr(state, "ways", ()):
                self.report.outcome = ProblemKind.UNREACHABLE.value  # only the office can tell; home does not offer it
                return
            case NumberInMind() as known:
                state = yield from self._typed(known)
            case _:
                assert_never(self._brings)
        if isinstance(state, ShowStatus):
            self._note(state)
            if self._wants_paper:
                yield from self._print()
        else:
            self.report.outcome = _refusal(state)
        self._press("finish")
        yield "wiped, home again", lambda state: isinstance(state, Home | Closed)

    def _typed(self, known: NumberInMind) -> Generator[tuple[str, Awaited], VisitState, VisitState]:
        """Type number and code; returns the state in which that ends."""
        self._press("way.number")
        state = yield "touch to number", lambda state: isinstance(state, EnterNumber)
        state = yield from self._keys(known.tracking, state)
        if isinstance(state, EnterNumber) and state.note is NumberNote.WRONG_DIGIT:
            return state
        self._press("confirm")
        state = yield "touch to code", lambda state: isinstance(state, EnterCode)
        state = yield from self._keys(known.code, state)
        self._press("confirm")
        return (yield "code to complete status", lambda state: isinstance(state, ShowStatus) or _refusal(state) != "")

    def _keys(self, digits: str, state: VisitState) -> Generator[tuple[str, Awaited], VisitState, VisitState]:
        """Touch one key after the other, each once the digit before it stands there."""
        for at, digit in enumerate(digits):
            self._press(f"key.{digit}")
            state = yield _DIGIT, partial(_stand, at + 1)
        return state

    def _print(self) -> Script:
        self._press("print")
        state = yield "touch to printing", lambda state: not isinstance(state, ShowStatus)
        if isinstance(state, Printing):
            state = yield "printing to its outcome", lambda state: not isinstance(state, Printing)
        self.report.printed = _PRINTED.get(type(state), "no")
        if isinstance(state, NotPrinted):
            self.report.not_printed_because = state.why.value

    def _note(self, state: ShowStatus) -> None:
        sheet = state.sheet
        self.report.outcome = "status"
        self.report.state = sheet.status.state.name.lower()
        self.report.version = sheet.version
        self.report.signed_at = sheet.age.signed_at
        self.report.link_cut = sheet.age.link_cut
        if sheet.age.now is not None and sheet.age.signed_at is not None:
            self.report.age_seconds = sheet.age.now - sheet.age.signed_at

    def _ready(self, state: VisitState) -> bool:
        """Ready to be visited: the scanner is there, and the office was heard, or is known not to answer."""
        return isinstance(state, OutOfOrder | Closed) or (
            isinstance(state, Home) and state.scanner_ready and self._settled() and self._offered(state)
        )

    def _offered(self, state: Home) -> bool:
        """Tell whether home offers the way in that is wanted, or has had the time to say that it does not."""
        return isinstance(self._brings, SlipInHand) or Way.NUMBER in state.ways or self._settled_looks > _LOOKS

    def _press(self, name: str) -> None:
        """Touch, before the next frame, what stands on the screen under this name."""
        from kivy.clock import Clock

        Clock.schedule_once(lambda _: self._touch(name))

    def _touch(self, name: str) -> None:
        from .touch import press

        if not press(self._app.window, self._app.root, name):
            self._fail(VisitFailed(f"there is no “{name}” to touch on the screen"))

    def _photograph(self, app: "TerminalApp") -> None:
        if self._shots is None:
            return
        path = self._shots / f"{len(self.report.shots) + 1:02d}-{type(self._state).__name__.lower()}.png"
        save_frame(app.window, path)
        self.report.shots.append(str(path))


def _stand(count: int, state: VisitState) -> bool:
    """Tell whether so many digits stand in the field."""
    return isinstance(state, EnterNumber | EnterCode) and len(state.typed.text) == count


def _refusal(state: VisitState) -> str:
    """Return why the visit shows no status; nothing while that is not said."""
    match state:
        case Problem(kind=kind):
            return kind.value
        case EnterNumber(note=note) | EnterCode(note=note) if note is not None:
            return note.value
        case ToTheDesk(why=why):
            return why.value
        case OfficeSilent():
            return ProblemKind.UNREACHABLE.value
        case _:
            return ""


_READY: Final = "start to ready"
_DIGIT: Final = "touch to digit"
_LOOKS: Final = 2
"""Looks at a settled terminal after which what home does not offer is not on its way any more."""
