"""Made-up statuses and visits for pictures and tests: every state that a screen or paper can be in. Nobody's data."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract.numbers import check_digit
from central_api.contract.receipts import receipt_url, sign_status
from central_api.contract.signed import SigningKey
from central_api.contract.status import AgencyCheck, Language, Office, Reason, State, Status, Step, decode_status

from . import guide_samples, staff_samples
from .camera import CameraView, PaperHeld, PaperHint, Picture
from .card_samples import card_screens, list_screens
from .entry_state import (
    CODE_ROOM,
    TRACKING_ROOM,
    AskingOffice,
    CheckedPaper,
    CodeNote,
    DeskReason,
    EnterCode,
    EnterNumber,
    NumberNote,
    OfficeSilent,
    PaperSays,
    PaperVerdict,
    ShowPaper,
    ToTheDesk,
)
from .field import filled
from .visit_state import (
    Closed,
    ClosedUntil,
    DataAge,
    Home,
    NotPrinted,
    OutOfOrder,
    PaperKind,
    PowerWasCut,
    Printed,
    PrinterHealth,
    PrinterProblem,
    Printing,
    Problem,
    ProblemKind,
    Reading,
    ScreenLanguage,
    SentToPrinter,
    Sheet,
    ShowStatus,
    StillThere,
    VisitState,
    Way,
)

TERMINAL: Final = "T-03"
HOST: Final = "ISTILAM.EXAMPLE"
_REGISTRY, _DEPARTMENT, _SERVICE, _DIRECTOR, _MINISTER = Office(2, 1), Office(3, 1), Office(4, 1), Office(5), Office(6)
_CHAIN: Final = (_REGISTRY, _DEPARTMENT, _SERVICE, _DIRECTOR, _MINISTER)
_USUAL: Final = ((1, 2), (2, 5), (3, 12), (4, 7), (2, 5))


def at(day: int, hour: int = 9, minute: int = 38) -> int:
    """Return a time of November 2026, in seconds since 1970; hours are UTC."""
    return round(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp())


def now() -> int:
    """Return the time at which every sample is looked at."""
    return at(23, 7, 41)


def chain(*done: int, acting: tuple[int, ...] = (), reported: tuple[int, ...] = ()) -> tuple[Step, ...]:
    """Return the usual five steps: those of `done` (days of November) are done, the others have usual durations."""
    return tuple(
        Step(office, at(done[index]), index in acting, 1 if index in reported else None)
        if index < len(done)
        else Step(office, expected=_USUAL[index])
        for index, office in enumerate(_CHAIN)
    )


def status(state: State = State.UNDER_REVIEW, steps: tuple[Step, ...] | None = None, **fields: object) -> Status:
    """Return a status of a renewal of a work permit, changed when it tells of; `fields` are the Status' own."""
    body = "2631828331"
    base: dict[str, object] = {
        "tracking": body + check_digit(body),
        "family": 1,
        "kind": 4,
        "language": Language.AR,
        "changed": at(18),
        "since": at(18),
        "filed_at": 1,
    }
    made = Status(state=state, steps=steps or chain(9, 11, 18, acting=(2,)), **(base | fields))  # type: ignore[arg-type]
    return replace(made, changed=_last_told(made))


def _last_told(of: Status) -> int:
    """Return the time of the last thing that a status tells of."""
    times = [of.since, *(check.since for check in of.checks)]
    times += [when for step in of.steps for when in (step.when, step.suspended_since) if when is not None]
    times += [since for reason in of.reasons for since in reason.arguments[1:]]  # since when an objection is examined
    return max(times)


