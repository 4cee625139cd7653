"""The visit that begins with a card: what is asked for, when the card is read, and what each end of it shows.

Pure functions on the states of `kiosk/card_state.py`; `visit.py` sends the effects, and shows the files.
"""

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final, assert_never

from central_api.contract.errors import NotANumber
from central_api.contract.numbers import IDENTITY_LENGTHS, fold_digits, parse_identity_number
from kiosk.card_events import (
    BackPressed,
    CardPut,
    CardTaken,
    CodeWanted,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
)
from kiosk.card_state import (
    AccessNumber,
    CardKey,
    CardProblem,
    CardState,
    CardTrouble,
    IdentityNumber,
    KeyPart,
    MachineReadableLines,
    OfferCode,
    OnReader,
    PlaceCard,
    ReadingCard,
    TypeCode,
    TypedFields,
    TypeKey,
    WrongKey,
)

from . import one_time

if TYPE_CHECKING:
    from kiosk.visit_state import ScreenLanguage

# Seconds.
PLACE_GIVES_UP_AFTER: Final = 45.0
LOST_FOR: Final = 1.5
READING_CARD_GIVES_UP_AFTER: Final = 40.0  # office and reader have deadlines of their own, within this

# A reader whose contact is bad loses it without end, and nobody need do anything for that.
LOST_AT_MOST: Final = 2

_LONGEST: Final = {
    KeyPart.NUMBER: 22,
    KeyPart.BIRTH: 8,
    KeyPart.EXPIRY: 8,
    KeyPart.ACCESS_NUMBER: 6,
    KeyPart.IDENTITY: IDENTITY_LENGTHS[1],
}
_NEXT: Final = {KeyPart.NUMBER: KeyPart.BIRTH, KeyPart.BIRTH: KeyPart.EXPIRY}
_BEFORE: Final = {after: before for before, after in _NEXT.items()}
_WITH_LETTERS: Final = {KeyPart.NUMBER, KeyPart.IDENTITY}
_LINES: Final = re.compile(rb"[A-Z0-9<]{72}|[A-Z0-9<]{88}|[A-Z0-9<]{90}")


def begin(language: "ScreenLanguage", on_reader: OnReader | None, key: CardKey | None = None) -> CardState:
    """Begin a visit by card: by the choice on home, by a card that was put there, or by what an MRZ reader sent."""
    if on_reader is None:
        return PlaceCard(language, key)
    return _with_card(PlaceCard(language, key), on_reader)


def lines_in(code: bytes) -> MachineReadableLines | None:
    """Return what an MRZ reader sent; None for any other code."""
    letters = b"".join(code.split())
    if not _LINES.fullmatch(letters) or b"<" not in letters:
        return None
    return MachineReadableLines(letters.decode("ascii"))


def identity_in(code: bytes) -> IdentityNumber | None:
    """Return the number that an identity card's barcode says, and nothing else of it; None for what cannot be one."""
    try:
        return IdentityNumber(parse_identity_number(code.decode()))
    except (UnicodeDecodeError, NotANumber):
        return None


def after(  # noqa: PLR0911 - one event a line
    state: CardState,
    event: CardPut | CardTaken | KeyTyped | KeyErased | KeyEntered | KeyPartChosen | BackPressed | CodeWanted,
    on_reader: OnReader | None,
) -> CardState | None:
    """Return what follows an event; None where the visit is over. `on_reader`: what lies there after it."""
    match event:
        case CardPut(what):
            return _with_card(state, what)
        case CardTaken():
            return _without_card(state)
        case _ if isinstance(state, OfferCode | TypeCode):
            return one_time.after(state, event)
        case _ if not isinstance(state, TypeKey):
            return None if isinstance(event, BackPressed) else state
        case KeyTyped(text):
            return _typed(state, text)
        case KeyErased():
            return _set(state, event.left_of(state.typed.of(state.part)))
        case KeyPartChosen(part):
            return replace(state, part=part, refused=False)
        case KeyEntered():
            return _entered(state, on_reader)
        case CodeWanted():
            return state
        case BackPressed():
            before = _BEFORE.get(state.part)
            return None if before is None else replace(state, part=before, refused=False)
        case _:
            assert_never(event)


def by_number(state: ReadingCard) -> bool:
    """Tell whether the number of an identity card was typed: its card is not read, and need not lie there."""
    return isinstance(state.key, IdentityNumber)


def not_opened(state: ReadingCard, wrong: WrongKey) -> TypeKey | CardTrouble:
    """Return what follows a chip that did not open: what was typed stands there to be corrected, or no try is left."""
    if wrong.fields_only:  # that costs no try: the chip was not asked
        return TypeKey(state.language, typed=state.typed, tries_left=state.tries_left, fields_only=True)
    left = state.tries_left - 1
    if not left:
        return CardTrouble(state.language, CardProblem.TRIES_USED)
    part = KeyPart.ACCESS_NUMBER if isinstance(state.key, AccessNumber) else KeyPart.NUMBER
    return TypeKey(state.language, part, state.typed, tries_left=left)


