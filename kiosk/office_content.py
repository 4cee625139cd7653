"""What the office tells every visitor: signed, kept beside the vault, verified at each start, never going back."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central_api.contract.content import MAX_CONTENT_BYTES, Content
from central_api.contract.content_bytes import open_content
from central_api.contract.errors import Refused
from devices.durable import write_whole

from .guide_state import Guide
from .words import day_of

if TYPE_CHECKING:
    from .link import OfficeLink

FILE: Final = "office-content.cbor"
PATH: Final = "/v1/content"
_WITHIN: Final = 10.0
MOST_BYTES: Final = MAX_CONTENT_BYTES + 1024


class OfficeContent:
    """The content in one data folder. `key_of` gives content keys by their numbers."""

    def __init__(self, data: Path, key_of: Callable[[int], bytes]) -> None:
        self._path = data / FILE
        self._key_of = key_of
        self.current: Content | None = None

    @property
    def number(self) -> int:
        """The number in use; 0 for none."""
        return 0 if self.current is None else self.current.number

    def load(self) -> str | None:
        """Take up what was kept, if it still holds; returns why it does not."""
        try:
            self.current = open_content(self._path.read_bytes(), self._key_of)
        except FileNotFoundError:
            return None
        except (OSError, Refused) as error:
            return str(error)
        return None

    def is_newer(self, data: bytes) -> bool:
        """Tell whether signed content is of a higher number than what is in use. Raises Refused."""
        return open_content(data, self._key_of).number > self.number

    def take(self, data: bytes) -> Content:
        """Take newer content, and keep it. Raises Refused, or OSError where the disk does not take it."""
        content = open_content(data, self._key_of)
        if content.number < self.number or (content.number == self.number and content != self.current):
            raise Refused("content that goes back")
        if content != self.current:
            write_whole(self._path, data)
            self.current = content
        return content

    def fetch(self, link: "OfficeLink") -> str | None:
        """Ask the office for what is in force, and take it; returns why there is nothing new."""
        from .link import OfficeUnreachable

        try:
            answer = link.get(PATH, seconds=_WITHIN, most=MOST_BYTES)
            if answer.status != 200:
                return f"{PATH}: {answer.status}"
            self.take(answer.body)
        except (OfficeUnreachable, OSError, Refused) as error:
            return str(error)
        return None


def guide_of(content: Content, now: int | None) -> Guide:
    """Say what holds today (`now`: seconds since 1970, UTC).

    Without a trusted time it is the day from which the content is in force: nothing is shown before its day.
    """
    since = _day(content.effective)
    return Guide(content, since if now is None else max(since, _day(now)))


def _day(seconds: int) -> int:
    """Return the day in Lebanon, as days since 1970; a time that no calendar holds is the first day."""
    try:
        return day_of(seconds)
    except (OverflowError, ValueError, OSError):
        return 0
