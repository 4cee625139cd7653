"""The console: pages where people of the office sign in and work. Drawn by the server; no script runs in them."""

from .app import make_console

__all__ = ["make_console"]