def idle(state: PlaceCard | ReadingCard, seconds: float, on_reader: OnReader | None) -> CardState | None:
    """Return what follows when nothing happened for so long; None where the visit is over."""
    match state:
        case PlaceCard(moved=True) if on_reader is OnReader.PASSPORT and seconds >= LOST_FOR:
            # The reader lost it for so short a time that it never missed it: it lies there, and no event will say so.
            if state.lost == LOST_AT_MOST:
                return CardTrouble(state.language, CardProblem.TOO_SLOW)
            return ReadingCard(state.language, state.key, state.typed, tries_left=state.tries_left, lost=state.lost + 1)
        case PlaceCard() if seconds >= PLACE_GIVES_UP_AFTER:
            return None
        case ReadingCard() if seconds >= READING_CARD_GIVES_UP_AFTER:
            return CardTrouble(state.language, CardProblem.TOO_SLOW)
        case _:
            return state


def _with_card(state: CardState, what: OnReader) -> CardState:
    """A card is there. A passport is read once it is known what opens it; of any other a number is all that it has."""
    match what:
        case _ if isinstance(state, OfferCode | TypeCode) and what is not OnReader.PASSPORT:
            return state
        case OnReader.PASSPORT:
            return _with_passport(state)
        case OnReader.NUMBERED:
            return ReadingCard(state.language, None)
        case OnReader.CHIP:
            return TypeKey(state.language, KeyPart.IDENTITY)
        case OnReader.MUTE:
            return CardTrouble(state.language, CardProblem.MUTE)
        case _:
            assert_never(what)


def _with_passport(state: CardState) -> CardState:
    match state:
        case PlaceCard(language, None):
            return TypeKey(language)
        case PlaceCard(language, key, typed, tries_left):
            return ReadingCard(language, key, typed, tries_left=tries_left)
        case CardTrouble(language) | OfferCode(language) | TypeCode(language) | TypeKey(language, KeyPart.IDENTITY):
            return TypeKey(language)
        case TypeKey() | ReadingCard():
            return state
        case _:
            assert_never(state)


def _without_card(state: CardState) -> CardState:
    """The card was taken. While it is only typed from, that is what hands are for; in the middle it is asked back."""
    match state:
        case ReadingCard(_, IdentityNumber()):
            return state
        case ReadingCard(language, key, typed, _, tries_left, lost):
            return PlaceCard(language, key, typed, tries_left, moved=True, lost=lost)
        case PlaceCard() | TypeKey() | CardTrouble() | OfferCode() | TypeCode():
            return state
        case _:
            assert_never(state)


def _typed(state: TypeKey, text: str) -> TypeKey:
    letter = fold_digits(text).upper()
    wanted = letter.isascii() and (letter.isalnum() if state.part in _WITH_LETTERS else letter.isdigit())
    before = state.typed.of(state.part)
    if len(letter) != 1 or not wanted or len(before) >= _LONGEST[state.part]:
        return state
    return _set(state, before + letter)


def _set(state: TypeKey, text: str) -> TypeKey:
    typed = state.typed
    match state.part:
        case KeyPart.NUMBER:
            typed = replace(typed, number=text)
        case KeyPart.BIRTH:
            typed = replace(typed, birth=text)
        case KeyPart.EXPIRY:
            typed = replace(typed, expiry=text)
        case KeyPart.ACCESS_NUMBER:
            typed = replace(typed, access_number=text)
        case KeyPart.IDENTITY:
            typed = replace(typed, identity=text)
        case _:
            assert_never(state.part)
    return replace(state, typed=typed, refused=False)


def _entered(state: TypeKey, on_reader: OnReader | None) -> CardState:
    if not _can_be(state.part, state.typed.of(state.part)):
        return replace(state, refused=True)
    if state.part in _NEXT:
        return replace(state, part=_NEXT[state.part], refused=False)
    if state.part is KeyPart.IDENTITY:
        return ReadingCard(state.language, IdentityNumber(state.typed.identity))
    waiting = PlaceCard(state.language, _key(state), state.typed, state.tries_left)
    return waiting if on_reader is None else _with_card(waiting, on_reader)


def _can_be(part: KeyPart, text: str) -> bool:
    """Tell what cannot be right before it costs a try."""
    match part:
        case KeyPart.NUMBER:
            return bool(text)
        case KeyPart.ACCESS_NUMBER:
            return len(text) == _LONGEST[part]
        case KeyPart.IDENTITY:
            return len(text) >= IDENTITY_LENGTHS[0]
        case KeyPart.BIRTH:  # day or month may be unknown to the state that issued it: then they are 00
            known = "".join((text[:2].replace("00", "01"), text[2:4].replace("00", "01"), text[4:]))
            return _is_day(known)
        case KeyPart.EXPIRY:
            return _is_day(text)
        case _:
            assert_never(part)


def _is_day(text: str) -> bool:
    if len(text) != 8 or not "1900" <= text[4:] <= "2099":
        return False
    try:
        date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return False
    return True


def _key(state: TypeKey) -> CardKey:
    if state.part is KeyPart.ACCESS_NUMBER:
        return AccessNumber(state.typed.access_number)
    return TypedFields(state.typed.number, _as_in_lines(state.typed.birth), _as_in_lines(state.typed.expiry))


def _as_in_lines(day_first: str) -> str:
    """Write `12081974` as `740812`; what is not known (00) with fillers."""
    day, month, year = day_first[:2], day_first[2:4], day_first[6:]
    return year + "".join("<<" if part == "00" else part for part in (month, day))
