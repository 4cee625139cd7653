"""What the office sets on a terminal: signed with a content key, numbered, never taken back to a lower number.

What is absent stays as the terminal's own settings have it.
"""

import re
from dataclasses import dataclass
from typing import Final

from . import cbor
from .errors import ContractError, Refused
from .signed import Domain, KeyFinder, SigningKey, open_signed, sign

MINUTES_A_DAY: Final = 1440
_MAX_NAME: Final = 64
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)

Opening = tuple[int, int]
"""Minutes of the day: open at the first, closed from the second on; 0 <= first < second <= 1440."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """The settings of one terminal.

    `hours`: for each weekday, Monday first, its openings in order, none where it stays closed; `languages`: codes shown
    on the home screen, in that order; `volume`: 0 to 100; `closed_days`: days since 1970; `vault_when_revoked`: whether
    it may still open slips from its vault once it is revoked.
    """

    number: int
    terminal: str
    hours: tuple[tuple[Opening, ...], ...] | None = None
    languages: tuple[str, ...] = ()
    volume: int | None = None
    closed_days: tuple[int, ...] = ()
    vault_when_revoked: bool = False


def sign_settings(settings: TerminalSettings, key: SigningKey) -> bytes:
    """Write settings and sign them with a content key. Raises ContractError for values out of range."""
    body = cbor.encode(
        cbor.present(
            {
                1: settings.number,
                2: settings.terminal,
                3: None if settings.hours is None else [[list(span) for span in day] for day in settings.hours],
                4: list(settings.languages),
                5: settings.volume,
                6: list(settings.closed_days),
                7: settings.vault_when_revoked,
            }
        )
    )
    _decode(body)
    return sign(Domain.SETTINGS, body, key)


def open_settings(data: bytes, key_of: KeyFinder) -> TerminalSettings:
    """Verify and read settings. Raises Refused."""
    body = open_signed(Domain.SETTINGS, data, key_of)
    try:
        return _decode(body)
    except ContractError as error:
        raise Refused(f"not settings: {error}") from None


def _decode(body: bytes) -> TerminalSettings:
    read = cbor.Fields(cbor.decode(body))
    return TerminalSettings(
        number=read.uint(1),
        terminal=read.text(2, _MAX_NAME),
        hours=tuple(map(openings, cbor.as_list(read.required_items(3), 7))) if 3 in read else None,
        languages=tuple(map(_language, read.items(4))),
        volume=read.maybe_uint(5, 100),
        closed_days=tuple(cbor.as_uint(day, 2**32 - 1) for day in read.items(6)),
        vault_when_revoked=read.flag(7),
    )


def openings(value: object) -> tuple[Opening, ...]:
    """Read the openings of one day, in their order. Raises ContractError."""
    read: list[Opening] = []
    last = 0
    for span in cbor.as_list(value):
        opens, closes = (cbor.as_uint(minute, MINUTES_A_DAY) for minute in cbor.as_list(span, 2))
        if not last <= opens < closes:
            raise ContractError("openings out of order")
        read.append((opens, closes))
        last = closes
    return tuple(read)


def _language(value: object) -> str:
    code = cbor.as_text(value)
    if not _LANGUAGE.fullmatch(code):
        raise ContractError("not a language code")
    return code
