"""Which of the office's keys may sign a page of the feed, and when."""

from collections.abc import Iterable

from central_api.contract.errors import Refused
from central_api.contract.feed import FeedPage
from central_api.contract.keylist import NO_KEYS, KeyList, ListedKey, Purpose


class FeedKeys:
    """Finds feed keys for one page, and judges afterwards that the key was valid when the page says it was signed.

    The page's own time is the right one to judge by: it can never be older than the last page's, while the terminal's
    clock may be wrong by years.
    """

    def __init__(self, keys: KeyList | None) -> None:
        self._keys = keys
        self._used: ListedKey | None = None
        self.unknown = False

    def __call__(self, key_id: int) -> bytes:
        self.unknown = self._keys is None or all(key.key_id != key_id for key in self._keys.keys)
        self._used = listed(self._keys, key_id, Purpose.FEED)
        return self._used.public

    def judge(self, time: int) -> None:
        """Raise Refused unless the key that was found was valid at `time` (seconds since 1970, UTC)."""
        if self._used is None or not self._used.not_before <= time <= self._used.not_after:
            raise Refused("a key that is not valid at that time")

    def judged(self, first: FeedPage, rest: Iterable[FeedPage]) -> Iterable[FeedPage]:
        """Give the first page, which was judged, and judge each of the rest as it comes. Raises Refused."""
        yield first
        for page in rest:
            self.judge(page.time)
            yield page


def listed(keys: KeyList | None, key_id: int, purpose: Purpose) -> ListedKey:
    """Give a key of a list by its number, whatever its validity. Raises Refused for one that is unknown or revoked."""
    return (keys or NO_KEYS).listed(key_id, purpose)
