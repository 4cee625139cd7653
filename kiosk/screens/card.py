"""A visit by card: put it there, what opens it, it is being read, it opened nothing, take it again."""

from typing import Any, Final

from kiosk.card_events import BackPressed, CodeWanted, KeyEntered, KeyPartChosen
from kiosk.card_state import (
    TRIES,
    CardProblem,
    CardStage,
    CardTrouble,
    KeyPart,
    OfferCode,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypeCode,
    TypeKey,
)
from kiosk.visit_events import FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import Words

from . import typing
from .actions import Action, Send
from .board import Pen
from .keypad import DIGITS, LETTERS
from .message import Message, show
from .signs import cloud_cut, ended, information, passport

_EXAMPLES: Final = {KeyPart.BIRTH: "12/08/1974", KeyPart.EXPIRY: "15/04/2031"}
_SHARES: Final = {CardStage.ASKING: 0.1, CardStage.READING: 0.35, CardStage.JUDGING: 0.8}
_ENDS: Final = {CardProblem.ALTERED, CardProblem.COPIED, CardProblem.REVOKED, CardProblem.EXPIRED}


def build_place(pen: Pen, state: PlaceCard, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    title, line = "card.place.title", "card.place.text"
    if state.key is not None:
        title, line = "card.place.ready", "card.place.keep"
    if state.moved:
        title, line = "card.place.moved", "card.place.again"
    message = Message(
        passport(palette),
        words(title),
        palette.ink,
        (words(line),),
        () if state.moved or state.key is not None else (words("card.place.barcode"),),
        actions=(Action("finish", words("button.home"), FinishPressed()),),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_type(pen: Pen, state: TypeKey, send: Send) -> None:
    words, part = pen.words, state.part.value
    typed = state.typed.of(state.part)
    is_number = state.part is KeyPart.NUMBER
    has_letters = state.part in {KeyPart.NUMBER, KeyPart.IDENTITY}
    actions: list[Action[Any]] = [Action("enter", words("button.enter"), KeyEntered())]
    if state.part in {KeyPart.BIRTH, KeyPart.EXPIRY}:
        actions.append(Action("back", words("button.return"), BackPressed()))
    elif is_number and not state.fields_only:
        actions.append(Action("can", words("button.can"), KeyPartChosen(KeyPart.ACCESS_NUMBER)))
    elif state.part is KeyPart.ACCESS_NUMBER:
        actions.append(Action("fields", words("button.fields"), KeyPartChosen(KeyPart.NUMBER)))
    actions.append(Action("finish", words("button.finish"), FinishPressed()))
    asked = typing.Asked(
        words(f"card.type.{part}"),
        words(f"card.hint.{part}"),
        _as_date(typed) if state.part in _EXAMPLES else typed,
        LETTERS if has_letters else DIGITS,
        tuple(actions),
        wrong=_wrong(state, words),
        languages=SCREEN_LANGUAGES,
    )
    typing.show(pen, asked, send)


def _as_date(typed: str) -> str:
    """Show what is typed of a date with its strokes: 12/08/1974."""
    return "/".join(part for part in (typed[:2], typed[2:4], typed[4:]) if part)


def _wrong(state: TypeKey, words: Words) -> str:
    if state.refused:
        example = _EXAMPLES.get(state.part)
        values = {"example": words.code(example)} if example else {}
        return words(f"card.refused.{state.part.value}", **values)
    if state.fields_only:
        return words("card.fields_only")
    return words.counted("card.wrong", state.tries_left) if state.tries_left < TRIES else ""


def build_reading(pen: Pen, state: ReadingCard, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        passport(palette),
        words("card.reading.title"),
        palette.ink,
        (words(f"card.stage.{state.stage.value}"),),
        now=(words("card.place.keep"),),
        progress=_SHARES[state.stage],
        languages=SCREEN_LANGUAGES,
        actions=(Action("finish", words("button.finish"), FinishPressed()),),
    )
    show(pen, message, send)


def build_trouble(pen: Pen, state: CardTrouble, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    key = f"card.{state.why.value}"
    sign = information(palette)
    if state.why is CardProblem.UNREACHABLE:
        sign = cloud_cut(palette.soft, palette.paper)
    elif state.why in _ENDS:
        sign = ended(palette)
    message = Message(
        sign,
        words(f"{key}.title"),
        palette.ink,
        (),
        (words(f"{key}.still"),),
        (words(f"{key}.now"),),
        actions=(Action("finish", words("button.home"), FinishPressed()),),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_offer(pen: Pen, state: OfferCode, send: Send) -> None:
    """A one-time code may be asked for. Nothing here tells whether the office knows the card."""
    palette, words = pen.theme.palette, pen.words
    actions: list[Action[Any]] = [Action("finish", words("button.finish"), FinishPressed())]
    if not state.sending:
        actions.insert(0, Action("code", words("button.send_code"), CodeWanted()))
    lines = ("code.sending",) if state.sending else ("code.over",) if state.over else ()
    message = Message(
        information(palette),
        words("code.offer.title"),
        palette.ink,
        tuple(words(key) for key in lines),
        (words("code.offer.text"),),
        (words("code.offer.slip"),),
        actions=tuple(actions),
        asks=words((*lines, "code.offer.text")[0]),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_code(pen: Pen, state: TypeCode, send: Send) -> None:
    """The field shows how many digits stand there, never which."""
    words = pen.words
    asked = typing.Asked(
        words("code.type.title"),
        words("code.type.hint"),
        " ".join("•" * len(state.typed)),
        DIGITS,
        (
            Action("enter", words("button.enter"), KeyEntered()),
            Action("code", words("button.send_again"), CodeWanted()),
            Action("finish", words("button.finish"), FinishPressed()),
        ),
        wrong=words.counted("code.wrong", state.tries_left) if state.wrong else "",
        note=words("code.checking") if state.checking else "",
        languages=SCREEN_LANGUAGES,
    )
    typing.show(pen, asked, send)


def build_take(pen: Pen, state: TakeCard, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    key = "card.left" if state.left else "card.take"
    message = Message(
        passport(palette),
        words(f"{key}.title"),
        palette.ink,
        (words(f"{key}.text"),),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)
