"""The words of one language: strings of the catalogues, names of codes, and how numbers, dates and times are written.

Digits are Latin, dates dd/mm/yyyy in Lebanon's own time. Each number, date, time and code is isolated (U+2066..U+2069):
inside Arabic text, correct bidi alone would show 2026-0004217-X as X-0004217-2026.
"""

import gettext
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from central_api.contract.catalogue import Section, catalogue
from central_api.contract.numbers import show_tracking_number
from devices.lettering import Direction, isolate_ltr

from .frozen import frozen
from .locales import DOMAIN, FOLDER
from .visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from central_api.contract.status import Office

ZONE: Final = "Asia/Beirut"
_EPOCH: Final = date(1970, 1, 1)
_FEMININE: Final[dict[str, frozenset[str]]] = {
    "ar": frozenset({"printer", "keypad", "panel", "clock", "disk", "network", "power"}),
    "fr": frozenset({"printer", "clock", "power"}),
}
"""Parts of the terminal whose name is feminine: what is said of them agrees with it."""


class WordsMissing(RuntimeError):
    """A catalogue is not compiled. `python -m kiosk.locales` (part of `make setup`) compiles them all."""


@frozen
class Words:
    """The words of one language. Get it with `words_of`. `names`: the language in which codes are named."""

    language: ScreenLanguage
    direction: Direction
    names: str
    _catalogue: gettext.NullTranslations

    def __call__(self, key: str, **values: object) -> str:
        """Return the string of a symbolic key with its values set in. Raises KeyError for a key without words."""
        text = self._catalogue.gettext(key)
        if text == key:
            raise KeyError(f"{key} has no words in {self.language}")
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether a key has words: names of a later edition may have none."""
        return self._catalogue.gettext(key) != key

    def own(self) -> frozenset[str]:
        """Return every string of the catalogue as it stands: one with nothing set in tells nothing of any visitor."""
        strings: dict[object, str] = vars(self._catalogue)["_catalog"]
        return frozenset(strings.values())

    def counted(self, key: str, n: int, **values: object) -> str:
        """Return the plural form for n; `{n}` stands for the number, isolated. Raises KeyError."""
        text = self._catalogue.ngettext(key, key, n)
        if text == key:
            raise KeyError(f"{key} has no words in {self.language}")
        return text.format(n=self.number(n), **values)

    def agreeing(self, key: str, part: str) -> str:
        """Return what is said of a part of the terminal, in the gender of its name. Raises KeyError."""
        feminine = f"{key}.feminine"
        return self(feminine if part in _FEMININE.get(self.language, ()) and self.has(feminine) else key)

    # ---- numbers, dates, times ----

    def number(self, n: int) -> str:
        return isolate_ltr(str(n))

    def amount(self, n: int) -> str:
        """Return an amount with its thousands set apart, as the language does it."""
        return isolate_ltr(f"{n:,}".replace(",", "\u202f") if self.language == "fr" else f"{n:,}")

    def tracking(self, tracking: str) -> str:
        """Return 11 digits as people read them, 26-3182-8331-2, left to right wherever they stand."""
        return isolate_ltr(show_tracking_number(tracking))

    def code(self, text: str) -> str:
        """Return a name of letters and digits, left to right wherever it stands."""
        return isolate_ltr(text)

    def date(self, seconds: int) -> str:
        """Return the day of a time (seconds since 1970, UTC) in Lebanon."""
        return isolate_ltr(f"{local(seconds):%d/%m/%Y}")

    def day(self, days: int) -> str:
        """Return a day given as days since 1970."""
        return isolate_ltr(f"{_EPOCH + timedelta(days=days):%d/%m/%Y}")

    def time(self, seconds: int) -> str:
        return isolate_ltr(f"{local(seconds):%H:%M}")

    def minute(self, minute: int) -> str:
        """Return a time of the day from its minute, 0 to 1440."""
        return isolate_ltr(f"{minute // 60:02d}:{minute % 60:02d}")

    def percent(self, n: int) -> str:
        return isolate_ltr(f"{n}\u202f%" if self.language == "fr" else f"{n}%")

    def weekday(self, seconds: int) -> str:
        return self(f"weekday.{local(seconds).weekday()}")

    def moment(self, seconds: int, now: int | None) -> str:
        """Return a day and time, as today or yesterday where it is known what today is."""
        days = None if now is None else (local(now).date() - local(seconds).date()).days
        key = {0: "when.today", 1: "when.yesterday"}.get(days, "when.date") if days is not None else "when.date"
        return self(key, date=self.date(seconds), time=self.time(seconds))

    def working_days(self, expected: tuple[int, int]) -> str:
        """Return how long something usually takes, from (least, most) working days."""
        least, most = expected
        if least == most:
            return self.counted("duration.exactly", most)
        if least == 0:
            return self.counted("duration.up_to", most)
        return self.counted("duration.range", most, least=self.number(least))

    # ---- names of codes ----

    def service(self, family: int, kind: int) -> str:
        return catalogue().service(family, kind, self.names) or self("service.unknown")

    def office(self, office: "Office") -> str:
        """Return the office's name: the catalogue of codes has it in three languages, a core language's own words."""
        key = f"office.{role_key(office)}"
        return self(key) if self.has(key) else self._name(catalogue().roles, office.role, "office.unknown")

    def region(self, code: int) -> str | None:
        """Return the region's name; None for 0, the whole country."""
        return self._name(catalogue().regions, code, "region.unknown") if code else None

    def document(self, code: int) -> str:
        return self._name(catalogue().documents, code, "document.unknown")

    def reason(self, code: int) -> str:
        return self._name(catalogue().reasons, code, "reason.unknown")

    def agency(self, code: int) -> str:
        return self._name(catalogue().agencies, code, "agency.unknown")

    def system(self, code: int) -> str:
        return self._name(catalogue().systems, code, "system.unknown")

    def _name(self, section: Section, code: int, otherwise: str) -> str:
        """Return the name of a code; a code of a later edition gets a neutral word."""
        return section.word(code, self.names) or self(otherwise)


def role_key(office: "Office") -> str | None:
    """Return the catalogue's key of an office's role, or None for a role of a later edition."""
    return catalogue().roles.key(office.role)


def local(seconds: int) -> datetime:
    """Return a time (seconds since 1970, UTC) as Lebanon's clocks show it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(_zone())


def day_of(seconds: int) -> int:
    """Return the day (since 1970) in Lebanon of a time (seconds since 1970, UTC)."""
    return (local(seconds).date() - _EPOCH).days


@cache
def words_of(language: ScreenLanguage) -> Words:
    """Load the words of a language. Raises WordsMissing where its catalogue is not compiled."""
    try:
        translations = gettext.translation(DOMAIN, FOLDER, [language])
    except FileNotFoundError:
        raise WordsMissing(f"the words of “{language}” are not compiled: run python -m kiosk.locales") from None
    direction = Direction.RTL if language == "ar" else Direction.LTR
    if language not in CORE_LANGUAGES:
        return Words(language, direction, language, translations)
    translations.add_fallback(gettext.translation(DOMAIN, FOLDER, ["en"]))
    return Words(language, direction, "en", translations)


def other_languages(language: ScreenLanguage) -> tuple[Words, ...]:
    """Return the words of every other language of the screens, in their order."""
    return tuple(words_of(other) for other in SCREEN_LANGUAGES if other != language)


@cache
def _zone() -> "ZoneInfo":
    from zoneinfo import ZoneInfo  # home shows no time before the office has vouched for one

    return ZoneInfo(ZONE)
