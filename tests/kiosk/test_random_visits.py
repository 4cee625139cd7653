"""Random visits: hands, devices, office, mains and time in any order, against what devices and office have told.

`ISTILAM_RANDOM_VISITS` says how many (10,000 in `make soak`); each is up to thirty steps, and may hold several people.
"""

import copy
import os
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from central_api.contract import readers
from kiosk.camera import PaperHeld, PaperHint, PaperSeen
from kiosk.card_events import (
    BackPressed,
    CardProgressed,
    CardPut,
    CardTaken,
    CardTold,
    Chime,
    CodeWanted,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
    OpenByCode,
    ReadCard,
    SendCode,
)
from kiosk.card_state import (
    CardFiles,
    CardProblem,
    CardRefused,
    CardStage,
    CardUnproven,
    CodeOver,
    CodeSent,
    CodeWrong,
    KeyPart,
    OfferCode,
    OnReader,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypeCode,
    WrongKey,
)
from kiosk.comfort import Comfort, Contrast
from kiosk.entry_events import (
    CheckPaper,
    CodeAnswered,
    EntryConfirmed,
    FieldEdited,
    LookUpCode,
    NumberReopened,
    PaperChecked,
)
from kiosk.entry_state import (
    AskingOffice,
    CheckedPaper,
    EnterCode,
    Locked,
    NoMatch,
    OfficeSilent,
    PaperVerdict,
)
from kiosk.field import Erase, EraseAll, Insert, PutCursor
from kiosk.flow import Flow
from kiosk.flow.by_card import CHIMES
from kiosk.flow.knock import HOLD_AT_LEAST, KEYS
from kiosk.guide_events import (
    CountReader,
    FamilyOpened,
    GuideChanged,
    KindOpened,
    RightsOpened,
    ServicesOpened,
    TopicOpened,
    WentBack,
)
from kiosk.guide_samples import guide
from kiosk.help_call import CallHelp, HelpCalled, HelpStage, HelpTold
from kiosk.list_state import (
    AddSlip,
    AddSlipPressed,
    FileChosen,
    ListPressed,
    ListTurned,
    SearchPressed,
)
from kiosk.staff_events import (
    AskForPin,
    Corner,
    CornerPressed,
    CornerReleased,
    PrintTestPage,
    Restart,
    Steered,
    WorkBench,
)
from kiosk.staff_state import CheckingPin, StaffDevices, StaffLanguages, StaffLevels, StaffScreen
from kiosk.visit_events import (
    AnswerJudged,
    CardChosen,
    ComfortChosen,
    Effect,
    Event,
    FinishPressed,
    HeadphonesChanged,
    HelpHeld,
    HelpReleased,
    LanguageChosen,
    LanguagesChanged,
    LinkChanged,
    Listened,
    LookedUp,
    LookUp,
    MainsChanged,
    NumberChosen,
    OpeningChanged,
    OtherServicesChosen,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    PrintProgressed,
    PrintReceipt,
    Scanned,
    ScannerChanged,
    ServiceChanged,
    StayPressed,
    Ticked,
    Touched,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    Closed,
    Found,
    Home,
    NotFound,
    OutOfOrder,
    PowerWasCut,
    PrintConfirmed,
    PrinterHealth,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintSent,
    ProblemKind,
    Reading,
    StillThere,
    VisitState,
    Way,
)

from .card_visits import TD3
from .offered import offered, whole
from .random_staff import (
    ANSWERED,
    MAY_COME_AGAIN,
    PIN,
    STAFF_PRESSES,
    answer_of_terminal,
)
from .random_staff import SET_OFF_BY as SET_OFF_BY_STAFF
from .test_entry import CODE, NUMBER, RECEIPT, checked, strings_reachable_from
from .told import Told, sheets_in
from .visits import HOST, MORNING, paper, sheet, sheets_reachable_from

VISITS = int(os.environ.get("ISTILAM_RANDOM_VISITS", "100"))

