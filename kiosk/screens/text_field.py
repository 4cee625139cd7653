"""A field that is typed into: its text, a cursor that stands still, and what is selected.

A finger puts the cursor and selects; keys do all that fingers do. The text may be of either direction: where the
cursor stands, and what lies beside it, is Pango's word. Digits may be grouped, or hidden: the field's own text, and
each place in it, stay what was typed.
"""

from collections.abc import Callable
from typing import Any, Final

from kivy.graphics import Color, Rectangle, ScissorPop, ScissorPush

from devices.lettering import Direction, Paragraph
from kiosk.field import Edit, Erase, Field, Insert, PutCursor
from kiosk.text import Lettered, Text, draw_letters

from ..frozen import frozen
from .board import Pen
from .press import Pressable

DELETE: Final = 127
HOME: Final = 278
END: Final = 279
RIGHT: Final = 275
LEFT: Final = 276
_ALL: Final = ord("a")
_TOUCHED: Final = "istilam.field"
_HIDDEN: Final = "•"
CARET: Final = 5
"""How thick it is, in pixels of the reference."""


@frozen
class Shape:
    """How a field's text looks. `groups`: so many characters stand together, from the first; `between` parts them.

    `hidden`: each character is a dot. `direction` is that of the text, whatever the screen's.
    """

    groups: tuple[int, ...] = ()
    between: str = " "
    hidden: bool = False
    direction: Direction = Direction.LTR

    def shown(self, text: str) -> str:
        """Return the text as it stands on the screen."""
        letters = _HIDDEN * len(text) if self.hidden else text
        parts: list[str] = []
        at = 0
        for size in self.groups:
            parts.append(letters[at : at + size])
            at += size
        parts.append(letters[at:])
        return self.between.join(part for part in parts if part)

    def place_shown(self, place: int, length: int) -> int:
        """Return the place on the screen of a place in a text of this length."""
        at, passed = 0, 0
        for size in self.groups:
            at += size
            passed += at <= place and at < length
        return place + passed * len(self.between)


class TextField(Pressable):
    """A field in a box of the board. Each edit is sent; what stands in it is always the state's."""

    takes_text = True

    def __init__(
        self,
        pen: Pen,
        name: str,
        box: tuple[int, int, int, int],
        field: Field,
        shape: Shape,
        *,
        wrong: bool,
        edit: Callable[[Edit], None],
    ) -> None:
        x, y, width, height = box
        theme, palette = pen.theme, pen.theme.palette
        super().__init__(
            name,
            _nothing,
            pos=pen.corner(x, y, width, height),
            size=(width, height),
            radius=theme.px(20),
            fill=palette.card,
            line=palette.amber if wrong else palette.green,
            pressed=palette.card,
            ring=palette.blue,
            line_width=theme.line,
        )
        self.field = field
        self.edit = edit
        self._shape = shape
        self._palette = palette
        self._thick = theme.px(CARET)
        self._lay_out(pen, width - 2 * theme.px(28))

    def typed(self, text: str) -> None:
        """Take what a keyboard wrote."""
        self.edit(Insert(text))

    def key(self, key: int, modifiers: list[str]) -> bool:
        """Take a key that edits, or moves the cursor; False for any other."""
        selecting = "shift" in modifiers
        match key:
            case 8 | 127:
                self.edit(Erase(after=key == DELETE))
            case 278 | 279:
                self.edit(PutCursor(0 if key == HOME else len(self.field.text), selecting))
            case 275 | 276:
                self.edit(PutCursor(self._beside(right=key == RIGHT), selecting))
            case _ if key == _ALL and "ctrl" in modifiers:
                self.edit(PutCursor(0))
                self.edit(PutCursor(len(self.field.text), selecting=True))
            case _:
                return False
        return True

    def blank(self) -> None:
        """Let go of what was typed."""
        self.edit = _nothing
        self.do = _nothing
        del self.field, self._paragraph

    # ---- fingers ----

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        touch.ud[_TOUCHED] = self.name
        self.edit(PutCursor(self._place_at(touch.x)))
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.ud.get(_TOUCHED) != self.name:
            return False
        self.edit(PutCursor(self._place_at(touch.x), selecting=True))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        return touch.ud.get(_TOUCHED) == self.name

    # ---- places ----

    def _lay_out(self, pen: Pen, width: int) -> None:
        shown = self._shape.shown(self.field.text)
        style = pen.theme.type(_SIZES[0], strong=True)
        text = pen.letter(shown, style, direction=self._shape.direction)
        for size in _SIZES[1:]:
            if text.width <= width and text.height <= self.height:
                break
            style = pen.theme.type(size, strong=True)
            text = pen.letter(shown, style, direction=self._shape.direction)
        self._paragraph = Paragraph(shown, style, self._shape.direction)
        self._left = round(self.center_x - text.width / 2)
        tall = text.height or Paragraph("0", style, self._shape.direction).height
        bottom = round(self.center_y - tall / 2)
        with self.canvas:
            Color(*self._palette.green)
            at = self._left + self._paragraph.cursor_at(self._shown_place(self.field.cursor))
            Rectangle(pos=(round(at - self._thick / 2), bottom), size=(self._thick, tall))
        if shown:
            self.add_widget(Text(text, self._palette.ink, (self._left, bottom)))
        self._show_selected(text, bottom)

    def _show_selected(self, text: Lettered, bottom: int) -> None:
        """Draw what is selected over the text, light on dark: in high contrast all grounds are black."""
        begin, end = map(self._shown_place, self.field.selection)
        for left, right in self._paragraph.spans(begin, end):
            x, wide = round(self._left + left), round(self._left + right) - round(self._left + left)
            with self.canvas.after:
                Color(*self._palette.green)
                Rectangle(pos=(x, bottom), size=(wide, text.height))
                ScissorPush(x=x, y=bottom, width=wide, height=text.height)
                draw_letters(text, self._palette.on_green, (self._left, bottom))
                ScissorPop()

    def _shown_place(self, place: int) -> int:
        return self._shape.place_shown(place, len(self.field.text))

    def _place_at(self, x: float) -> int:
        return self._typed_place(self._paragraph.place_at(x - self._left))

    def _beside(self, *, right: bool) -> int:
        """Return the next place of the typed text on that side: what parts the groups is stepped over."""
        at = self._shown_place(self.field.cursor)
        while (beside := self._paragraph.place_beside(at, right=right)) != at:
            at = beside
            if self._typed_place(at) != self.field.cursor:
                break
        return self._typed_place(at)

    def _typed_place(self, shown: int) -> int:
        """Return the place in the typed text that stands next to one on the screen."""
        return min(range(len(self.field.text) + 1), key=lambda place: abs(self._shown_place(place) - shown))


_SIZES: Final = (72, 64, 56, 48, 40, 32, 30)


def _nothing(*_: object) -> None:
    """What a field does that is no longer shown, and where it is pressed by a key."""
