"""What a card reader can be in: a closed set."""

from dataclasses import dataclass

from devices.card.outcome import CardKind


@dataclass(frozen=True, slots=True)
class ReaderEmpty:
    """The reader is there and no card is in it."""


@dataclass(frozen=True, slots=True)
class CardPresent:
    """A card is in, and it answered."""

    kind: CardKind


@dataclass(frozen=True, slots=True)
class CardMute:
    """A card is in, and it answers nothing: the wrong way round, dirty or broken. It is left alone until taken."""


@dataclass(frozen=True, slots=True)
class ReaderAbsent:
    """No reader of the set name is plugged in, or there is none at this terminal."""


@dataclass(frozen=True, slots=True)
class ServiceAbsent:
    """pcscd, through which all readers are reached, is not running."""


@dataclass(frozen=True, slots=True)
class CardReaderUnknown:
    """Its driver is being started again; why: for the operator."""

    why: str


CardReaderState = ReaderEmpty | CardPresent | CardMute | ReaderAbsent | ServiceAbsent | CardReaderUnknown
