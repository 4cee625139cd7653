"""How names sound, so that they are found however they were spelled: أحمد, احمد, Ahmad, Ahmed.

A word becomes its consonants. Arabic spelling variants (أ إ آ ا, ى ي, ة ه, marks, tatweel) and the usual Latin
transcriptions (kh, ch or sh, gh, ou, doubled letters) fall together; what matches exactly is shown first.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from typing import Final

from .events import COMPANY, NAME

_MARKS: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_SAME: Final = str.maketrans("أإآٱىةؤئ", "اااايهوي")
# Upper case stands for one sound that Latin script writes with two letters.
_ARABIC: Final = str.maketrans(
    "بتثجحخدذرزسشصضطظعغفقكلمنهپچگڤ",
    "bttjhKdzrzsSsdtz\u0000Gfkklmnhpjgf",
    "اويء",
)
_DIGRAPHS: Final = (
    ("kh", "K"),
    ("sh", "S"),
    ("ch", "S"),
    ("gh", "G"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("g", "j"),
)
_LATIN: Final = str.maketrans("qxcpv", "kkkbf", "aeiouwy'’`")
_WORD: Final = re.compile(r"\w+")
_MOST: Final = 100
_FEW: Final = 2_000
_HOW_OFTEN: Final = f"SELECT count(*) FROM (SELECT 1 FROM sound WHERE sound = ? LIMIT {_FEW})"
_OF_ONE: Final = "SELECT application FROM sound AS one WHERE sound = ?"
_ALSO: Final = " AND EXISTS (SELECT 1 FROM sound WHERE sound = ? AND application = one.application)"


def spelling(text: str) -> str:
    """Return a text with its spelling variants made one: for comparing, never for showing."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(_MARKS.sub("", plain)))


def sounds(text: str) -> list[str]:
    """Return how each word of a name sounds; words of vowels alone sound like themselves."""
    return [_sound(word) for word in spelling(text).split() if word not in {"el", "al"}]


def keep(connection: sqlite3.Connection, row: int, names: Iterable[str]) -> None:
    """Let an application be found by some names, inside the transaction that writes them."""
    words = {(sound, row) for name in names for sound in sounds(name)}
    connection.executemany("INSERT OR IGNORE INTO sound (sound, application) VALUES (?, ?)", list(words))


def found(connection: sqlite3.Connection, name: str, limit: int = 50) -> list[tuple[int, str, str]]:
    """Return the applications that a name or company fits, as (row, name, company): the same spelling first."""
    wanted = sounds(name)
    if not wanted:
        return []
    often = {sound: connection.execute(_HOW_OFTEN, (sound,)).fetchone()[0] for sound in wanted}
    first, *others = sorted(often, key=often.__getitem__)
    # Down the rarest word: each other one is a look into the index. Where all are frequent, SQLite goes down them side
    # by side. Newest first, and only as far as needed.
    rare = often[first] < _FEW
    query = _OF_ONE + _ALSO * len(others) if rare else " INTERSECT ".join([_OF_ONE] * len(often))
    rows = connection.execute(f"{query} ORDER BY application DESC LIMIT {_MOST}", (first, *others))
    shown = [(row, *names_of(connection, row)) for (row,) in rows.fetchall()]
    typed = spelling(name)
    shown.sort(key=lambda one: typed not in spelling(f"{one[1]} {one[2]}"))
    return shown[:limit]


def names_of(connection: sqlite3.Connection, row: int) -> tuple[str, str]:
    """Return the applicant's name and company, each empty where it was not written down, or erased."""
    query = (
        "SELECT personal.field, personal.value FROM event JOIN personal ON personal.event = event.seq"
        f" WHERE event.application = ? AND personal.field IN ({NAME}, {COMPANY})"
    )
    said = dict(connection.execute(query, (row,)).fetchall())
    return said.get(NAME, ""), said.get(COMPANY, "")


def _sound(word: str) -> str:
    arabic = re.search("[\u0600-\u06ff]", word) is not None
    if arabic and word.startswith("ال") and len(word) > 4:
        word = word[2:]
    if arabic:
        sound = word[:-1].translate(_ARABIC) + ("" if word.endswith("ه") else word[-1].translate(_ARABIC))
    else:
        sound = re.sub("c(?=[eiy])", "s", word)
        for letters, one in _DIGRAPHS:
            sound = sound.replace(letters, one)
        sound = sound.removesuffix("h") or sound
        sound = sound.translate(_LATIN)
    sound = re.sub(r"(.)\1+", r"\1", sound.replace("\0", ""))
    return sound or word[0]
