from typing import Any

from kivy.event import EventDispatcher
from kivy.graphics import Canvas
from kivy.uix.widget import Widget

class WindowBase(EventDispatcher):
    canvas: Canvas
    children: list[Widget]
    size: tuple[int, int]
    system_size: tuple[int, int]
    rotation: int
    width: int
    height: int
    clearcolor: Any
    def add_widget(self, widget: Widget, canvas: str | None = None) -> None: ...
    def remove_widget(self, widget: Widget) -> None: ...
    def mainloop(self) -> None: ...
    def close(self) -> None: ...

Window: WindowBase | None
