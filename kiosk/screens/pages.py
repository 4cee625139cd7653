"""Pages of an answer that is longer than the screen, and the buttons that turn them."""

from collections.abc import Callable
from dataclasses import replace

from kivy.uix.widget import Widget

from kiosk.theme import USUAL

from .board import Board, Pen


def page_bar_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(110))


class Pages(Widget):
    """Shows one page; with more than one, also Back, “1 of 2” and Next, with their top at `y`.

    Each of `pages` draws one on the pen it is given, when it is first asked for: most visitors see the first alone.
    """

    def __init__(self, pen: Pen, pages: list[Callable[[Pen], None]], y: int) -> None:
        super().__init__(size_hint=(None, None), size=pen.board.size, pos=(0, 0))
        self.count = len(pages)
        self._boards: dict[int, Board] = {}
        self._pen = pen
        self._pages = pages
        self._y = y
        self.turn(0)

    def turn(self, page: int) -> None:
        """Show a page, counted from 0."""
        self.clear_widgets()
        self.add_widget(self.board(page))

    def board(self, page: int) -> Board:
        """Return a page, drawn."""
        if page not in self._boards:
            board = self._boards[page] = Board(self._pen.theme)
            self._pages[page](self._pen.on(board))
            if self.count > 1:
                place_page_bar(self._pen.on(board), self._y, page, self.count, self.turn)
        return self._boards[page]

    def let_go(self) -> list[Board]:
        """Return the pages that were drawn, and keep nothing of what they say."""
        drawn = list(self._boards.values())
        self._boards.clear()
        self._pages.clear()
        return drawn


def place_page_bar(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None]) -> None:
    """Set Back, “1 of 2” and Next, for page `at` of `count`; `turn` takes the page that is wanted."""
    theme, words = pen.theme, pen.words
    height = page_bar_height(pen)
    style = theme.type(36, strong=True)
    left, right = theme.margin, theme.width - theme.margin
    if at > 0:
        label = pen.letter(words("button.back"), style)
        width = max(theme.px(280), label.width + theme.px(48))
        pen.press(left, y, width, height, "page.back", label, lambda: turn(at - 1))
        left += width + theme.px(16)
    if at < count - 1:
        label = pen.letter(words("button.next"), style)
        width = max(theme.px(280), label.width + theme.px(48))
        right -= width
        pen.press(right, y, width, height, "page.next", label, lambda: turn(at + 1))
        right -= theme.px(16)
    of = words("page", page=words.number(at + 1), pages=words.number(count))
    middle = pen.letter(of, theme.type(32))
    if middle.width > right - left:  # between two buttons of large letters, the count alone stays as it was
        middle = pen.letter(of, replace(theme, text=USUAL).type(32))
    x = max(left, min((theme.width - middle.width) / 2, right - middle.width))
    pen.text(middle, theme.palette.ink, x, y + (height - middle.height) / 2)


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
