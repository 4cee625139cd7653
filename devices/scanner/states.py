"""What a scanner can be in: a closed set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScannerReady:
    """Plugged in and read from."""


@dataclass(frozen=True, slots=True)
class ScannerOffline:
    """Unplugged, or there is none at this terminal."""


@dataclass(frozen=True, slots=True)
class ScannerUnknown:
    """Its driver is being started again; why: for the operator."""

    why: str


ScannerState = ScannerReady | ScannerOffline | ScannerUnknown
