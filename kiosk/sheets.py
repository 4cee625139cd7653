"""From a status in plain, as the office signed it, to what a visit shows and prints."""

from central_api.contract.receipts import receipt_of, receipt_url
from central_api.contract.status import decode_status

from .clock import TrustedClock
from .vault import Pins, Vault
from .visit_state import DataAge, Sheet


def sheet_of(plain: bytes, version: int, vault: Vault, pins: Pins, age: DataAge) -> Sheet:
    """Open a status; refuse one that its receipt does not hold. Raises ContractError."""
    status = decode_status(plain)
    receipt_of(plain, version, vault.receipt_key)
    return Sheet(status, version, plain, age, receipt_url(pins.host, plain, version))


def just_answered(clock: TrustedClock) -> DataAge:
    """Return the age of what the office has told this moment."""
    now = clock.now()
    seconds = now.seconds if now.trusted else None
    return DataAge(seconds, seconds, link_cut=False)
