"""Made-up visits by card and with several files, as in `samples.py`. Nobody's data."""

from dataclasses import replace

from central_api.contract.numbers import check_digit
from central_api.contract.status import Status

from .card_state import (
    CardProblem,
    CardStage,
    CardTrouble,
    KeyPart,
    OfferCode,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypeCode,
    Typed,
    TypedFields,
    TypeKey,
)
from .list_state import AddSlip, Listing, SearchList, ShowList
from .visit_state import (
    NotPrinted,
    PaperKind,
    Printed,
    PrinterProblem,
    Printing,
    ProblemKind,
    ScreenLanguage,
    SentToPrinter,
    Sheet,
    ShowStatus,
    VisitState,
)


def card_screens(language: ScreenLanguage) -> dict[str, VisitState]:
    """Return the states of a visit by card, by name."""
    key = TypedFields("L898902C3", "740812", "340415")
    typed = Typed("L898902C3", "12081974", "15042034", "314159", "000012345678")
    return {
        "card-place": PlaceCard(language),
        "card-place-ready": PlaceCard(language, key),
        "card-place-moved": PlaceCard(language, key, moved=True),
        "card-type-empty": TypeKey(language),
        **{f"card-type-{part.value}": TypeKey(language, part, typed) for part in KeyPart},
        **{f"card-refused-{part.value}": TypeKey(language, part, Typed(), refused=True) for part in KeyPart},
        "card-type-longest": TypeKey(language, typed=Typed("W" * 22), tries_left=1),
        "card-wrong": TypeKey(language, typed=typed, tries_left=2),
        "card-fields-only": TypeKey(language, typed=typed, fields_only=True),
        **{f"card-{stage.value}": ReadingCard(language, key, typed, stage) for stage in CardStage},
        **{f"card-trouble-{why.value}": CardTrouble(language, why) for why in CardProblem},
        "card-offer-code": OfferCode(language, bytes(16)),
        "card-offer-code-over": OfferCode(language, bytes(16), over=True),
        "card-offer-code-sending": OfferCode(language, bytes(16), sending=True),
        "card-type-code": TypeCode(language, bytes(16), 3, "4711"),
        "card-type-code-wrong": TypeCode(language, bytes(16), 1, wrong=True),
        "card-type-code-checking": TypeCode(language, bytes(16), 2, "471100", checking=True),
        "card-take": TakeCard(language),
        "card-left": TakeCard(language, left=True),
    }


def listing(told: dict[str, Sheet], count: int) -> Listing:
    """Return a list of so many files, of every kind that a status can be."""
    every = [list(told.values())[at % len(told)] for at in range(count)]
    return Listing(tuple(replace(each, status=_numbered(each.status, at)) for at, each in enumerate(every)))


def _numbered(of: Status, at: int) -> Status:
    body = f"26{31_828_331 + 977 * at:08d}"
    return replace(of, tracking=body + check_digit(body))


def list_screens(language: ScreenLanguage, told: dict[str, Sheet]) -> dict[str, VisitState]:
    """Return the states of a visit with several files, by name."""
    few, many = listing(told, 4), listing(told, 40)
    sheet = few.shown[0]
    return {
        "list-few": ShowList(language, few, can_print=True),
        "list-no-paper": ShowList(language, few, can_print=False),
        **{f"list-many-{at}": ShowList(language, replace(many, at=at), can_print=True) for at in (0, 20, 39)},
        "list-searched": ShowList(language, replace(many, search="31"), can_print=True),
        "list-search": SearchList(language, many, "318"),
        "list-search-none": SearchList(language, many, "99999999999"),
        "list-status": ShowStatus(language, sheet, can_print=True, listing=few),
        "list-printing": Printing(language, few, 0.6, few),
        "list-printed": Printed(language, few, paper=PaperKind.LIST),
        "list-sent": SentToPrinter(language, few, paper=PaperKind.LIST),
        "list-not-printed": NotPrinted(language, few, PrinterProblem.FAULT, True, True, few),
        "list-status-not-printed": NotPrinted(language, sheet, PrinterProblem.PAPER_OUT, True, False, few),
        "add-slip": AddSlip(language, few),
        "add-slip-reading": AddSlip(language, few, reading=True),
        "add-slip-added": AddSlip(language, few, open=False),
        **{f"add-slip-{why.value}": AddSlip(language, few, open=False, refused=why) for why in ProblemKind},
    }
