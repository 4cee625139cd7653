"""What every paper of the office shares: 576 dots wide, one dot a pixel, black or white only, drawn by typst."""

import io
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, cast

import typst
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

HEAD_DPI: Final = 203
QUIET_ZONE: Final = 4
MIN_MODULE_DOTS: Final = 6
MAX_MODULE_DOTS: Final = 8
_INK_BELOW: Final = 165
_CODE_WIDTH_DOTS: Final = 400
_FONTS: Final = Path("/usr/share/fonts/truetype/noto")


class FontsMissing(RuntimeError):
    """The fonts of slips are not installed: Debian's package fonts-noto-core."""


def write_paper(path: Path, layout: str, content: dict[str, object]) -> None:
    """Draw a paper into `path`: a 1-bit PNG of 576 pixels' width, or a PDF of the same size on paper.

    `layout` names a file beside this one. Raises ValueError for any other suffix, FontsMissing without Noto Sans,
    OSError where it cannot write.
    """
    match path.suffix.lower():
        case ".png":
            path.write_bytes(paper_png(layout, content))
        case ".pdf":
            path.write_bytes(_compile(layout, content, "pdf", 72 / HEAD_DPI))
        case _:
            raise ValueError("a slip is a .png or a .pdf")


def paper_png(layout: str, content: dict[str, object]) -> bytes:
    """Draw a paper as a 1-bit PNG, one pixel a dot. Raises FontsMissing."""
    picture = Image.open(io.BytesIO(_compile(layout, content, "png", 1.0)))
    grey = picture.convert("L")
    # A threshold, since dithering would fray letters and modules; above one half, so that thin strokes stay closed.
    black = grey.point([0] * _INK_BELOW + [255] * (256 - _INK_BELOW), mode="1")
    out = io.BytesIO()
    black.save(out, "PNG", dpi=(HEAD_DPI, HEAD_DPI), optimize=True)
    return out.getvalue()


def qr_matrix(text: str) -> list[list[bool]]:
    """Return the dark modules of a text's QR code, rows from the top, with its quiet zone; error correction Q."""
    code: Any = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return cast(list[list[bool]], code.get_matrix())


def qr_content(text: str) -> dict[str, object]:
    """Return a text's QR code as the layouts take it: the dark runs of each row, and the dots of a module."""
    rows = qr_matrix(text)
    module = max(MIN_MODULE_DOTS, min(MAX_MODULE_DOTS, _CODE_WIDTH_DOTS // len(rows)))
    return {"qr": [_runs(row) for row in rows], "module": module}


def _compile(layout: str, content: dict[str, object], kind: Literal["png", "pdf"], dot: float) -> bytes:
    inputs = {"slip": json.dumps(content, ensure_ascii=False), "dot": str(dot)}
    return typst.compile(
        _layout(layout), font_paths=_fonts(), ignore_system_fonts=True, format=kind, ppi=72.0, sys_inputs=inputs
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return the dark runs of a row as (first module, length)."""
    runs: list[tuple[int, int]] = []
    for index, dark in enumerate(row):
        if dark and index and row[index - 1]:
            first, length = runs[-1]
            runs[-1] = (first, length + 1)
        elif dark:
            runs.append((index, 1))
    return runs


@cache
def _layout(name: str) -> bytes:
    return (resources.files(__package__ or "") / name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    if not all((_FONTS / file).exists() for file in ("NotoSans-Bold.ttf", "NotoSansArabic-Bold.ttf")):
        raise FontsMissing("the fonts of slips are missing: apt-get install fonts-noto-core")
    # This folder alone, read once a process: a slip looks the same whatever else is installed.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