CODES = [
    paper(0),
    paper(1),
    paper(2),
    paper(0)[:-2],
    RECEIPT,
    TD3,
    b"a bus ticket",
    b"\xff\xfe",
    b"HTTPS://TAX.EXAMPLE/S",
]
PRESSES: list[Event] = [
    *(PrintPressed(), FinishPressed(), StayPressed()),
    *(CardChosen(), NumberChosen(), OtherServicesChosen()),
    *(EntryConfirmed(), NumberReopened(), FieldEdited(Insert("7")), FieldEdited(Erase()), FieldEdited(EraseAll())),
    FieldEdited(PutCursor(2, selecting=True)),
    *(KeyTyped("0"), KeyTyped("٣"), KeyErased(), KeyEntered(), BackPressed(), CodeWanted()),
    *(KeyPartChosen(part) for part in KeyPart),
    *(FileChosen(0), FileChosen(1), ListTurned(1), ListPressed(), SearchPressed(), AddSlipPressed()),
    *(ServicesOpened(), RightsOpened(), WentBack(), FamilyOpened(1), FamilyOpened(99), KindOpened(3)),
    *(TopicOpened(guide().content.rights[0].key), TopicOpened("no such topic")),
    *(HelpHeld(), HelpReleased()),
    *(ComfortChosen(Comfort(text=200)), ComfortChosen(Comfort(contrast=Contrast.DARK, choosing=True))),
    *(LanguageChosen("ar"), LanguageChosen("fr"), LanguageChosen("en")),
    *STAFF_PRESSES,
]
LOBBY: list[Event] = [
    *(PrinterChanged(health) for health in PrinterHealth),
    *(ScannerChanged(False), ScannerChanged(True)),
    *(LinkChanged(False), LinkChanged(True)),
    *(MainsChanged(False), MainsChanged(True)),
    *(ServiceChanged(True), ServiceChanged(False), OpeningChanged(MORNING), OpeningChanged(None)),
    *(LanguagesChanged(("fr",)), LanguagesChanged(("ar", "fr", "en"))),
    *(WaysChanged(frozenset()), WaysChanged(frozenset(Way))),
    *(HeadphonesChanged(True), HeadphonesChanged(False), Listened()),
    *(CardPut(what) for what in OnReader),
    *(CardTaken(), GuideChanged(guide())),
    *(PaperSeen(PaperHeld(hint)) for hint in (None, *PaperHint)),
    PaperSeen(None),
]
OFFICE = [
    *(Found(sheet(0)), Found(sheet(1)), Found(sheet(2)), NoMatch(), Locked(90)),
    *(NotFound(kind) for kind in ProblemKind if kind.value in {"replaced", "expired", "unknown", "unreachable"}),
]
REFUSED = [CardRefused(CardProblem.UNREACHABLE), CardRefused(CardProblem.READER_GONE)]
FILES = [CardFiles((sheet(1), sheet(2))), CardFiles((sheet(3),))]
CARDS = [*FILES, WrongKey(), WrongKey(fields_only=True), CardUnproven(b"ask"), CardRefused(CardProblem.TAKEN), *REFUSED]
SENT = [CodeSent(3), CodeOver(), *REFUSED]
OPENED = [*FILES, CodeWrong(2), CodeOver(), *REFUSED]
PAPERS = [checked(), CheckedPaper(PaperVerdict.ALTERED, None, None)]
OUTCOMES = [PrintConfirmed(), PrintSent(), PrintFailed(PrinterProblem.PAPER_OUT, True)]

# Which event alone may set off which effect: none comes of a device's word or of an answer that nobody waits for.
SET_OFF_BY: dict[type[Effect], tuple[type[Event], ...]] = {
    LookUp: (Scanned,),
    CheckPaper: (Scanned,),
    LookUpCode: (EntryConfirmed,),
    PrintReceipt: (PrintPressed,),
    SendCode: (CodeWanted,),
    OpenByCode: (KeyEntered,),
    ReadCard: (CardPut, KeyEntered, Scanned, Ticked, CardChosen),
    CallHelp: (Ticked,),
    CountReader: (Ticked, AnswerJudged),
    Chime: (Ticked, FinishPressed, BackPressed, WentBack),
    Wipe: (Ticked, FinishPressed, BackPressed, WentBack, Scanned, CardPut, CardTaken, PrintFinished),
}
AT_REST = (Home, Closed, OutOfOrder)


def number_of(effect: Effect) -> tuple[str, int] | None:
    """Return what an answer to an effect is known by, where there is one."""
    match effect:
        case LookUp(visit=number) | LookUpCode(visit=number) | CheckPaper(visit=number) | CallHelp(visit=number):
            return "visit", number
        case PrintReceipt(job=number) | PrintTestPage(job=number):
            return "job", number
        case ReadCard(read=number) | SendCode(read=number) | OpenByCode(read=number):
            return "reading", number
        case _:
            return None