def sheet(of: Status, *, age: DataAge | None = None, version: int = 4217) -> Sheet:
    """Sign a status with a key of nobody's, and return what a slip would open."""
    key = SigningKey(1, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    plain = sign_status(of, version, bytes(32), key)
    fresh = age or DataAge(signed_at=at(23, 7, 38), now=now(), link_cut=False)
    url = receipt_url(HOST, plain, version)
    return Sheet(decode_status(plain), version, plain, fresh, url, guide_samples.guide())


def sheets() -> dict[str, Sheet]:
    """Return one sheet for each thing a status can tell, by name."""
    yesterday = DataAge(signed_at=at(22, 14, 2), now=now(), link_cut=True)
    legacy = chain(3, 5, reported=(0, 1))
    suspended = tuple(
        Step(step.office, step.when, expected=step.expected, suspended_since=at(16) if index == 2 else None)
        for index, step in enumerate(chain(9, 11))
    )
    unknown = tuple(Step(step.office, step.when) for step in chain(9))
    late = tuple(Step(Office(30, 9), step.when, expected=step.expected) for step in chain(9, 11))
    return {
        "under-review": sheet(status()),
        "reported": sheet(status(steps=legacy, family=2, kind=1, since=at(5)), age=yesterday),
        "just-filed": sheet(status(steps=unknown, family=3, kind=4, since=at(9))),
        "checks": sheet(
            status(
                steps=chain(9), family=2, kind=2, since=at(9), checks=(AgencyCheck(2, at(9)), AgencyCheck(3, at(21)))
            ),
        ),
        "suspended": sheet(status(steps=suspended, since=at(11))),
        "returned": sheet(
            status(
                State.RETURNED,
                chain(9),
                family=3,
                kind=2,
                since=at(20),
                missing=(3, 5),
                reasons=(Reason(1),),
                deadline=20791,
            ),
            age=yesterday,
        ),
        "returned-many": sheet(
            status(
                State.RETURNED, chain(9, 10), since=at(20), missing=tuple(range(1, 13)), reasons=(Reason(1), Reason(3))
            )
        ),
        "returned-no-list": sheet(status(State.RETURNED, chain(9), since=at(20), reasons=(Reason(7),))),
        "rejected": sheet(status(State.REJECTED, chain(9, 11), since=at(20), reasons=(Reason(5), Reason(8)))),
        "rejected-by-when": sheet(
            status(State.REJECTED, chain(9, 11), since=at(20), reasons=(Reason(8),), deadline=20_840)
        ),
        "returned-late": sheet(
            status(State.RETURNED, chain(2), since=at(4), missing=(3, 5), reasons=(Reason(1),), deadline=20_775)
        ),
        "rejected-late": sheet(status(State.REJECTED, chain(2, 3), since=at(4), reasons=(Reason(8),), deadline=20_775)),
        "rejected-objected": sheet(
            status(State.REJECTED, chain(9, 11), since=at(12), reasons=(Reason(8), Reason(9, (5, at(20)))))
        ),
        "rejected-dismissed": sheet(
            status(State.REJECTED, chain(9, 11), since=at(20), reasons=(Reason(8), Reason(10)))
        ),
        "returned-no-content": replace(
            sheet(status(State.RETURNED, chain(9), since=at(20), missing=(3, 5), reasons=(Reason(1),))), guide=None
        ),
        "rejected-no-content": replace(
            sheet(status(State.REJECTED, chain(9), since=at(20), reasons=(Reason(5),))), guide=None
        ),
        "completed": sheet(status(State.COMPLETED, chain(2, 4, 9, 16, 20), since=at(20), document_waits=True)),
        "completed-reported": sheet(
            status(State.COMPLETED, chain(2, 4, 9, 16, 20, reported=(0, 1, 2, 3, 4)), since=at(20)),
        ),
        "age-unknown": sheet(status(), age=DataAge(None, None, link_cut=True)),
        "clock-lost": sheet(status(), age=DataAge(at(22, 14, 2), None, link_cut=True)),
        "later-edition": sheet(
            status(State.RETURNED, late, family=9, kind=9, missing=(99,), reasons=(Reason(99),), since=at(20))
        ),
    }


class SampleCamera(CameraView):
    """A camera before which a slip is held, aslant and not wholly in the picture."""

    @property
    def newest(self) -> Picture:
        """The same picture, drawn anew."""
        from PIL import Image, ImageDraw

        wide, high = 160, 90
        seen = Image.new("L", (wide, high), 60)
        paper = Image.new("L", (96, 120), 215)
        lines = ImageDraw.Draw(paper)
        for at in range(0, 42, 6):
            for left in range(0, 42, 6):
                if (at * 7 + left * 5) % 4:
                    lines.rectangle((10 + left, 10 + at, 15 + left, 15 + at), 40)
        for at in range(66, 110, 9):
            lines.rectangle((10, at, 80, at + 2), 110)
        turned = paper.rotate(-12, expand=True, fillcolor=60, resample=Image.Resampling.BICUBIC)
        seen.paste(turned, (34, -12))
        return Picture(wide, high, seen.tobytes())


def screens(language: ScreenLanguage) -> dict[str, VisitState]:
    """Return one state for each picture that the screens of a language can show, by name."""
    home = Home(language, scanner_ready=True, printer=PrinterHealth.OK, link_cut=False, ways=frozenset(Way))
    cut_off = frozenset({Way.OTHER_SERVICES, Way.HELP})
    told = sheets()
    shown = ShowStatus(language, told["under-review"], can_print=True)
    return {
        "home": home,
        "home-slip-alone": replace(home, ways=frozenset()),
        "home-no-card": replace(home, ways=frozenset(Way) - {Way.CARD}),
        "home-number": replace(home, ways=frozenset({Way.NUMBER})),
        "home-troubled": Home(language, False, PrinterHealth.PAPER_OUT, link_cut=True, ways=cut_off),
        "home-dimmed": replace(home, dimmed=True),
        "home-held": replace(home, held=PaperHeld()),
        **{f"home-held-{hint.value}": replace(home, held=PaperHeld(hint)) for hint in PaperHint},
        "reading": Reading(language),
        **{f"status-{name}": ShowStatus(language, sheet, can_print=True) for name, sheet in told.items()},
        "status-no-paper": ShowStatus(language, told["returned"], can_print=False),
        "printing": Printing(language, told["under-review"], 0.4),
        "printing-untold": Printing(language, told["under-review"]),
        "printed": Printed(language),
        "printed-judged": Printed(language, found=True),
        "sent": SentToPrinter(language),
        **{
            f"not-printed-{why.value}": NotPrinted(
                *(language, told["under-review"], why),
                cut_off=why is not PrinterProblem.OFFLINE,
                can_print=why in {PrinterProblem.FAULT, PrinterProblem.SILENT},  # nothing needs to be done first
            )
            for why in PrinterProblem
        },
        "not-printed-mended": NotPrinted(
            *(language, told["under-review"], PrinterProblem.PAPER_OUT), cut_off=True, can_print=True, mended=True
        ),
        **{f"problem-{kind.value}": Problem(language, kind) for kind in ProblemKind},
        "still-there": StillThere(language, shown, 20),
        "power-was-cut": PowerWasCut(language),
        **card_screens(language),
        **list_screens(language, told),
        "closed-today": Closed(language, ClosedUntil(at(23, 12, 0), 0)),
        "closed-tomorrow": Closed(language, ClosedUntil(at(24, 5, 30), 1)),
        "closed-presented": Closed(language, ClosedUntil(at(26, 5, 30), 3), presented=True),
        "closed-day": Closed(language, ClosedUntil(at(24, 22, 0), 2, hour_known=False)),
        "closed": Closed(language, ClosedUntil()),
        "out-of-order": OutOfOrder(language),
        "out-of-order-withdrawn": OutOfOrder(language, withdrawn=True),
        **entry_screens(language),
        **guide_samples.screens(language),
        **staff_samples.screens(language, now()),
        "printed-requirements": Printed(language, paper=PaperKind.REQUIREMENTS),
        "sent-requirements": SentToPrinter(language, paper=PaperKind.REQUIREMENTS),
        "not-printed-requirements": NotPrinted(
            language, guide_samples.requirements()["permit"], PrinterProblem.PAPER_OUT, cut_off=True, can_print=False
        ),
    }


def entry_screens(language: ScreenLanguage) -> dict[str, VisitState]:
    """Return one state for each picture of typed digits and of checked papers, by name."""
    number, some, all_digits = status().tracking, filled(TRACKING_ROOM, "2631828"), filled(CODE_ROOM, "40817352")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    code = EnterCode(language, number)
    hours = ((480, 720), (780, 900))
    says = PaperSays(number, State.UNDER_REVIEW, 3, at(18))
    returned, done = replace(says, state=State.RETURNED, step=1), replace(says, state=State.COMPLETED, when=at(23, 6))
    papers = {
        PaperVerdict.GENUINE: says,
        PaperVerdict.LATEST: done,
        PaperVerdict.SUPERSEDED: returned,
        PaperVerdict.ALTERED: None,
        PaperVerdict.INCOMPLETE: None,
        PaperVerdict.UNCONFIRMED: None,
        PaperVerdict.REVOKED: None,
        PaperVerdict.UNKNOWN_KEY: None,
    }
    return {
        "number": EnterNumber(language),
        "number-begun": EnterNumber(language, some),
        "number-selected": EnterNumber(language, replace(some, cursor=5, anchor=1)),
        "number-complete": EnterNumber(language, filled(TRACKING_ROOM, number)),
        "number-wrong": EnterNumber(language, filled(TRACKING_ROOM, wrong), NumberNote.WRONG_DIGIT),
        "number-from-slip": EnterNumber(language, some, NumberNote.FROM_SLIP),
        "number-incomplete": EnterNumber(language, some, NumberNote.INCOMPLETE),
        "code": code,
        "code-incomplete": replace(code, note=CodeNote.INCOMPLETE),
        "code-complete": replace(code, typed=all_digits),
        "code-no-match": replace(code, tries_left=2, note=CodeNote.NO_MATCH),
        "code-last-try": replace(code, tries_left=1, note=CodeNote.NO_MATCH),
        "code-from-paper": replace(code, note=CodeNote.FROM_PAPER),
        "asking": AskingOffice(language, number, all_digits.text, 3),
        "silent": OfficeSilent(language, number, all_digits.text, 3),
        "desk-three-wrong": ToTheDesk(language, DeskReason.THREE_WRONG, None, hours),
        "desk-closed": ToTheDesk(language, DeskReason.THREE_WRONG, None, ()),
        "desk-locked": ToTheDesk(language, DeskReason.LOCKED, 4, hours),
        "desk-locked-one": ToTheDesk(language, DeskReason.LOCKED, 1),
        "problem-creased": Problem(language, ProblemKind.DAMAGED, 2, "2631828", number=True),
        **{
            f"paper-{verdict.value}": ShowPaper(language, CheckedPaper(verdict, said, now()), can_ask=said is not None)
            for verdict, said in papers.items()
        },
        "paper-offline": ShowPaper(language, CheckedPaper(PaperVerdict.GENUINE, says, None), can_ask=False),
    }
