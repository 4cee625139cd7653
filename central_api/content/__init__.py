"""The content that the office edits: read from TOML, joined with the workflow tables, ready to be signed."""

from .source import join_tables, read_content, sample
from .week import NotHours, read_week

__all__ = ["NotHours", "join_tables", "read_content", "read_week", "sample"]
