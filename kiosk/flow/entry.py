"""A visit by typed digits, as functions of its own states: what each edit, step and answer makes of it."""

from dataclasses import replace
from typing import assert_never

from central_api.contract.errors import NotANumber
from central_api.contract.numbers import parse_tracking_number
from kiosk.entry_state import (
    NO_CODE,
    TRACKING_ROOM,
    AskingOffice,
    CodeNote,
    DeskReason,
    EnterCode,
    EnterNumber,
    Locked,
    NoMatch,
    NumberNote,
    OfficeSilent,
    ToTheDesk,
)
from kiosk.field import Edit, Field, filled, only_digits
from kiosk.visit_state import Problem, ProblemKind, ScreenLanguage


def begin(language: ScreenLanguage, known: str = "") -> EnterNumber:
    """Ask for a number; `known` digits of it are filled in."""
    if not known:
        return EnterNumber(language)
    field = filled(TRACKING_ROOM, known)
    return EnterNumber(language, field, _note(field) or NumberNote.FROM_SLIP)


def creased(problem: Problem, known: str, before: Problem | None, *, may_type: bool) -> Problem:
    """Say of a damaged slip how often it was read in vain; from the second time on its number may be typed instead."""
    if before is None or before.kind is not ProblemKind.DAMAGED:
        return replace(problem, known=known)
    best = max(known, before.known, key=len)
    return replace(problem, readings=before.readings + 1, known=best, number=may_type)


def edited(state: EnterNumber | EnterCode, edit: Edit) -> EnterNumber | EnterCode:
    """Type into the field. A wrong digit is told as soon as the last one stands."""
    field = state.typed.edited(edit, only_digits)
    if field == state.typed:
        return state
    match state:
        case EnterNumber():
            return replace(state, typed=field, note=_note(field))
        case EnterCode():
            return replace(state, typed=field, note=None)
        case _:
            assert_never(state)


def confirmed(state: EnterNumber | EnterCode | OfficeSilent) -> EnterNumber | EnterCode | OfficeSilent | AskingOffice:
    """Go on where the field is complete and can be right; else say what is missing."""
    match state:
        case EnterNumber(language, field, tries_left=tries_left) if field.full and _note(field) is None:
            return EnterCode(language, field.text, tries_left=tries_left)
        case EnterCode(language, tracking, field, tries_left) if field.full:
            return AskingOffice(language, tracking, field.text, tries_left)
        case OfficeSilent(language, tracking, code, tries_left):
            return AskingOffice(language, tracking, code, tries_left)
        case EnterNumber() if not state.typed.full:
            return replace(state, note=NumberNote.INCOMPLETE)
        case EnterCode():
            return replace(state, note=CodeNote.INCOMPLETE)
        case _:
            return state


def reopened(state: EnterCode | OfficeSilent) -> EnterNumber:
    """Go back to the number, with all its digits."""
    return EnterNumber(state.language, filled(TRACKING_ROOM, state.tracking), tries_left=state.tries_left)


def silent(state: AskingOffice) -> OfficeSilent:
    """Nobody answered in time."""
    return OfficeSilent(state.language, state.tracking, state.code, state.tries_left)


def refused(
    state: AskingOffice, answer: NoMatch | Locked, hours: tuple[tuple[int, int], ...] | None
) -> EnterCode | ToTheDesk:
    """Say that the pair was not taken: another try, or the desk, with its `hours`."""
    match answer:
        case NoMatch() if state.tries_left > 1:
            return EnterCode(state.language, state.tracking, NO_CODE, state.tries_left - 1, CodeNote.NO_MATCH)
        case NoMatch():
            return ToTheDesk(state.language, DeskReason.THREE_WRONG, None, hours)
        case Locked(seconds):
            return ToTheDesk(state.language, DeskReason.LOCKED, max(1, -(-seconds // 60)), hours)
        case _:
            assert_never(answer)


def _note(field: Field) -> NumberNote | None:
    if not field.full:
        return None
    try:
        parse_tracking_number(field.text)
    except NotANumber:
        return NumberNote.WRONG_DIGIT
    return None
