"""Opens the one Kivy window of the terminal, and photographs it.

Kivy reads its configuration when it is first imported: call `open_window` before anything else imports `kivy`.
"""

import ctypes
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from devices.lettering import use_private_fonts

from .stand_ins import standing_in

if TYPE_CHECKING:
    from kivy.core.window import WindowBase
    from PIL.Image import Image

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    # Kivy logs every touch's neighbours and its own set-up; a terminal's journal is for what technicians need.
    "KIVY_NO_CONSOLELOG": "1",
    # Kivy would take over sys.stderr, and with it our own journal and every traceback.
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_WINDOW": "sdl2",
    "KIVY_GL_BACKEND": "sdl2",
}
# What Kivy imports and nothing of ours uses, with as much of it as Kivy touches: 2 MB, and 30 ms before home.
_UNUSED: Final = {
    "asyncio": SimpleNamespace(wait_for=None, Event=threading.Event),  # a clock that is awaited
    "filetype": SimpleNamespace(guess_extension=dict[object, str]().get),  # the kinds of pictures by their bytes
}
_M_MMAP_THRESHOLD: Final = -3
_FRAME_BLOCK: Final = 64 * 1024
"""Bytes. Mesa keeps a frame's commands, and most textures are, in blocks as large as this or larger."""


def settle_environment(*, stock: bool = False) -> None:
    """Set what Kivy, SDL and fontconfig ask of the environment; a second time, nothing. `stock`: see `open_window`.

    Nothing may be set any more once a second thread runs: the C library moves the environment as it grows, and who
    asks it something at that moment, as Mesa does some twenty times while it loads, reads freed memory.
    """
    wanted = dict(_ENVIRONMENT)
    if not stock:
        wanted["KIVY_IMAGE"] = "sdl2"  # Pillow is imported when a picture is written, not before the first one
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    os.environ.setdefault("KIVY_HOME", str(Path(tempfile.gettempdir()) / f"istilam-kivy-{os.getuid()}"))
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    use_private_fonts()


def open_window(width: int, height: int, *, rotation: int = 0, stock: bool = False) -> "WindowBase":
    """Open a borderless window of width x height pixels at the top left corner, without a pointer.

    `rotation` turns the picture, and touches with it, counter-clockwise by 90, 180 or 270 degrees: width and height are
    those of the picture, not of the panel.
    Without a display it is drawn off screen by Mesa, pixel for pixel the same. `stock` opens it as Kivy does, with what
    nothing of ours uses: the floor of the benchmarks. Raises RuntimeError, in one line, when no graphics can be had, or
    when Kivy's window was imported before, at Kivy's own size.
    """
    imported_before = "kivy.core.window" in sys.modules
    settle_environment(stock=stock)
    if not stock:
        _give_blocks_back()
    from kivy.config import Config

    if rotation in {90, 270}:
        width, height = height, width
    graphics = {
        "width": width,
        "height": height,
        "rotation": rotation,
        "borderless": 1,
        "position": "custom",
        "left": 0,
        "top": 0,
        "resizable": 0,
        "show_cursor": 0,
        "multisamples": 0,
        "maxfps": 0,  # Kivy's own clock does not sleep: the app paces itself (kiosk/app.py)
    }
    for name, value in graphics.items():
        Config.set("graphics", name, str(value))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    if not stock:
        # Kivy would also read every panel of several fingers itself, past Xorg and its rotation, and a terminal may:
        # its keypads are read so. Each finger would press twice.
        Config.remove_option("input", "%(name)s")
    with standing_in({} if stock else _UNUSED):
        if not stock:
            _skip_stock_styles()  # not before: with them comes Kivy's clock, which reads the configuration once

        from kivy.core.window import Window

    if Window is None:
        raise RuntimeError("no window can be opened: libgl1 or a display is missing (make setup installs it)")
    if imported_before and tuple(Window.system_size) != (width, height):
        raise RuntimeError("Kivy's window was imported before open_window: import kiosk.screens and Kivy after it")
    if not stock:
        _draw_flat(Window)
    return Window


def _give_blocks_back() -> None:
    """Have the C library give large blocks back to the system when they are freed, whatever lies beside them.

    Left to itself it learns from the first frames to keep them in its heap, where small blocks hold them: 4.5 MB.
    """
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _FRAME_BLOCK)


def _skip_stock_styles() -> None:
    """Import Kivy's language with a style sheet that is empty: ours are plain widgets, which no rule of Kivy's names.

    Its own is parsed and compiled at every import: 80 ms before the first picture, and 2 MB as long as the process.
    """
    kivy: Any = import_module("kivy")
    data_dir = kivy.kivy_data_dir
    kivy.kivy_data_dir = str(Path(__file__).parent)  # with our style.kv
    try:
        import_module("kivy.lang.builder")
    finally:
        kivy.kivy_data_dir = data_dir


def _draw_flat(window: Any) -> None:
    """Spare a processor that draws in software what flat, unscaled screens have no use for.

    Kivy clears depth and stencil with every frame, 8 MB that nothing of ours reads.
    And it fills every plain shape by blending the texels of a white texture: of the nearest one is half the work.
    """
    gl: Any = import_module("kivy.graphics.opengl")
    graphics: Any = import_module("kivy.graphics")

    def clear() -> None:
        gl.glClearColor(*window.clearcolor)
        gl.glClear(gl.GL_COLOR_BUFFER_BIT)

    window.clear = clear
    with graphics.Canvas():
        white = graphics.Rectangle().texture
    white.mag_filter = white.min_filter = "nearest"


def finish_frame() -> None:
    """Wait until the frame is drawn. Call it in a handler of the window's `on_flip`, for every frame.

    Off screen nothing else does: there a flip shows nothing, and Mesa keeps each frame's commands (3 MB for a screen of
    ours) until somebody asks for the picture. On a display it makes "complete" mean complete.
    """
    from kivy.graphics.opengl import glFinish

    glFinish()


def let_go_of_frame(window: Any) -> None:
    """Give back what the last frame was drawn with, 4 MB of home. Call it between frames, when none will follow soon.

    Mesa keeps a finished frame's commands, with a copy of its whole state for each text, until it begins another: so
    begin one, which is never shown. What the C library holds between blocks in use goes back with them.
    """
    window.clear()
    finish_frame()
    ctypes.CDLL(None).malloc_trim(0)


def read_frame(window: "WindowBase") -> bytes:
    """Read the frame at hand, RGBA from the bottom row up. Call it in a handler of `on_flip`: later it is gone."""
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    return glReadPixels(0, 0, *window.system_size, GL_RGBA, GL_UNSIGNED_BYTE)


def upright(window: "WindowBase", pixels: bytes) -> "Image":
    """Make a picture of what `read_frame` read."""
    from PIL import Image

    picture = Image.frombytes("RGBA", window.system_size, pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return picture.convert("RGB").rotate(-window.rotation, expand=True)


def save_frame(window: "WindowBase", path: Path) -> None:
    """Write the frame at hand as a PNG, upright. Call it in a handler of `on_flip`."""
    upright(window, read_frame(window)).save(path, compress_level=1)  # a third of the time, twice the bytes


def photograph(window: "WindowBase", path: Path, then: Callable[[], None] | None = None) -> None:
    """Write the next frame as a PNG, then call `then`."""

    def on_flip(*_: object) -> None:
        window.unbind(on_flip=on_flip)
        save_frame(window, path)
        if then is not None:
            then()

    window.bind(on_flip=on_flip)
    window.canvas.ask_update()
