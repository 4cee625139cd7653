"""How a print job ended. Only the printer's own word makes it `Confirmed`."""

from dataclasses import dataclass

from devices.printer.states import PrinterState


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The printer said that it printed the last band and made the cut."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Every byte was taken, but this model, or this path, confirms nothing.

    why: for the operator, in English.
    """

    why: str


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """The paper is not whole, or cannot be known to be.

    state: what stopped it; rows: how many rows of the job were confirmed on paper, 0 when it never began.
    """

    state: PrinterState
    rows: int = 0


PrintOutcome = Confirmed | Sent | NotPrinted
