"""The self-test as a state machine: events in, state and effects out. Knows no toolkit, no device, no network.

What needs no hands is checked beside, while somebody touches spots, looks at colours, shows a code, puts in a card and
listens. A step that nobody takes ends by its deadline. Each run has a number: what comes late, of a run that was
begun again, is passed over.
"""

from dataclasses import replace
from typing import Final, assert_never

from central_api.contract.readiness import Outcome, Part

from .selftest.findings import Finding
from .selftest_state import (
    COLOURS,
    SPOTS,
    BeginPressed,
    Checked,
    CodePaper,
    Colours,
    ColoursAhead,
    ColourTouched,
    DotsAnswered,
    DotsAsked,
    Ended,
    InsertCard,
    Leave,
    LeavePressed,
    Overview,
    PlayTone,
    PrintCode,
    Progress,
    ReadCard,
    ReadCode,
    Report,
    RunChecks,
    SelfTestEffect,
    SelfTestEvent,
    SelfTestState,
    Sending,
    SendingEnded,
    ShowCode,
    SkipPressed,
    Slip,
    SlipEnded,
    SpotTouched,
    StepEnded,
    ToneAnswered,
    ToneAsked,
    TouchSpots,
)
from .visit_events import LanguageChosen, Ticked, Touched
from .visit_state import ScreenLanguage

# Seconds without anything done in a step; where nobody comes at all, the whole test ends within 90.
SPOT_WITHIN: Final = 8.0
LOOK_WITHIN: Final = 15.0
CODE_WITHIN: Final = 20.0
CARD_WITHIN: Final = 15.0
TONE_WITHIN: Final = 15.0
GIVES_UP_AFTER: Final = 3
"""Spots missed one after the other: whoever was there has gone, or nothing answers."""

# What the checks without hands find of parts that a step goes on with.
_TO_BE_TRIED: Final = {
    Part.TOUCH: None,  # whatever is known of it: the spots tell
    Part.PANEL: "not_seen",
    Part.SCANNER: "not_tried",
    Part.CARD_READER: "no_card",
    Part.SOUND: "not_asked",
}
_AWAITED: Final[dict[type[SelfTestState], Part]] = {
    ShowCode: Part.SCANNER,
    InsertCard: Part.CARD_READER,
    ToneAsked: Part.SOUND,
}
_STEPS: Final = (Part.TOUCH, Part.PANEL, Part.SCANNER, Part.CARD_READER, Part.SOUND)


