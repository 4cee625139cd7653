"""Printer models, from python-escpos' capability database.

The database is read without importing python-escpos itself: that import unpacks it through YAML into a temporary
folder and costs half a second and 12 MB.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """width_dots: of the head, None where the database does not know; cuts: whether it has a cutter."""

    name: str
    width_dots: int | None
    cuts: bool
    raster: bool


def profile(name: str) -> Profile:
    """Raises ValueError with the known names for one that is not in the database."""
    profiles = _database()
    if name not in profiles:
        raise ValueError(f"no printer profile {name!r}; known: {', '.join(sorted(profiles))}")
    data = profiles[name]
    width = data["media"]["width"]["pixels"]
    features: dict[str, bool] = data["features"]
    return Profile(
        name,
        width if isinstance(width, int) else None,
        features.get("paperFullCut", False) or features.get("paperPartCut", False),
        features.get("bitImageRaster", False),
    )


def check_width(name: str, width_dots: int) -> Profile:
    """The profile, if a head of so many dots is possible for it; else ValueError."""
    model = profile(name)
    if model.width_dots is not None and width_dots > model.width_dots:
        raise ValueError(f"{name} has a head of {model.width_dots} dots, not {width_dots}")
    return model


@cache
def _database() -> dict[str, Any]:
    spec = find_spec("escpos")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("python-escpos is not installed")
    return json.loads((Path(spec.submodule_search_locations[0]) / "capabilities.json").read_text())["profiles"]
