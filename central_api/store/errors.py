"""What the store can refuse, or fail at. No message holds a number, a name, a phone or a secret."""

from central_api.workflow import RefusalCode


class ActionRefused(Exception):
    """The rules do not allow it, and nothing changed. `code` is for programs, `words` for people."""

    def __init__(self, code: RefusalCode, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class NoOffice(Exception):
    """The folder holds no office, or only part of one."""


class StoreFailed(Exception):
    """The disk is full, or the database cannot be written. What was asked is not recorded."""
