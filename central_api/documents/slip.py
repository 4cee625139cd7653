"""The slip: the paper that a visitor leaves the desk with, and brings to the terminal.

576 dots wide, one dot a pixel, black or white only, so that a 203 dpi thermal head prints it as it is. Above the tear
line stand service, tracking number and the QR code that opens the status; below it the secret code, on a stub.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, cast
from zoneinfo import ZoneInfo

from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.numbers import show_tracking_number
from central_api.contract.status import Language
from central_api.store import Office, Submitted

from .paper import qr_content, write_paper

_BEIRUT: Final = ZoneInfo("Asia/Beirut")


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


def write_slip(path: Path, paper: SlipPaper) -> None:
    """Draw a slip into `path`: a 1-bit PNG of 576 pixels' width, or a PDF of the same size on paper.

    Raises ValueError for any other suffix, FontsMissing without Noto Sans, OSError where it cannot write.
    """
    write_paper(path, "slip.typ", _content(paper))


def _content(paper: SlipPaper) -> dict[str, object]:
    language = paper.language if paper.language in WRITTEN_LANGUAGES else "ar"
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
        **qr_content(paper.slip_url),
    }


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (resources.files(__package__ or "") / "slip.toml").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, str]], tomllib.loads(text))
