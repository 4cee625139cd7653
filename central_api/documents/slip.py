"""The slip: the paper that a visitor leaves the desk with, and brings to the terminal.

576 dots wide, one dot a pixel, black or white only, so that a 203 dpi thermal head prints it as it is. Above the tear
line stand service, tracking number and the QR code that opens the status; below it the secret code, on a stub.
"""

import io
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import typst
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.numbers import show_tracking_number
from central_api.contract.status import Language
from central_api.store import Office, Submitted

HEAD_DOTS: Final = 576
HEAD_DPI: Final = 203
QUIET_ZONE: Final = 4
MIN_MODULE_DOTS: Final = 6
MAX_MODULE_DOTS: Final = 8
_INK_BELOW: Final = 165
_CODE_WIDTH_DOTS: Final = 400
_BEIRUT: Final = ZoneInfo("Asia/Beirut")
_FONTS: Final = Path("/usr/share/fonts/truetype/noto")


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """What one slip says. `ministry` and `service` are names by language; `issued_at` is seconds since 1970, UTC.

    `secret_code` is None where the stub must not be printed again. A language without words of its own prints
    in Arabic.
    """

    ministry: Mapping[str, str]
    service: Mapping[str, str]
    tracking: str = field(repr=False)
    slip_url: str = field(repr=False)
    secret_code: str | None = field(repr=False)
    language: str
    issued_at: int


def paper_of(office: Office, given: Submitted, *, issued_at: int | None = None) -> SlipPaper:
    """Say what the slip of an application says; without `issued_at` it is issued now."""
    filed = office.known(given.tracking)
    language = Language(filed.filing.language).name.lower()
    service = {
        lang: catalogue().service(filed.filing.family, filed.filing.kind, lang) or "" for lang in WRITTEN_LANGUAGES
    }
    return SlipPaper(
        ministry=office.settings.names,
        service=service,
        tracking=given.tracking,
        slip_url=given.slip_url,
        secret_code=given.secret_code or None,
        language=language,
        issued_at=office.clock() if issued_at is None else issued_at,
    )


class FontsMissing(RuntimeError):
    """The fonts of slips are not installed: Debian's package fonts-noto-core."""


def write_slip(path: Path, paper: SlipPaper) -> None:
    """Draw a slip into `path`: a 1-bit PNG of 576 pixels' width, or a PDF of the same size on paper.

    Raises ValueError for any other suffix, FontsMissing without Noto Sans, OSError where it cannot write.
    """
    match path.suffix.lower():
        case ".png":
            path.write_bytes(slip_png(paper))
        case ".pdf":
            path.write_bytes(_compile(paper, "pdf", 72 / HEAD_DPI))
        case _:
            raise ValueError("a slip is a .png or a .pdf")


def slip_png(paper: SlipPaper) -> bytes:
    """Draw a slip as a 1-bit PNG, one pixel a dot. Raises FontsMissing."""
    picture = Image.open(io.BytesIO(_compile(paper, "png", 1.0)))
    grey = picture.convert("L")
    # A threshold, since dithering would fray letters and modules; above one half, so that thin strokes stay closed.
    black = grey.point([0] * _INK_BELOW + [255] * (256 - _INK_BELOW), mode="1")
    out = io.BytesIO()
    black.save(out, "PNG", dpi=(HEAD_DPI, HEAD_DPI), optimize=True)
    return out.getvalue()


def _compile(paper: SlipPaper, kind: Literal["png", "pdf"], dot: float) -> bytes:
    data = json.dumps(_content(paper), ensure_ascii=False)
    inputs = {"slip": data, "dot": str(dot)}
    return typst.compile(
        _layout(), font_paths=_fonts(), ignore_system_fonts=True, format=kind, ppi=72.0, sys_inputs=inputs
    )


def _content(paper: SlipPaper) -> dict[str, object]:
    language = paper.language if paper.language in WRITTEN_LANGUAGES else "ar"
    rows = _matrix(paper.slip_url)
    # The state's language stands above the reader's, as on the ministry's own papers.
    names = [paper.ministry[lang] for lang in dict.fromkeys((language, "ar" if language != "ar" else "fr"))]
    shown = show_tracking_number(paper.tracking)
    code = paper.secret_code
    return {
        "language": language,
        "words": _words()[language],
        "ministry": names,
        "service": paper.service[language],
        "tracking": shown,
        "ending": shown[-6:],
        "issued": f"{datetime.fromtimestamp(paper.issued_at, _BEIRUT):%d/%m/%Y %H:%M}",
        "secret_code": f"{code[:4]} {code[4:]}" if code else None,
        "qr": [_runs(row) for row in rows],
        "module": max(MIN_MODULE_DOTS, min(MAX_MODULE_DOTS, _CODE_WIDTH_DOTS // len(rows))),
    }


def _matrix(text: str) -> list[list[bool]]:
    code: Any = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return cast(list[list[bool]], code.get_matrix())


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
def _words() -> dict[str, dict[str, str]]:
    text = (resources.files(__package__ or "") / "slip.toml").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, str]], tomllib.loads(text))


@cache
def _layout() -> bytes:
    return (resources.files(__package__ or "") / "slip.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    if not all((_FONTS / file).exists() for file in ("NotoSans-Bold.ttf", "NotoSansArabic-Bold.ttf")):
        raise FontsMissing("the fonts of slips are missing: apt-get install fonts-noto-core")
    # This folder alone, read once a process: a slip looks the same whatever else is installed.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
