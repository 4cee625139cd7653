"""The office on the network: API for terminals and mirrors, and the page that a phone opens from a slip."""

from .server import NoOrigin, NotOnLoopback, serve

__all__ = ["NoOrigin", "NotOnLoopback", "serve"]
