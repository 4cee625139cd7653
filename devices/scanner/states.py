"""What a scanner can be in: a closed set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScannerReady:
    """Plugged in and read from."""


@dataclass(frozen=True, slots=True)
class ScannerOffline:
    """Unplugged, not to be opened, or there is none at this terminal; why: for the operator."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class ScannerUnknown:
    """Its driver is being started again, or it sends what no scanner sends; why: for the operator."""

    why: str


ScannerState = ScannerReady | ScannerOffline | ScannerUnknown
