"""Compares pictures with small ones that somebody looked at.

A quarter of the size, and grey: a shift of a pixel or a newer Mesa is nothing, a word that went missing is something.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

NAMES: Final = (
    *("ar-home", "ar-status-under-review", "fr-status-returned", "en-problem-damaged", "ar-printed"),
    *("ar-list-many-0", "ar-number-begun", "fr-rights-wages"),
)
"""The pictures that are kept."""
SHRINK: Final = 4
MOST_MEAN: Final = 2.0
"""Grey levels, of 255, by which the whole may differ."""
MOST_SPOT: Final = 48
"""Grey levels by which any spot of some millimetres may differ."""


def differences(folder: Path, pictures: list[Path], *, renew: bool) -> list[str]:
    """Tell which pictures are not what was looked at; with `renew`, keep what they are now."""
    told: list[str] = []
    for picture in pictures:
        if picture.stem not in NAMES:
            continue
        kept = folder / picture.name
        now = small(picture)
        if renew:
            folder.mkdir(parents=True, exist_ok=True)
            now.save(kept, optimize=True)
        elif not kept.exists():
            told.append(f"{picture.stem}: {kept} is missing; look at the picture, and renew it with --renew")
        elif not alike(now, Image.open(kept)):
            told.append(f"{picture.stem}: is not what {kept} shows; look at it, and renew that with --renew")
    return told


def small(picture: Path) -> Image.Image:
    """Return a picture as it is kept."""
    image = Image.open(picture).convert("L")
    return image.resize((image.width // SHRINK, image.height // SHRINK), Image.Resampling.BOX)


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two kept pictures show the same."""
    if one.size != other.size:
        return False
    difference = ImageChops.difference(one, other.convert("L"))
    mean = ImageStat.Stat(difference).mean[0]
    _, spot = difference.filter(ImageFilter.BoxBlur(2)).getextrema()
    return mean <= MOST_MEAN and float(str(spot)) <= MOST_SPOT