class RandomVisits(RuleBasedStateMachine):
    """One terminal, whoever comes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.begins()

    def begins(self, *, power_was_cut: bool = False) -> None:
        self.flow = Flow({HOST}, now=self.now, power_was_cut=power_was_cut)
        self.told = Told(self.now)
        self.asked: list[Any] = []
        self.numbers: set[tuple[str, int]] = set()
        self.chosen: str | None = None
        self.chimes = self.readers = self.judged = 0
        self.starts_anew = False

    # ---- how events come ----

    def send(self, event: Event) -> tuple[Effect, ...]:
        before = self.flow.state
        self.told.now = max(self.told.now, self.now)
        self.told.hears(event)
        opened = bool(self.told.opened)
        effects = self.flow.handle(event)
        self.told.asked(effects)
        self._judge_effects(event, before, effects, opened=opened)
        after = self.flow.state
        assert list(self.told.differs(before, after)) == []
        self._judge_language(event, effects, after)
        return effects

    def presses(self, event: Event) -> tuple[Effect, ...]:
        """A finger comes down, and what it meets is pressed. The tap that wakes the screen presses nothing."""
        before, comfort = self.flow.state, self.flow.comfort
        self.send(Touched())
        effects = self.send(event)
        if isinstance(before, Home) and before.dimmed:
            assert effects == () and self.flow.comfort == comfort
            assert self.flow.state == replace(before, dimmed=False)
        return effects

    def passes(self, seconds: float) -> Counter[type]:
        done: Counter[type] = Counter()
        self.now += seconds
        done.update(map(type, self.send(Ticked(self.now))))
        return done

    # ---- who and what ----

    @initialize(ready=st.sampled_from([True, True, True, False]))
    def the_terminal_wakes(self, ready: bool) -> None:
        if ready:
            for event in (
                *(ScannerChanged(True), PrinterChanged(PrinterHealth.OK), LinkChanged(True)),
                *(WaysChanged(frozenset(Way)), GuideChanged(guide())),
            ):
                self.send(event)

    @rule(event=st.sampled_from(PRESSES))
    def a_finger(self, event: Event) -> None:
        self.presses(event)

    @rule(choices=st.lists(st.integers(0, 99), min_size=1, max_size=8))
    def goes_on(self, choices: list[int]) -> None:
        """What a visit is made of: what is awaited comes, or what the screen offers is pressed."""
        for choice in choices:
            typed = whole(self.flow.state) if choice < 70 else []
            if typed:
                for event in typed:
                    self.presses(event)
            elif not self._awaited_comes(choice):
                presses = [*offered(self.flow.state), LanguageChosen("fr")]
                self.presses(presses[choice % len(presses)])

    @rule(language=st.sampled_from(["ar", "fr", "en"]))
    def another_language(self, language: Any) -> None:
        self.presses(LanguageChosen(language))

    @rule(code=st.sampled_from(CODES))
    def a_code_under_the_light(self, code: bytes) -> None:
        self.send(Scanned(code))

    @rule(first=st.sampled_from(PRESSES), second=st.sampled_from(PRESSES))
    def two_fingers(self, first: Event, second: Event) -> None:
        """Both come down before either is lifted."""
        self.send(Touched())
        self.presses(first)
        self.send(second)

    @rule(under_it=st.lists(st.sampled_from(PRESSES), min_size=3, max_size=6))
    def a_palm(self, under_it: list[Event]) -> None:
        for _ in under_it:
            self.send(Touched())
        for event in under_it:
            self.send(event)

    @rule(event=st.sampled_from(PRESSES), apart=st.sampled_from([0.1, 0.03]))
    def ten_taps_a_second_or_a_key_held_down(self, event: Event, apart: float) -> None:
        effects: Counter[type] = Counter()
        for _ in range(10):
            effects.update(map(type, self.presses(event)))
            effects.update(self.passes(apart))
        once = {kind: count for kind, count in effects.items() if kind is not Chime and kind not in MAY_COME_AGAIN}
        assert all(count == 1 for count in once.values()), effects

    @precondition(lambda self: isinstance(self.flow.state, Home))
    @rule(seconds=st.sampled_from([0.5, 2.0, 3.0]))
    def a_hand_on_the_call_for_help(self, seconds: float) -> None:
        self.presses(HelpHeld())
        self.passes(seconds)
        self.send(HelpReleased())

    @precondition(lambda self: isinstance(self.flow.state, AT_REST))
    @rule(by_keys=st.booleans(), goes_in=st.sampled_from([True, True, False]), choice=st.integers(0, 99))
    def somebody_knocks(self, by_keys: bool, goes_in: bool, choice: int) -> None:
        """The gesture of whoever looks after the terminal, and the PIN where he goes on."""
        if by_keys:
            for key in KEYS:
                self.send(Steered(key))
        else:
            for corner in (Corner.LEFT, Corner.RIGHT):
                self.presses(CornerPressed(corner))
                self.passes(HOLD_AT_LEAST + 0.5)
                self.send(CornerReleased(corner))
        assert not isinstance(self.flow.state, StaffScreen), (
            "nothing shows that somebody knocked before the terminal says so"
        )
        if goes_in and self.asked and isinstance(self.asked[-1], AskForPin):
            self._answer(self.asked[-1], choice)
            for event in whole(self.flow.state):
                self.presses(event)
            if self._awaited_comes(choice) and isinstance(self.flow.state, StaffScreen):
                presses = offered(self.flow.state)
                self.presses(presses[choice % len(presses)] if presses else FinishPressed())

    @precondition(lambda self: self.starts_anew)
    @rule()
    def it_starts_anew(self) -> None:
        """What the staff confirmed: in order, so no word of a power cut."""
        self.begins()

    # ---- devices, office, mains, time ----

    @rule(event=st.sampled_from(LOBBY))
    def the_terminal_changes(self, event: Event) -> None:
        self.send(event)

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 30), choice=st.integers(0, 99))
    def an_answer_comes(self, which: int, choice: int) -> None:
        """Of any question that was ever asked: late, twice, or when nobody waits for it any more."""
        self._answer(self.asked[-1 - which % len(self.asked)], choice)

    @rule(seconds=st.sampled_from([0.5, 2.0, 4.0, 11.0, 16.0, 21.0, 61.0, 95.0, 130.0]))
    def time_passes(self, seconds: float) -> None:
        self.passes(seconds)

    @rule()
    def the_power_is_cut(self) -> None:
        """What ran is gone with all that it waited for; the next start knows only whether somebody was here."""
        visited = not isinstance(self.flow.state, AT_REST)
        self.begins(power_was_cut=visited)
        assert isinstance(self.flow.state, PowerWasCut) == visited
        assert not sheets_reachable_from(self.flow)

    # ---- what always holds ----

    @invariant()
    def a_hand_can_leave(self) -> None:
        """On any screen the button that leaves leaves; only paper in hand and a card on the reader are waited for."""
        other = copy.copy(self.flow)
        other._lobby = copy.copy(self.flow._lobby)
        other.handle(Touched())
        other.handle(FinishPressed())
        assert isinstance(other.state, Printing | TakeCard | Home | Closed | OutOfOrder), other.state

    def teardown(self) -> None:
        """From wherever it stands, time alone leads home, and nothing of anybody is left."""
        if self.starts_anew:
            self.begins()
        self.send(CardTaken())
        self.send(HelpReleased())
        states: list[VisitState] = []
        for _ in range(32):  # who needs longer has up to twenty minutes before the word of a power cut
            self.passes(45.0)
            states.append(self.flow.state)
        assert isinstance(self.flow.state, AT_REST)
        assert all(isinstance(two, AT_REST) for one, two in pairwise(states) if isinstance(one, AT_REST))
        assert not sheets_reachable_from(self.flow)
        assert not [text for text in strings_reachable_from(self.flow) if NUMBER in text or CODE in text or PIN in text]

    def _awaited_comes(self, choice: int) -> bool:
        match self.flow.state:
            case Reading() | AskingOffice() | ReadingCard() | Printing() | HelpCalled():
                self._answer(self.asked[-1], choice)
            case CheckingPin() | StaffDevices(told=None) | StaffLevels(told=None) | StaffLanguages(told=None):
                self._answer(self.asked[-1], choice)
            case AddSlip(reading=True) | OfferCode(sending=True) | TypeCode(checking=True):
                self._answer(self.asked[-1], choice)
            case PlaceCard() if self.told.on_reader is None:
                self.send(CardPut(OnReader.PASSPORT))
            case AddSlip(open=True) if choice % 3:
                self.send(Scanned(paper(choice % 3)))
            case Home() if choice % 8 == 1:
                self.send(Scanned(paper(choice % 3)))
            case Home() if choice % 8 == 3:
                self.send(CardPut([OnReader.PASSPORT, OnReader.NUMBERED, OnReader.CHIP][choice % 3]))
            case _:
                return False
        return True

    def _answer(self, asked: Any, choice: int) -> None:
        def one(answers: list[Any]) -> Any:
            return answers[choice % len(answers)]

        match asked:
            case LookUp(visit):
                self.send(LookedUp(visit, one([answer for answer in OFFICE if isinstance(answer, Found | NotFound)])))
            case LookUpCode(visit):
                self.send(CodeAnswered(visit, one(OFFICE)))
            case CheckPaper(visit):
                self.send(PaperChecked(visit, one(PAPERS)))
            case ReadCard(read):
                self.send(CardProgressed(read, CardStage.JUDGING))
                self.send(CardTold(read, one(CARDS)))
            case SendCode(read):
                self.send(CardTold(read, one(SENT)))
            case OpenByCode(read):
                self.send(CardTold(read, one(OPENED)))
            case PrintReceipt(job=job):
                self.send(PrintProgressed(job, 0.5))
                self.send(PrintFinished(job, one(OUTCOMES)))
            case CallHelp(visit):
                self.send(HelpTold(visit, one(list(HelpStage))))
            case _:
                event = answer_of_terminal(asked, choice)
                assert event is not None, asked
                self.send(event)

    def _judge_effects(self, event: Event, before: VisitState, effects: tuple[Effect, ...], *, opened: bool) -> None:
        self._judge_staff(effects)
        kinds = [type(effect) for effect in effects if not isinstance(effect, WorkBench)]
        assert len(set(kinds)) == len(kinds), "an effect twice"
        for effect in effects:
            set_off_by = SET_OFF_BY_STAFF.get(type(effect)) or [one.__name__ for one in SET_OFF_BY[type(effect)]]
            assert type(event).__name__ in set_off_by, (event, effect)
            match effect:
                case Wipe():
                    self.chimes = self.readers = self.judged = 0
                    held = [sheet for value in vars(self.flow).values() for sheet in sheets_in(value)]
                    assert not held, "a wipe leaves nothing"
                case Chime():
                    self.chimes += 1
                case CountReader(topic):
                    if topic in {readers.ANSWERED, readers.NOT_ANSWERED}:
                        self.judged += 1
                    else:
                        self.readers += 1
                case PrintReceipt():
                    assert not isinstance(before, Printing), "a paper while another comes out"
                case LookUp():
                    wiped = any(isinstance(one, Wipe) for one in effects)
                    assert wiped or not opened or isinstance(before, AddSlip), "a stranger's slip joins nobody's list"
                case LookUpCode(_, tracking, code):
                    assert isinstance(before, EnterCode | OfficeSilent), "only who confirms a code asks"
                    assert (len(tracking), len(code)) == (11, 8)
                case _:
                    pass
            number = number_of(effect)
            if number is not None:
                assert number not in self.numbers, "two effects that one answer would answer"
                self.numbers.add(number)
                self.asked.append(effect)
        assert self.chimes <= CHIMES and self.readers <= 1 and self.judged <= 1

    def _judge_staff(self, effects: tuple[Effect, ...]) -> None:
        self.asked += [effect for effect in effects if isinstance(effect, ANSWERED)]
        self.starts_anew = self.starts_anew or any(isinstance(effect, Restart) for effect in effects)

    def _judge_language(self, event: Event, effects: tuple[Effect, ...], state: VisitState) -> None:
        if isinstance(event, LanguageChosen) and state.language == event.language:
            self.chosen = event.language
        if any(isinstance(effect, Wipe) for effect in effects) or (
            isinstance(event, Ticked) and isinstance(state, AT_REST)
        ):
            self.chosen = None
        if self.chosen is not None:
            assert state.language == self.chosen, "the visitor's language is kept"
            assert not isinstance(state, StillThere) or state.under.language == self.chosen


RandomVisits.TestCase.settings = settings(
    max_examples=VISITS,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_random_visits = RandomVisits.TestCase
