"""The signs of the look, by name: what they mean on screen and paper, and nothing of how they are drawn."""

from enum import Enum


class Sign(Enum):
    """The big sign beside the answer."""

    WAITING = "waiting"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    REJECTED = "rejected"
    COMPLETED = "completed"


class Mark(Enum):
    """The sign of one step: a filled disc with a tick, a ring, an empty ring, a turned arrow, a cross."""

    DONE = "done"
    HERE = "here"
    COMING = "coming"
    RETURNED = "returned"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
