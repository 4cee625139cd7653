from collections.abc import Iterator
from typing import Any

from kivy.event import EventDispatcher
from kivy.graphics import Canvas

class Widget(EventDispatcher):
    canvas: Canvas
    children: list["Widget"]
    parent: "Widget | None"
    x: float
    y: float
    width: float
    height: float
    right: float
    top: float
    center_x: float
    center_y: float
    pos: Any
    size: Any
    center: Any
    size_hint: Any
    opacity: float
    disabled: bool
    def add_widget(self, widget: "Widget", index: int = 0, canvas: str | None = None) -> None: ...
    def remove_widget(self, widget: "Widget") -> None: ...
    def clear_widgets(self, children: list["Widget"] | None = None) -> None: ...
    def collide_point(self, x: float, y: float) -> bool: ...
    def walk(self, restrict: bool = False, loopback: bool = False) -> Iterator["Widget"]: ...
    def to_window(self, x: float, y: float, initial: bool = True, relative: bool = False) -> tuple[float, float]: ...
    def on_touch_down(self, touch: Any) -> bool | None: ...
    def on_touch_move(self, touch: Any) -> bool | None: ...
    def on_touch_up(self, touch: Any) -> bool | None: ...
