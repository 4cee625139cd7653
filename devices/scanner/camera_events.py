"""What the supervisor tells of a camera beside its codes, to a listener of its own."""

from dataclasses import dataclass, field
from enum import Enum


class Hint(Enum):
    """Why a slip that is held before the camera is not read."""

    DARK = "dark"
    FAR = "far"
    CREASED = "creased"


@dataclass(frozen=True, slots=True)
class CameraSees:
    """held: something is before it that it does not read (yet). hint: what whoever holds it can change, if anything."""

    held: bool
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class CameraPreview:
    """A small grey picture of what the camera sees: width * height bytes, rows from the top. It is never kept."""

    width: int
    height: int
    grey: bytes = field(repr=False)


CameraEvent = CameraSees | CameraPreview
