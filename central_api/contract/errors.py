"""The errors of the contract. A parser of this package raises nothing else, whatever bytes it is given."""


class ContractError(ValueError):
    """Bytes or text that the contract does not allow. The message names the rule, never the value."""


class NotANumber(ContractError):
    """Not a tracking number or a secret code: wrong length, a stray character, or a wrong check digit."""


class NotASlip(ContractError):
    """Text that is no slip of any ministry: a phone's wallpaper, a ticket, a status receipt."""


class ForeignSlip(ContractError):
    """A well-formed slip whose host is not ours: another ministry's, or a forger's."""


class DamagedSlip(ContractError):
    """Our host, but what follows cannot be a slip: truncated, altered, or misread."""


class NotAnEnrolment(ContractError):
    """Text that is no enrolment code of any office: a slip, a receipt, a menu."""


class DamagedEnrolment(ContractError):
    """An enrolment code whose check does not hold: a typing error, in the address or in the letters."""


class Unreadable(ContractError):
    """A sealed status that does not open: altered, of another slot, or under another key."""


class Refused(ContractError):
    """Signed bytes that do not hold: wrong signature, unknown or revoked key, or a rule of the feed broken."""
