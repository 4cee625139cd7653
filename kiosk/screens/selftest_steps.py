"""What hands are needed for, one thing a screen: spots, colours, a code, a card, a tone."""

from collections.abc import Callable
from typing import Final

from devices.lettering import Align
from kiosk import selftest_state as states
from kiosk.theme import Colour, rgb

from .actions import Action
from .blocks import Heading, Line, Stack
from .board import Pen
from .message import Message, show
from .press import Pressable
from .signs import information, printer, slip_on_paper

Send = Callable[[states.SelfTestEvent], None]

# Each light by itself, then all and none: a dot that never lights, or never goes out, shows on at least one.
COLOURS: Final[tuple[Colour, ...]] = tuple(map(rgb, ("#ffffff", "#ff0000", "#00ff00", "#0000ff", "#000000")))
assert len(COLOURS) == states.COLOURS


def build_spots(pen: Pen, state: states.TouchSpots, send: Send) -> None:
    """One of nine circles: corners, edges, the middle. The words stand between the rows."""
    theme, words, palette = pen.theme, pen.words, pen.theme.palette
    pen.board.reach = theme.height  # the whole panel is tested
    side, margin = theme.target, theme.px(24)
    column, row = state.at % 3, state.at // 3
    x = margin + column * (theme.width - 2 * margin - side) / 2
    y = margin + row * (theme.height - 2 * margin - side) / 2
    spot = Pressable(
        f"spot.{state.at}",
        lambda: send(states.SpotTouched(state.at)),
        pos=(round(x), round(theme.height - y - side)),
        size=(side, side),
        radius=side / 2,
        fill=palette.green,
        line=palette.green,
        pressed=palette.ink,
        ring=palette.blue,
        line_width=theme.line,
    )
    pen.board.add_widget(spot)
    count = words("selftest.spots.count", at=words.number(state.at + 1), of=words.number(states.SPOTS))
    text = Stack(
        (
            Heading(words("selftest.spots.touch"), (52, 46, 40), palette.ink, Align.CENTER),
            Line(count, theme.type(40), palette.soft, Align.CENTER),
        ),
    )
    width = theme.width - 2 * theme.margin
    if theme.landscape:  # between the rows there is no room: between the columns there is
        width = (theme.width - 2 * margin - 3 * side) // 2 - theme.px(24)
        text.place(pen, margin + side + theme.px(12), (theme.height - text.height(pen, width)) / 2, width)
        return
    between = (theme.height - 3 * side) / 4 + side
    text.place(pen, theme.margin, between - text.height(pen, width) / 2 + margin, width)


def build_colours_ahead(pen: Pen, state: states.ColoursAhead, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    message = Message(
        information(palette),
        words("selftest.colours.title"),
        palette.ink,
        (words("selftest.colours.text"),),
        actions=(
            Action("colours", words("selftest.button.show"), states.ColourTouched()),
            Action("skip", words("selftest.button.skip"), states.SkipPressed()),
        ),
    )
    show(pen, message, send)


def build_colour(pen: Pen, state: states.Colours, send: Send) -> None:
    """Nothing but the colour, from edge to edge."""
    theme, colour = pen.theme, COLOURS[state.at]
    pen.board.reach = theme.height
    pen.bar(0, 0, theme.width, theme.height, colour)
    everywhere = Pressable(
        "colour",
        lambda: send(states.ColourTouched()),
        pos=(0, 0),
        size=(theme.width, theme.height),
        radius=0,
        fill=colour,
        line=colour,
        pressed=colour,
        ring=colour,
        line_width=1,
    )
    pen.board.add_widget(everywhere)


def build_dots_asked(pen: Pen, state: states.DotsAsked, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    message = Message(
        information(palette),
        words("selftest.dots.title"),
        palette.ink,
        actions=(
            Action("dots.yes", words("selftest.dots.yes"), states.DotsAnswered(True)),
            Action("dots.no", words("selftest.dots.no"), states.DotsAnswered(False)),
        ),
    )
    show(pen, message, send)


def build_show_code(pen: Pen, state: states.ShowCode, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    skip = Action("skip", words("selftest.button.skip"), states.SkipPressed())
    if state.paper is states.CodePaper.PRINTING:
        message = Message(printer(palette), words("selftest.scan.printing"), palette.ink, actions=(skip,))
    else:
        key = "selftest.scan.title" if state.paper is states.CodePaper.THERE else "selftest.scan.any"
        message = Message(slip_on_paper(palette), words(key), palette.ink, actions=(skip,))
    show(pen, message, send)


def build_insert_card(pen: Pen, state: states.InsertCard, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    message = Message(
        information(palette),
        words("selftest.card.title"),
        palette.ink,
        (words("selftest.card.text"),),
        actions=(Action("skip", words("selftest.button.skip"), states.SkipPressed()),),
    )
    show(pen, message, send)


def build_tone_asked(pen: Pen, state: states.ToneAsked, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    message = Message(
        information(palette),
        words("selftest.tone.title"),
        palette.ink,
        actions=(
            Action("tone.yes", words("button.yes"), states.ToneAnswered(True)),
            Action("tone.no", words("button.no"), states.ToneAnswered(False)),
        ),
    )
    show(pen, message, send)
