"""What each screen lets its visitor do: for random visits, and for the screens themselves."""

from kiosk.card_events import (
    BackPressed,
    CodeWanted,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
)
from kiosk.card_state import (
    KeyPart,
    OfferCode,
    TypeCode,
    TypeKey,
)
from kiosk.entry_events import (
    EntryConfirmed,
    FieldEdited,
    NumberReopened,
)
from kiosk.entry_state import (
    EnterCode,
    EnterNumber,
    OfficeSilent,
    ShowPaper,
)
from kiosk.field import Erase, EraseAll, Insert
from kiosk.guide_events import (
    FamilyOpened,
    KindOpened,
    RightsOpened,
    ServicesOpened,
    TopicOpened,
    WentBack,
)
from kiosk.guide_samples import guide
from kiosk.guide_state import Families, Kinds, OtherServices, ShowRequirements, ShowTopic, Topics
from kiosk.list_state import (
    AddSlip,
    AddSlipPressed,
    FileChosen,
    ListPressed,
    SearchList,
    ShowList,
)
from kiosk.staff_state import StaffScreen
from kiosk.visit_events import (
    AnswerJudged,
    CardChosen,
    Event,
    HelpHeld,
    HelpReleased,
    NumberChosen,
    OtherServicesChosen,
    PrintPressed,
    StayPressed,
)
from kiosk.visit_state import (
    Home,
    NotPrinted,
    Printed,
    Problem,
    SentToPrinter,
    ShowStatus,
    StillThere,
    VisitState,
    Way,
)

from .random_staff import (
    offered_to_staff,
    typed_pin,
)
from .test_entry import CODE, NUMBER

IN_PASSPORT = {KeyPart.NUMBER: "L898902C3", KeyPart.BIRTH: "12081974", KeyPart.EXPIRY: "15042030"}


def whole(state: VisitState) -> list[Event]:
    """Return the presses with which a visitor who types, types all of it and goes on; none on other screens."""
    match state:
        case EnterNumber():
            return [FieldEdited(EraseAll()), FieldEdited(Insert(NUMBER)), EntryConfirmed()]
        case EnterCode():
            return [FieldEdited(EraseAll()), FieldEdited(Insert(CODE)), EntryConfirmed()]
        case TypeKey(part=part, typed=typed):
            text = "" if typed.of(part) else IN_PASSPORT.get(part, "123456")
            return [*map(KeyTyped, text), KeyEntered()]
        case TypeCode():
            return [*map(KeyTyped, "123456"), KeyEntered()]
        case _:
            return typed_pin(state)


BY_WAY: dict[Way, list[Event]] = {
    Way.CARD: [CardChosen()],
    Way.NUMBER: [NumberChosen()],
    Way.OTHER_SERVICES: [OtherServicesChosen()],
    Way.HELP: [HelpHeld(), HelpReleased()],
}


def offered(state: VisitState) -> list[Event]:  # noqa: PLR0911, PLR0912 - one screen a line
    """Return what a screen lets its visitor do, beside leaving; test_screens compares it with the real ones."""
    match state:
        case Home(ways=ways):
            return [event for way in Way if way in ways for event in BY_WAY[way]]
        case ShowStatus(listing=listing):
            return [PrintPressed(), AddSlipPressed() if listing is None else ListPressed()]
        case ShowList(can_print=can_print):
            return [FileChosen(0), FileChosen(1), *[PrintPressed()] * can_print, AddSlipPressed()]
        case SearchList():
            return [KeyTyped("0"), KeyErased(), KeyErased(whole=True), KeyEntered(), BackPressed()]
        case AddSlip(open=is_open, reading=reading):
            return [ListPressed()] if is_open or reading else [AddSlipPressed(), ListPressed()]
        case NotPrinted(listing=listing, can_print=can_print):
            return [*[PrintPressed()] * can_print, *[ListPressed()] * (listing is not None)]
        case Printed(listing=listing, found=found) | SentToPrinter(listing=listing, found=found):
            if listing is not None:
                return [ListPressed()]
            return [AnswerJudged(True), AnswerJudged(False)] if found is None else []
        case Problem(number=number):
            return [NumberChosen()] if number else []
        case ShowPaper(can_ask=can_ask):
            return [NumberChosen()] if can_ask else []
        case StillThere():
            return [StayPressed()]
        case TypeKey(part=part, fields_only=fields_only):
            typing = [KeyTyped("1"), KeyErased(), KeyEntered()]
            typing += [KeyErased(whole=True)] * (part not in {KeyPart.NUMBER, KeyPart.IDENTITY})
            match part:
                case KeyPart.BIRTH | KeyPart.EXPIRY:
                    return [*typing, BackPressed()]
                case KeyPart.NUMBER if not fields_only:
                    return [*typing, KeyPartChosen(KeyPart.ACCESS_NUMBER)]
                case KeyPart.ACCESS_NUMBER:
                    return [*typing, KeyPartChosen(KeyPart.NUMBER)]
                case _:
                    return typing
        case OfferCode(sending=sending):
            return [] if sending else [CodeWanted()]
        case TypeCode():
            return [KeyTyped("1"), KeyErased(), KeyErased(whole=True), KeyEntered(), CodeWanted()]
        case EnterNumber():
            return [FieldEdited(Insert("7")), FieldEdited(Insert(NUMBER)), FieldEdited(Erase()), EntryConfirmed()]
        case EnterCode():
            return [FieldEdited(Insert("7")), FieldEdited(Insert(CODE)), NumberReopened(), EntryConfirmed()]
        case OfficeSilent():
            return [EntryConfirmed()]
        case OtherServices():
            return [ServicesOpened(), RightsOpened()]
        case Families():
            return [FamilyOpened(1), FamilyOpened(3), WentBack()]
        case Kinds(family=family):
            return [KindOpened(1 if family == 3 else 3), WentBack()]
        case ShowRequirements(can_print=can_print):
            return [*[PrintPressed()] * can_print, WentBack()]
        case Topics():
            return [TopicOpened(guide().content.rights[0].key), WentBack()]
        case ShowTopic():
            return [WentBack()]
        case StaffScreen():
            return offered_to_staff(state)
        case _:
            return []
