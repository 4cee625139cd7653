"""The slip's QR code: `HTTPS://<HOST>/#<tracking>.<slip key in base32>`, in upper case."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from . import base32
from .errors import ContractError, DamagedSlip, ForeignSlip, NotASlip
from .keys import SLIP_KEY_BYTES
from .numbers import parse_tracking_number

# A slip is 65 to 100 characters; a scanner that sends kilobytes did not read one.
MAX_SLIP_CHARACTERS: Final = 512
_URL: Final = re.compile(
    r"HTTPS://(?P<host>[A-Z0-9.-]{1,253}(?::[0-9]{1,5})?)(?P<path>[^#]*)#(?P<fragment>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip tells: which application (11 digits), and the 16 bytes that open its status."""

    tracking: str
    key: bytes = field(repr=False)


def slip_url(host: str, slip: Slip) -> str:
    """Write the text of a slip's QR code, in upper case so that QR's alphanumeric mode takes all but its #."""
    return f"HTTPS://{host.upper()}/#{slip.tracking}.{base32.encode(slip.key)}"


def parse_slip(text: str, hosts: Collection[str]) -> Slip:
    """Read the text of a scanned QR code as a slip of one of our hosts, without regard to case.

    Raises NotASlip (some other text), ForeignSlip (a slip of another host) or DamagedSlip (ours, but not whole).
    """
    if len(text) > MAX_SLIP_CHARACTERS:
        raise NotASlip("longer than any slip")
    # Some foreign letters have an ASCII capital: in another script it is another address.
    found = _URL.fullmatch(text.strip("\r\n\t \0").upper()) if text.isascii() else None
    if found is None:
        raise NotASlip("no slip address")
    ours = found["host"] in {host.upper() for host in hosts}
    if found["path"] != "/":
        raise NotASlip("an address, but not a slip's")
    try:
        number, _, key = found["fragment"].partition(".")
        if not number.isdigit():
            raise DamagedSlip("no tracking number")
        slip = Slip(parse_tracking_number(number), base32.decode(key, SLIP_KEY_BYTES))
    except ContractError as error:
        raise (DamagedSlip if ours else NotASlip)(str(error)) from None
    if not ours:
        raise ForeignSlip("another ministry's slip")
    return slip
