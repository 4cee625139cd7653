"""What the supervisor tells of a camera beside its codes, to a listener of its own."""

from dataclasses import dataclass, field
from enum import Enum


class Hint(Enum):
    """Why a slip that is held before the camera is not read."""

    DARK = "dark"
    FAR = "far"
    CREASED = "creased"


@dataclass(frozen=True, slots=True)
class CameraHinted:
    """hint: what the visitor can change; None when there is nothing to change any more."""

    hint: Hint | None


@dataclass(frozen=True, slots=True)
class CameraPreview:
    """A small grey picture of what the camera sees: width * height bytes, rows from the top. It is never kept."""

    width: int
    height: int
    grey: bytes = field(repr=False)


CameraEvent = CameraHinted | CameraPreview
