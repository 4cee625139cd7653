"""What the office tells every visitor: services and requirements, workers' rights, desks, objections.

Signed with a content key, numbered, in force from a time on, never taken back to a lower number. Words come in the
languages of `Text`; documents, families, kinds and regions are codes of the catalogue.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .terminal_settings import Opening

MAX_CONTENT_BYTES: Final = 1 << 18
MAX_TEXT: Final = 600
MAX_ITEMS: Final = 200
"""Of any list but those of MAX_LINES."""
MAX_LINES: Final = 20
"""Steps of a service, lines of a fee, paragraphs of a topic, of an objection."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in the languages of a slip; Arabic, French and English always."""

    ar: str
    fr: str
    en: str
    am: str = ""
    bn: str = ""
    fil: str = ""

    def of(self, language: str) -> str:
        """Return the words in a language (its code in lower case), or "" where it is not written."""
        return {"ar": self.ar, "fr": self.fr, "en": self.en, "am": self.am, "bn": self.bn, "fil": self.fil}[language]


class Picture(IntEnum):
    """The small drawing beside a document, for who cannot read its name."""

    PAPER = 1
    PASSPORT = 2
    CARD = 3
    PHOTO = 4
    LAB = 5
    SHIELD = 6
    BANK = 7
    CONTRACT = 8
    LIST = 9
    STAMP = 10


@dataclass(frozen=True, slots=True)
class Document:
    """What a document (a code of the catalogue) must look like. `proxy`: somebody else may bring it; None: not said."""

    code: int
    looks: Text
    picture: Picture | None = None
    proxy: bool | None = None


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One amount, in whole Lebanese pounds, and what it is for."""

    what: Text
    amount: int


@dataclass(frozen=True, slots=True)
class Fee:
    """The fees of a service since a day (days since 1970)."""

    since: int
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of request. `opens`: its first day (days since 1970), None: open; `usual`: working days, least to most.

    `fees` are in the order of their days, the oldest first.
    """

    family: int
    kind: int
    documents: tuple[int, ...] = ()
    fees: tuple[Fee, ...] = ()
    steps: tuple[Text, ...] = ()
    opens: int | None = None
    usual: tuple[int, int] | None = None

    def fee_on(self, day: int) -> Fee | None:
        """Return the newest fees whose day has come, on a day (days since 1970)."""
        return next((fee for fee in reversed(self.fees) if fee.since <= day), None)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of workers' rights. `key` is for the count of readers; `audio`: (language, file name) of recordings."""

    key: str
    title: Text
    body: tuple[Text, ...]
    audio: tuple[tuple[str, str], ...] = ()


class Use(IntEnum):
    """What a place in the building is for."""

    HELP = 1
    DOCUMENTS = 2
    OBJECTIONS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A desk or counter, by its `region` (of the catalogue), or everywhere. `hours`: seven days, Monday first."""

    use: Use
    name: Text
    counter: str = ""
    floor: Text | None = None
    hours: "tuple[tuple[Opening, ...], ...] | None" = None
    phone: str = ""
    region: int | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """How to object to a rejection, in a `family` or in all of them; `within`: days from the notification."""

    how: tuple[Text, ...]
    within: int | None = None
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of one number, in force from `effective` (seconds since 1970, UTC) on.

    `draft`: nobody confirmed it yet, and every screen and paper made of it says so.
    """

    number: int
    effective: int
    services: tuple[Service, ...] = ()
    documents: tuple[Document, ...] = ()
    rights: tuple[Topic, ...] = ()
    places: tuple[Place, ...] = ()
    objections: tuple[Objection, ...] = ()
    draft: bool = False

    def document(self, code: int) -> Document | None:
        """Return what a document must look like, where the office says it."""
        return next((document for document in self.documents if document.code == code), None)

    def place(self, use: Use, region: int | None = None) -> Place | None:
        """Return the place of a use in a region; else the one that serves every region."""
        fitting = [place for place in self.places if place.use is use and place.region in {region, None}]
        return min(fitting, key=lambda place: place.region is None, default=None)

    def objection(self, family: int) -> Objection | None:
        """Return how to object in a family; else the rule for all of them."""
        fitting = [rule for rule in self.objections if rule.family in {family, None}]
        return min(fitting, key=lambda rule: rule.family is None, default=None)
