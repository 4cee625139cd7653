"""Pages of an answer that is longer than the screen, and the buttons that turn them."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from .board import Board, Pen


def page_bar_height(pen: Pen) -> int:
    return max(pen.theme.target, pen.theme.px(110))


class Pages(Widget):
    """Shows one of the boards; with more than one, also Back, “1 of 2” and Next, with their top at `y`."""

    def __init__(self, pen: Pen, boards: list[Board], y: int) -> None:
        super().__init__(size_hint=(None, None), size=pen.board.size, pos=(0, 0))
        self.boards = boards
        if len(boards) > 1:
            for at, board in enumerate(boards):
                self._bar(pen.on(board), at, y)
        self.turn(0)

    def turn(self, page: int) -> None:
        """Show a page, counted from 0."""
        self.clear_widgets()
        self.add_widget(self.boards[page])

    def _bar(self, pen: Pen, at: int, y: int) -> None:
        place_page_bar(pen, y, at, len(self.boards), self.turn)


def place_page_bar(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None]) -> None:
    """Set Back, “1 of 2” and Next, for page `at` of `count`; `turn` takes the page that is wanted."""
    theme, words = pen.theme, pen.words
    height, width = page_bar_height(pen), theme.px(280)
    of = words("page", page=words.number(at + 1), pages=words.number(count))
    middle = pen.letter(of, theme.type(32))
    pen.text(middle, theme.palette.ink, (theme.width - middle.width) / 2, y + (height - middle.height) / 2)
    style = theme.type(36, strong=True)
    if at > 0:
        label = pen.letter(words("button.back"), style)
        pen.press(theme.margin, y, width, height, "page.back", label, lambda: turn(at - 1))
    if at < count - 1:
        label = pen.letter(words("button.next"), style)
        pen.press(theme.width - theme.margin - width, y, width, height, "page.next", label, lambda: turn(at + 1))
