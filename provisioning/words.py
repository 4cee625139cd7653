"""What provisioning says to the technician, in the language that was asked for."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["ar", "fr", "en"]

_FILE: Final = Path(__file__).with_name("enrolment.toml")


def say(language: Language, table: str, key: str, **values: object) -> str:
    """Return one sentence of `enrolment.toml`, with its values set in. Raises KeyError for one that is not there."""
    return _sentences()[table][key][language].format(**values)


@cache
def _sentences() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
