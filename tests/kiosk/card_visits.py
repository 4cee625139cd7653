"""A visit by card, played against the machine alone: what is typed, and what reader and office say."""

from kiosk.card_events import (
    CardPut,
    CardTold,
    KeyEntered,
    KeyTyped,
    ReadCard,
)
from kiosk.card_state import (
    CardFiles,
    OnReader,
    TypedFields,
)
from kiosk.visit_events import (
    Effect,
)

from .visits import Visit, sheet

NUMBER, BIRTH, EXPIRY = "L898902C3", "12081974", "15042034"
FIELDS = TypedFields("L898902C3", "740812", "340415")
TD3 = b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
PASSPORT = CardPut(OnReader.PASSPORT)


class CardVisit(Visit):
    """A visit whose card is played by the test."""

    def types(self, text: str) -> None:
        self.send(*(KeyTyped(letter) for letter in text))

    def types_fields(self, number: str = NUMBER, birth: str = BIRTH, expiry: str = EXPIRY) -> list[Effect]:
        fresh: list[Effect] = []
        for text in (number, birth, expiry):
            self.types(text)
            fresh += self.send(KeyEntered())
        return fresh

    def told(self, result: object) -> list[Effect]:
        asked = self.last(ReadCard)
        assert isinstance(asked, ReadCard)
        return self.send(CardTold(asked.read, result))  # type: ignore[arg-type]

    def opens(self, count: int = 1) -> None:
        """Lay a genuine passport on the reader; its holder has so many files."""
        self.send(PASSPORT)
        self.types_fields()
        self.told(CardFiles(tuple(sheet(n) for n in range(count))))
