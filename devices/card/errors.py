"""What can go wrong between us and a card. Texts never carry what a card or a visitor said."""


class CardError(Exception):
    """The family: whoever reads a card catches this."""


class Malformed(CardError):
    """The card's answer is not what the standard says."""


class Refused(CardError):
    """The card answered with a status other than success."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the card answered {status:04X}")
        self.status = status


class WrongKey(CardError):
    """The chip does not open with this key: a typing error, or the fields of another document."""


class NeedsKey(CardError):
    """The chip opens with another kind of key than the one given, or none was given."""


class BadKey(ValueError):
    """What was typed or scanned cannot be a key of any document."""


class Pulled(CardError):
    """The card went away while we spoke with it."""


class Mute(CardError):
    """The card is in and answers nothing."""


class TooSlow(CardError):
    """The whole read took longer than a visitor waits."""


class ReaderGone(CardError):
    """The reader was unplugged."""


class ServiceGone(CardError):
    """pcscd is not running, or was restarted: every context of before is worthless."""
