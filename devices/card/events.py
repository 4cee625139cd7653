"""What the supervisor tells of the card reader, to a listener of its own.

What a card says is for the office alone: it takes no way on which screens, logs or the visit's own events lie.
"""

from dataclasses import dataclass, field

from devices.card.outcome import CardKind, CardOutcome
from devices.card.states import CardReaderState


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card was put in, or laid on, and answered. Also told of a card that is there when the reader comes back."""

    kind: CardKind


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card is out, or can no longer be reached because its reader went away."""


@dataclass(frozen=True, slots=True)
class CardReaderChanged:
    state: CardReaderState


@dataclass(frozen=True, slots=True)
class CardReadEnded:
    """Comes exactly once for each read."""

    read: int
    outcome: CardOutcome = field(repr=False)


CardEvent = CardInserted | CardRemoved | CardReaderChanged | CardReadEnded
