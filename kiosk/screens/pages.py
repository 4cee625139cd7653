"""Pages of an answer that is longer than the screen, and the buttons that turn them."""

from collections.abc import Callable
from typing import Final

from kivy.uix.widget import Widget

from devices.lettering import Direction
from kiosk.text import Lettered

from .board import Board, Pen
from .signs import arrow

_OVER_AND_UNDER: Final = 24
"""Of a button's height, what its words leave free."""


def page_bar_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(110))


Bar = Callable[[Pen, int, int, int, Callable[[int], None]], None]
"""Draws what turns pages: its top, the page, of how many, and what takes the page that is wanted."""


class Pages(Widget):
    """Shows one page; with more than one, also Previous, “1 of 2” and Next, with their top at `y`.

    Each of `pages` draws one on the pen it is given, when it is first asked for: most visitors see the first alone.
    """

    def __init__(
        self, pen: Pen, pages: list[Callable[[Pen], None]], y: int, bar: Bar | None = None, *, stays: bool = False
    ) -> None:
        super().__init__(size_hint=(None, None), size=pen.board.size, pos=(0, 0))
        self.count = len(pages)
        self.stays = stays
        """Whether the page that is read stays when the same screen is drawn again."""
        self.at = 0
        self._boards: dict[int, Board] = {}
        self._pen = pen
        self._pages = pages
        self._y = y
        self._bar = bar or place_page_bar
        self.turn(0)

    def turn(self, page: int) -> None:
        """Show a page, counted from 0."""
        self.at = page
        self.clear_widgets()
        self.add_widget(self.board(page))

    def board(self, page: int) -> Board:
        """Return a page, drawn."""
        if page not in self._boards:
            board = self._boards[page] = self._pen.page()
            self._pages[page](self._pen.on(board))
            if self.count > 1:
                self._bar(self._pen.on(board), self._y, page, self.count, self.turn)
        return self._boards[page]

    def let_go(self) -> list[Board]:
        """Return the pages that were drawn, and keep nothing of what they say."""
        drawn = list(self._boards.values())
        self._boards.clear()
        self._pages.clear()
        return drawn


def place_page_bar(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None]) -> None:
    """Set Previous, “1 of 2” and Next, for page `at` of `count`; `turn` takes the page that is wanted."""
    theme, words = pen.theme, pen.words
    height = page_bar_height(pen)
    left, right = theme.margin, theme.width - theme.margin
    labels = [_turning(pen, words(key), height) for key in ("button.previous", "button.next")]
    widths = [max(theme.px(280), label.width + theme.px(48)) for label in labels]
    middle = _count(pen, at, count)
    # By its widest count, so that all pages of a screen have the same buttons.
    if _count(pen, count - 1, count).width > right - left - sum(widths) - 2 * theme.px(16):
        place_arrows(pen, y, at, count, turn, x=left, width=right - left)
        return
    if at > 0:
        label, width = labels[0], widths[0]
        pen.press(left, y, width, height, "page.back", label, lambda: turn(at - 1))
        left += width + theme.px(16)
    if at < count - 1:
        label, width = labels[1], widths[1]
        right -= width
        pen.press(right, y, width, height, "page.next", label, lambda: turn(at + 1))
        right -= theme.px(16)
    x = max(left, min((theme.width - middle.width) / 2, right - middle.width))
    pen.text(middle, theme.palette.ink, x, y + (height - middle.height) / 2)


def place_arrows(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None], *, x: int, width: int) -> None:
    """Set arrows for Previous and Next, where words have no room, and the count between them."""
    theme, words = pen.theme, pen.words
    side = page_bar_height(pen)
    rtl = words.direction is Direction.RTL
    if at > 0:
        back = arrow(theme.palette.green, right=rtl)
        pen.press_sign(x, y, side, "page.back", words("button.previous"), back, lambda: turn(at - 1))
    if at < count - 1:
        forward, end = arrow(theme.palette.green, right=not rtl), x + width - side
        pen.press_sign(end, y, side, "page.next", words("button.next"), forward, lambda: turn(at + 1))
    of = _count(pen, at, count)
    pen.text(of, theme.palette.ink, x + (width - of.width) / 2, y + (side - of.height) / 2)


def _turning(pen: Pen, text: str, height: int) -> Lettered:
    """Letter what turns a page; large letters smaller, where the dots under them would run into the border."""
    label = pen.letter(text, pen.theme.type(36, strong=True))
    if label.height + pen.theme.px(_OVER_AND_UNDER) <= height:
        return label
    return pen.letter(text, pen.theme.type(30, strong=True))


def _count(pen: Pen, at: int, count: int) -> Lettered:
    words = pen.words
    return pen.letter(words("page", page=words.number(at + 1), pages=words.number(count)), pen.theme.type(32))


def faults_on(board: Board) -> list[str]:
    """Tell what does not fit, on the board and on each of its pages; the first page is on show afterwards."""
    found: list[str] = []
    pages = [widget for widget in board.walk(restrict=True) if isinstance(widget, Pages)]
    for page in range(max((widget.count for widget in pages), default=1)):
        for widget in pages:
            widget.turn(min(page, widget.count - 1))
        found += board.overflow()
    for widget in pages:
        widget.turn(0)
    return found


def _pages_read(board: Board | None) -> Pages | None:
    pages = board.walk(restrict=True) if board is not None else ()
    return next((widget for widget in pages if isinstance(widget, Pages) and widget.stays), None)


def page_read(board: Board | None) -> int:
    """Return which page of a screen is being read, counted from 0."""
    pages = _pages_read(board)
    return pages.at if pages is not None else 0


def turn_to(board: Board, page: int) -> None:
    """Show a page again: a printer that reports, or a level that is changed, draws the screen anew under its reader."""
    pages = _pages_read(board)
    if pages is not None and 0 < page < pages.count:
        pages.turn(page)
