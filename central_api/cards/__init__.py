"""Judges the chips of passports and residence permits (ICAO 9303-11, 9303-12); what an MRZ says is read here alone."""

from .document import Document
from .issuers import Issuers
from .judge import Judged, judge

__all__ = ["Document", "Issuers", "Judged", "judge"]
