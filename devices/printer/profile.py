"""Printer models: what python-escpos' capability database tells, and in models.toml what it does not.

The database is read without importing python-escpos itself: that import unpacks it through YAML into a temporary
folder and costs half a second and 12 MB.
"""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

Flow = Literal["rts", "dtr", "xonxoff", "none"]
"""How a serial printer stops us: RTS/CTS, its DTR on our DSR, XOFF, or not at all."""

ROLL_MM: Final = 80_000
"""80 m, the usual roll for 80 mm heads."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a model before it is asked.

    width_dots: of the head, None where nobody knows; dpi: dots an inch, both ways. cuts: whether it has a cutter;
    raster: whether it prints pictures (GS v 0). confirms (GS ( H) and tells (GS a, automatic status): None where only
    asking shows it. near_end: whether a sensor sees the end of the roll coming; roll_mm: length of a new roll. flow:
    on a serial line. names: what it may answer to GS I 67.
    """

    name: str
    width_dots: int | None
    cuts: bool = True
    raster: bool = True
    dpi: int = 203
    confirms: bool | None = None
    tells: bool | None = None
    near_end: bool | None = None
    roll_mm: int = ROLL_MM
    flow: Flow = "rts"
    names: tuple[str, ...] = ()


UNKNOWN: Final = Profile("", None)
"""A printer of which nothing was set: it is asked, and its name is not judged."""


def profile(name: str) -> Profile:
    """Raises ValueError with the known names for one that is not known."""
    profiles, ours = _database(), _ours()
    if name not in profiles and name not in ours:
        raise ValueError(f"no printer profile {name!r}; known: {', '.join(sorted(profiles | ours))}")
    known: dict[str, Any] = {}
    if name in profiles:
        media, features = profiles[name]["media"], profiles[name]["features"]
        known = {
            "width_dots": _number(media["width"].get("pixels")),
            "dpi": _number(media.get("dpi")) or UNKNOWN.dpi,
            "cuts": features.get("paperFullCut", False) or features.get("paperPartCut", False),
            "raster": features.get("bitImageRaster", False),
        }
    known |= ours.get(name, {})
    known["names"] = tuple(known.get("names", ()))
    return Profile(name, **known)


def profile_or_unknown(name: str | None) -> Profile:
    return profile(name) if name else UNKNOWN


def check_width(name: str, width_dots: int) -> Profile:
    """The profile, if a head of so many dots is possible for it and it prints pictures; else ValueError."""
    model = profile(name)
    if not model.raster:
        raise ValueError(f"{name} does not print pictures (GS v 0), which all our papers are")
    if model.width_dots is not None and width_dots > model.width_dots:
        raise ValueError(f"{name} has a head of {model.width_dots} dots, not {width_dots}")
    return model


def stands_in(answered: str, model: Profile) -> bool:
    """Whether a printer that answers with this name prints our papers as the model set does."""
    if not model.names or answered in model.names:
        return True
    others = [profile(name) for name, known in _ours().items() if answered in known.get("names", ())]
    return any(other.width_dots == model.width_dots and other.dpi == model.dpi for other in others)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


@cache
def _database() -> dict[str, Any]:
    spec = find_spec("escpos")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("python-escpos is not installed")
    return json.loads((Path(spec.submodule_search_locations[0]) / "capabilities.json").read_text())["profiles"]


@cache
def _ours() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "models.toml").read_text(encoding="utf-8"))
