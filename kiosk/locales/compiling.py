"""Reads the written catalogues and compiles them. Needs Babel, which a terminal does not have."""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from central_api.contract.catalogue import WRITTEN_LANGUAGES
from kiosk.visit_state import CORE_LANGUAGES

from . import DOMAIN, catalogue_path

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

# Babel would write the hour of compiling: the same words would never be the same file twice.
_NO_DATE: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_catalogue(language: str) -> "Catalog":
    """Read what people wrote for one language. Raises PoFileError where the file is malformed."""
    from babel.messages.pofile import read_po

    with catalogue_path(language, "po").open("rb") as written:
        return read_po(written, locale=language, domain=DOMAIN, abort_invalid=True)


def compile_catalogues() -> None:
    """Write every `.mo` beside its `.po`; replaced whole, so that a running terminal never reads half of one.

    Two processes may compile at once, as the test workers do: each has a partial file of its own.
    """
    from babel.messages.mofile import write_mo

    for language in (*WRITTEN_LANGUAGES, *CORE_LANGUAGES):
        target = catalogue_path(language, "mo")
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as compiled:
            words = read_catalogue(language)
            words.creation_date = _NO_DATE
            write_mo(compiled, words)
        partial.replace(target)
