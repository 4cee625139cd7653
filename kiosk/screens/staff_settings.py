"""Rooms of the staff corner that change something: loudness and brightness, and the languages on home."""

from devices.lettering import Align
from kiosk.staff_events import LanguageSwitched, LevelChosen, ListReopened
from kiosk.staff_state import LEAST_BRIGHTNESS, LEVELS, Level, StaffLanguages, StaffLevels
from kiosk.theme import ANSWER_SIZES
from kiosk.visit_events import Event, FinishPressed
from kiosk.visit_state import ALL_LANGUAGES
from kiosk.words import words_of

from .actions import Action, Send, place_actions, place_every_language
from .blocks import Block, Heading, Line, Stack
from .board import Pen


def build_levels(pen: Pen, state: StaffLevels, send: Send) -> None:
    y = _head(pen, "staff.levels", "staff.levels.how", send, not_kept=state.not_kept)
    if state.told is None:
        return
    y = _level(pen, Level.VOLUME, state.told.volume, 0, y, send)
    if state.told.brightness is not None:
        _level(pen, Level.BRIGHTNESS, state.told.brightness, LEAST_BRIGHTNESS, y, send)
        return
    line = Line(pen.words("staff.brightness.none"), pen.theme.type(34), pen.theme.palette.soft)
    line.place(pen, pen.theme.margin, y, pen.theme.width - 2 * pen.theme.margin)


def _level(pen: Pen, level: Level, now: int, least: int, y: int, send: Send) -> int:  # noqa: PLR0917 - a place
    """Set one level: how much it is, less and more. Returns the y under it."""
    theme, words = pen.theme, pen.words
    width, gap, top = theme.width - 2 * theme.margin, theme.px(20), y
    said = words(f"staff.{level.value}", percent=words.percent(now))
    line = Line(said, theme.type(36, strong=True), theme.palette.ink)
    line.place(pen, theme.margin, y, width)
    y += line.height(pen, width) + theme.px(10)
    lower = max((step for step in LEVELS if least <= step < now), default=least)
    higher = min((step for step in LEVELS if step > now), default=LEVELS[-1])
    wide, tall = (width - gap) // 2, max(theme.target, theme.px(120))
    for at, (name, percent) in enumerate((("less", lower), ("more", higher))):
        label = pen.letter(words(f"staff.{level.value}.{name}"), theme.type(34, strong=True), wide, align=Align.CENTER)
        pen.press(
            *(theme.margin + at * (wide + gap), y, wide, tall, f"{level.value}.{name}", label),
            lambda percent=percent: send(LevelChosen(level, percent)),
        )
    pen.together(theme.margin, top, width, y + tall - top)
    return y + tall + theme.gap


def build_languages(pen: Pen, state: StaffLanguages, send: Send) -> None:
    """Each language in its own letters; what home offers is filled."""
    theme = pen.theme
    y = _head(pen, "staff.languages", "staff.languages.how", send, not_kept=state.not_kept)
    offered = () if state.told is None else state.told.offered
    columns, gap = (3 if theme.landscape else 2), theme.px(20)
    wide = (theme.width - 2 * theme.margin - gap * (columns - 1)) // columns
    tall = max(theme.target, theme.px(120))
    for at, language in enumerate(ALL_LANGUAGES):
        words = words_of(language)
        label = pen.letter(words("language.name"), theme.type(36, strong=True), direction=words.direction)
        row, column = divmod(at, columns)
        pen.press(
            theme.margin + column * (wide + gap),
            y + row * (tall + gap),
            wide,
            tall,
            f"offer.{language}",
            label,
            lambda language=language: send(LanguageSwitched(language)),
            chosen=language in offered,
        )


def _head(pen: Pen, title: str, how: str, send: Send, *, not_kept: bool) -> int:
    """Set actions, languages and the words above; returns the y under these."""
    theme, words, palette = pen.theme, pen.words, pen.theme.palette
    actions: tuple[Action[Event], ...] = (
        Action("back", words("button.return"), ListReopened()),
        Action("finish", words("button.home"), FinishPressed()),
    )
    place_every_language(pen, place_actions(pen, actions, send), send)
    lines: list[Block] = [
        Heading(words(title), ANSWER_SIZES, palette.ink),
        Line(words(how), theme.type(32), palette.soft),
    ]
    if not_kept:
        lines.append(Line(words("staff.not_kept"), theme.type(34, strong=True), palette.amber))
    head = Stack(tuple(lines), theme.px(10))
    width = theme.width - 2 * theme.margin
    tall = head.height(pen, width) + theme.gap
    top = theme.over_targets(tall)
    head.place(pen, theme.margin, top, width)
    return top + tall