class SelfTestFlow:
    """The present self-test, in one language; `now` is monotonic. `begin` first."""

    def __init__(self, language: ScreenLanguage, *, now: float) -> None:
        self._language: ScreenLanguage = language
        self._now = now
        self._since = now
        self._run = 0
        self._findings: dict[Part, Finding] = {}
        self._steps: list[Part] = []
        self._begun = False
        self._printing = False
        self._missed = 0
        self._missed_running = 0
        self._state: SelfTestState = Overview(language, (), begun=False)
        self._state = self._overview()

    @property
    def state(self) -> SelfTestState:
        """What the screen shows."""
        return self._state

    def begin(self) -> tuple[SelfTestEffect, ...]:
        """Start a run: the checks that need no hands."""
        self._run += 1
        self._findings = {}
        self._steps = list(_STEPS)
        self._begun = self._printing = False
        self._missed = self._missed_running = 0
        self._show(self._overview())
        return (RunChecks(self._run),)

    def handle(self, event: SelfTestEvent) -> tuple[SelfTestEffect, ...]:
        """Take one event; returns what must be done, in order."""
        match event:
            case Ticked(now):
                return self._tick(now)
            case Touched():
                return ()
            case LanguageChosen(language):
                self._language = language
                self._state = replace(self._state, language=language)
                return ()
            case LeavePressed():
                return (Leave(),)
            case Checked() | StepEnded() | SlipEnded() | SendingEnded():
                return self._told(event) if event.run == self._run else ()
            case _:
                return self._answered(event)

    def _told(self, event: Checked | StepEnded | SlipEnded | SendingEnded) -> tuple[SelfTestEffect, ...]:
        match event:
            case Checked(_, finding):
                return self._found(finding, step=False)
            case StepEnded(_, finding):
                return self._found(finding, step=True)
            case SlipEnded(_, slip):
                if isinstance(self._state, Ended):
                    self._state = replace(self._state, slip=slip)
            case SendingEnded(_, sending):
                if isinstance(self._state, Ended):
                    self._state = replace(self._state, sending=sending)
            case _:
                assert_never(event)
        return ()

    # ---- hands ----

    def _press_begin(self) -> tuple[SelfTestEffect, ...]:
        if isinstance(self._state, Ended):
            effects = self.begin()
            return (*effects, *self._press_begin())
        if self._begun:
            return ()
        self._begun = True
        return (*self._print_code(), *self._next_step())

    def _answered(
        self,
        event: BeginPressed | SpotTouched | ColourTouched | DotsAnswered | ToneAnswered | SkipPressed,
    ) -> tuple[SelfTestEffect, ...]:
        effects: tuple[SelfTestEffect, ...] = ()
        match self._state, event:
            case Overview() | Ended(), BeginPressed():
                effects = self._press_begin()
            case TouchSpots(_, at), SpotTouched(touched) if touched == at:
                self._missed_running = 0
                effects = self._next_spot(at)
            case ColoursAhead(), ColourTouched():
                self._show(Colours(self._language, 0))
            case Colours(_, at), ColourTouched():
                last = at == COLOURS - 1
                self._show(DotsAsked(self._language) if last else Colours(self._language, at + 1))
            case DotsAsked(), DotsAnswered(every_one):
                size = self._findings[Part.PANEL]
                effects = self._end_step(replace(size, detail="good" if every_one else "bad_dots"))
            case ToneAsked(), ToneAnswered(heard):
                effects = self._end_step(Finding(Part.SOUND, "good" if heard else "not_heard"))
            case ColoursAhead() | ShowCode() | InsertCard(), SkipPressed():
                effects = self._next_step()
            case _:
                pass  # a press on a screen that has just gone
        return effects

    def _next_spot(self, at: int) -> tuple[SelfTestEffect, ...]:
        if at < SPOTS - 1:
            self._show(TouchSpots(self._language, at + 1))
            return ()
        return self._end_step(
            Finding(Part.TOUCH, "missed", {"missed": self._missed}) if self._missed else Finding(Part.TOUCH, "good")
        )

    def _end_step(self, finding: Finding) -> tuple[SelfTestEffect, ...]:
        self._findings[finding.part] = finding
        return self._next_step()

    def _next_step(self) -> tuple[SelfTestEffect, ...]:
        """Show the next step that can be taken; where a check must tell first, the list meanwhile."""
        while self._steps:
            part = self._steps[0]
            found, tried = self._findings.get(part), _TO_BE_TRIED[part]
            if found is None and tried is not None:
                self._show(self._overview())
                return ()
            del self._steps[0]
            if tried is None or (found is not None and found.detail == tried):
                return self._show_step(part)
        return self._finish()

    def _show_step(self, part: Part) -> tuple[SelfTestEffect, ...]:
        match part:
            case Part.TOUCH:
                self._show(TouchSpots(self._language, 0))
            case Part.PANEL:
                self._show(ColoursAhead(self._language))
            case Part.SCANNER:
                return self._show_code()
            case Part.CARD_READER:
                self._show(InsertCard(self._language))
                return (ReadCard(self._run, CARD_WITHIN),)
            case _:
                self._show(ToneAsked(self._language))
                return (PlayTone(self._run),)
        return ()

    # ---- paper and scanner ----

    def _print_code(self) -> tuple[SelfTestEffect, ...]:
        """Print once somebody is there and the printer is known to be: the paper is out before it is asked for."""
        printer = self._findings.get(Part.PRINTER)
        if not self._begun or self._printing or printer is None or printer.detail != "not_tried":
            return ()
        self._printing = True
        return (PrintCode(self._run, self._language),)

    def _code_paper(self) -> CodePaper:
        printer = self._findings.get(Part.PRINTER)
        if printer is None or (self._printing and printer.detail == "not_tried"):
            return CodePaper.PRINTING
        printed = printer.outcome is Outcome.PASSED or printer.detail == "unconfirmed"
        return CodePaper.THERE if printed else CodePaper.NONE

    def _show_code(self) -> tuple[SelfTestEffect, ...]:
        paper = self._code_paper()
        self._show(ShowCode(self._language, paper))
        return () if paper is CodePaper.PRINTING else (ReadCode(self._run, CODE_WITHIN),)

    # ---- what is found, and when ----

    def _found(self, finding: Finding, *, step: bool) -> tuple[SelfTestEffect, ...]:
        part, state = finding.part, self._state
        awaited = _AWAITED.get(type(state))
        if step and part in {Part.SCANNER, Part.CARD_READER, Part.SOUND} and part is not awaited:
            return ()  # of a step that was skipped
        if not step and part is Part.TOUCH and part in self._findings:
            return ()  # the spots told more
        self._findings[part] = finding
        effects = self._print_code() if part is Part.PRINTER else ()
        match state:
            case ShowCode(_, CodePaper.PRINTING) if part is Part.PRINTER:
                return (*effects, *self._show_code())
            case ShowCode() | InsertCard() | ToneAsked() if step and part is awaited:
                return (*effects, *self._next_step())
            case Overview():
                self._state = self._overview()
                return (*effects, *(self._next_step() if self._begun else ()))
            case _:
                return effects

    def _tick(self, now: float) -> tuple[SelfTestEffect, ...]:
        self._now = now
        idle = now - self._since
        match self._state:
            case TouchSpots(_, at) if idle >= SPOT_WITHIN:
                self._missed += 1
                self._missed_running += 1
                if self._missed_running < GIVES_UP_AFTER:
                    return self._next_spot(at)
                self._missed += SPOTS - 1 - at
                return self._next_spot(SPOTS - 1)
            case ColoursAhead() | Colours() | DotsAsked() if idle >= LOOK_WITHIN:
                return self._next_step()
            case ToneAsked() if idle >= TONE_WITHIN:
                return self._next_step()
            case _:
                return ()

    def _finish(self) -> tuple[SelfTestEffect, ...]:
        untold = set(Part) - self._findings.keys()
        prints = self._code_paper()
        if untold or prints is CodePaper.PRINTING:
            self._show(self._overview())
            return ()
        findings = dict(self._findings)
        paper = prints is CodePaper.THERE
        self._show(Ended(self._language, findings, Slip.PRINTING if paper else Slip.NONE, Sending.SENDING))
        return (Report(self._run, self._language, findings, paper),)

    def _show(self, state: SelfTestState) -> None:
        self._state = state
        self._since = self._now

    def _overview(self) -> Overview:
        return Overview(self._language, tuple((part, self._row(part)) for part in Part), self._begun)

    def _row(self, part: Part) -> Finding | Progress:
        found = self._findings.get(part)
        if part is Part.PRINTER and found is not None and found.detail == "not_tried":
            return Progress.RUNNING if self._printing else Progress.WAITING
        if part in self._steps:
            tried = _TO_BE_TRIED[part]
            if tried is None or (found is not None and found.detail == tried):
                return Progress.WAITING
        return found or Progress.RUNNING
