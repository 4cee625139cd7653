"""What an SMS says, and in how many parts it goes.

3GPP TS 23.038: 160 letters of the default alphabet alone or 153 in each of several parts, some of them counting twice;
whatever it has not, Arabic above all, goes as UCS-2: 70 alone, 67 in each part.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from central_api.contract.status import Language
from central_api.store.outbox import Kind

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("\f^{}\\[~]|€")


def text_of(kind: Kind, language: Language, ministry: Mapping[str, str], code: str = "") -> str:
    """Return the text of a message. `ministry`: its names by language; `code`: the six digits of a CODE.

    In a language that slips are not printed in, it is Arabic, as the slip is.
    """
    words = _words()
    spoken = language.name.lower() if language.name.lower() in words else "ar"
    return words[spoken][kind.name.lower()].format(ministry=ministry[spoken], code=code)


def is_gsm(text: str) -> bool:
    """Say whether a text can go in the default alphabet."""
    return all(letter in _GSM or letter in _GSM_TWICE for letter in text)


def parts(text: str) -> int:
    """Return in how many parts a text goes."""
    gsm = is_gsm(text)
    alone, each = (160, 153) if gsm else (70, 67)
    sizes = [2 if (letter in _GSM_TWICE if gsm else ord(letter) > 0xFFFF) else 1 for letter in text]
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        # What counts twice is not cut in two.
        if used + size > each:
            count, used = count + 1, 0
        used += size
    return count


@cache
def _words() -> dict[str, dict[str, str]]:
    tables = tomllib.loads((resources.files(__package__ or "") / "texts.toml").read_text(encoding="utf-8"))
    return {language: tables[language] for language in ("ar", "fr", "en")}
