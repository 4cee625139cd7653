"""Imports: what the ministry's older systems report, from CSV and JSONL files. The columns are in docs/import.md."""

from .files import WrongFile
from .importer import Imported, import_file

__all__ = ["Imported", "WrongFile", "import_file"]
