"""Imports: what the ministry's older systems report, from CSV and JSONL files. The columns are in docs/import.md."""

from .files import WrongFile
from .importer import Imported, import_file, profile_of
from .profiles import Profile, WrongProfile, read_profile

__all__ = ["Imported", "Profile", "WrongFile", "WrongProfile", "import_file", "profile_of", "read_profile"]
