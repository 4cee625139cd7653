"""The gateway of an office: `sms.toml` in its data folder.

The password lies in a file of its own, or comes by the environment (ISTILAM_SMS_PASSWORD).
"""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from central_api.contract.enrolment import origin_of
from central_api.contract.errors import NotAnEnrolment
from central_api.store import NoOffice

FILE: Final = "sms.toml"
PASSWORD_VARIABLE: Final = "ISTILAM_SMS_PASSWORD"


class SmsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """sms.toml. `url`: of Kannel's sendsms; `reports`: where the gateway reaches this office, empty for no reports.

    `sender`: what the phone shows; `password_file`: beside sms.toml, unless absolute; `serve`: each `serve` sends, too;
    `timeout`: seconds for one answer, the whole of it.
    """

    url: str
    username: str
    sender: str
    reports: str = ""
    password_file: str = ""
    serve: bool = False
    timeout: float = 15.0


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """All that is needed to ask the gateway."""

    settings: SmsSettings
    password: str = field(repr=False)


def sms_settings(data: Path) -> GatewayAddress | None:
    """Read sms.toml, and the password; None where there is no such file. Raises NoOffice, naming what is wrong."""
    path = data / FILE
    if not path.exists():
        return None
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), SmsSettings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise NoOffice(f"{FILE} cannot be used: {error}") from None
    for name, url in (("url", settings.url), ("reports", settings.reports)):
        if url or name == "url":
            _check(name, url)
    if not 0 < settings.timeout <= 60:
        raise NoOffice(f"{FILE} cannot be used: timeout is up to 60 seconds - at `$.timeout`")
    return GatewayAddress(settings, _password(data, settings))


def _check(name: str, url: str) -> None:
    parts = urlsplit(url)
    try:
        # Numbers and codes pass here: plain HTTP to this machine alone.
        origin_of(f"{parts.scheme}://{parts.netloc}")
    except NotAnEnrolment:
        words = "expected https://HOST[:PORT]/..., or http:// where HOST is this machine"
        raise NoOffice(f"{FILE} cannot be used: {words} - at `$.{name}`") from None


def _password(data: Path, settings: SmsSettings) -> str:
    if password := os.environ.get(PASSWORD_VARIABLE):
        return password
    if not settings.password_file:
        raise NoOffice(f"{FILE} cannot be used: write password_file, or set {PASSWORD_VARIABLE}")
    try:
        return (data / settings.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise NoOffice(f"{FILE} cannot be used: the password file cannot be read - at `$.password_file`") from None
