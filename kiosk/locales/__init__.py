"""The words as gettext catalogues: `<language>/LC_MESSAGES/istilam.po`, compiled by `python -m kiosk.locales`.

Keys are symbolic (`answer.rejected`), so that no language is the translation of another. Each entry says where its
words show and where they come from; `docs/wording.md` is made of that.
"""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
DOMAIN: Final = "istilam"


def catalogue_path(language: str, suffix: str) -> Path:
    """Return where the catalogue of a language lies: suffix `po` (written by people) or `mo` (compiled)."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"
