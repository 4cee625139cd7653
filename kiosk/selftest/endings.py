"""What becomes of a self-test's readiness slip, and of its result on the way to the office."""

from enum import Enum


class Slip(Enum):
    """The readiness slip. NONE: there is no printer, or it prints nothing."""

    PRINTING = "printing"
    PRINTED = "printed"
    SENT = "sent"
    NOT_PRINTED = "not_printed"
    NONE = "none"


class Sending(Enum):
    """The result on its way to the office. KEPT: on the disk until the office answers; LOST: not even that."""

    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    LOST = "lost"
