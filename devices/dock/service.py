"""Where the dock must not start: at a terminal that serves visitors."""

import json
from pathlib import Path
from typing import Any, Final, cast

from devices.address import is_loopback

SETTINGS: Final = Path("/etc/istilam/terminal.toml")
"""The settings of a machine that the package made a terminal."""


class InService(Exception):
    """This is a terminal that visitors use; says why."""


def refuse_in_service(data: Path, office: str | None, settings: Path = SETTINGS) -> None:
    """Raise InService for a machine with a terminal's settings, for an enrolled terminal, for an office elsewhere."""
    if settings.exists():
        raise InService(f"this machine is set up as a terminal ({settings})")
    identity = data / "identity"
    if identity.exists() and not is_loopback(_office_of(identity)):
        raise InService(f"{data} belongs to a terminal that is enrolled at an office")
    if office is not None and not is_loopback(office):
        raise InService("the office is not on this machine")


def _office_of(identity: Path) -> str:
    try:
        facts = cast(dict[str, Any], json.loads((identity / "identity.json").read_bytes()))
        return str(facts["office_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
