"""`make pictures`: the pictures of the README, from the real screens and paper of `make screens`, at half size."""

import sys
from pathlib import Path

from PIL import Image

PICTURES = {
    "home-ar": "ar-home",
    "status-ar": "ar-status-under-review",
    "returned-fr": "fr-status-returned",
    "not-printed-en": "en-not-printed-paper_out",
    "receipt-ar": "ar-paper-under-review",
    "receipt-fr": "fr-paper-returned",
}


def main(screens: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, source in PICTURES.items():
        picture = Image.open(screens / f"{source}.png").convert("L" if "-paper-" in source else "RGB")
        half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
        half.save(out / f"{name}.png", optimize=True)
    print(f"{len(PICTURES)} pictures in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
