"""The office on the network: API for terminals and mirrors, and the page that a phone opens from a slip."""

from .server import NoOrigin, NotOnLoopback, log_to_stderr, serve

__all__ = ["NoOrigin", "NotOnLoopback", "log_to_stderr", "serve"]
