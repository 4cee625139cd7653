"""Keeps the vault up with the office: a thread that asks for the next page of the feed, again and again.

What cannot be done now is said in words and tried again later; nothing that the office, or somebody in its place,
sends can end the thread.
"""

import json
import random
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from central_api.contract.errors import ContractError
from central_api.contract.signed import PUBLIC_KEY_BYTES
from devices.address import is_loopback

from .clock import TrustedClock
from .frozen import frozen
from .office_time import OfficeTime, TimeNotTold
from .vault import Alarm, Applied, DiskFull, NotPinned, Outcome, PageRefused, Pins, Vault
from .vault_file import NoRoom

if TYPE_CHECKING:
    from .identity import Identity
    from .link import Answer, OfficeLink

# Seconds.
POLL_EVERY: Final = 5.0
POLL_JITTER: Final = 0.2  # of the pause, either way, so that terminals do not ask in step
RETRY_FIRST: Final = 1.0
RETRY_MOST: Final = 30.0
ASK_TIME_EVERY: Final = 3600.0
SMALL_ANSWER_WITHIN: Final = 5.0
PAGE_WITHIN: Final = 30.0  # while it is on its way
SILENT: Final = 5.0  # without a byte of it: home says that the network is down one poll and this later, at most

PAGE_ENTRIES: Final = 5_000
# A page holds whole versions only, so it may be larger than asked for; 50,000 entries of usual size fit.
MAX_PAGE_BYTES: Final = 1 << 24
MAX_SMALL_BYTES: Final = 1 << 18
# While there is more to come, this many pages share one commit: it halves what the index costs the disk. With more of
# them, what they change no longer fits into the vault's cache, and is written twice.
PAGES_A_COMMIT: Final = 4
_MOST_DIGITS: Final = 20


@frozen
class LinkReport:
    """The link to the office came up or was cut, and why. `revoked`: the office answers, and wants none of us."""

    up: bool
    why: str
    revoked: bool = False


SyncReport: TypeAlias = LinkReport | Alarm | PageRefused | DiskFull


class LinkBelief:
    """Whether the office is believed to answer. Sync alone says yes; a look-up that waited in vain says no."""

    def __init__(self, report: Callable[[LinkReport], None]) -> None:
        self._report = report
        self._lock = Lock()
        self._up: bool | None = None
        self._revoked = False

    @property
    def up(self) -> bool:
        return self._up is True

    @property
    def revoked(self) -> bool:
        return self._revoked

    def believe(self, up: bool, why: str, *, revoked: bool = False) -> None:
        """Take note; reports a change, and the first belief. Who is revoked stays so until the office answers again."""
        with self._lock:
            revoked = not up and (revoked or self._revoked)
            changed = (self._up, self._revoked) != (up, revoked)
            self._up, self._revoked = up, revoked
        if changed:
            self._report(LinkReport(up, why, revoked))


class _Fault(Exception):
    """A round that could not be done; its text says why."""


class NoOffice(_Fault):
    """What answers is no office of ours."""


class _Revoked(Exception):
    """The office has revoked this terminal."""


class _NotTaken(Exception):
    """What the office sent is not in the vault."""

    def __init__(self, why: PageRefused | Alarm | DiskFull) -> None:
        super().__init__(why.why)
        self.report = why


class Sync:
    """Polls one office for one vault. `report` is called from the thread for what is not a change of the link.

    `after_round` is called from the thread after each try, whatever became of it, to use the same connection;
    `content_announced` takes the number of the content in force with each page, 0 where there is none.
    """

    def __init__(
        self,
        vault: Vault,
        url: str,
        clock: TrustedClock,
        belief: LinkBelief,
        report: Callable[[SyncReport], None],
        *,
        identity: "Identity | None" = None,
        after_round: "Callable[[OfficeLink], None] | None" = None,
        content_announced: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._vault = vault
        self._url = url
        self._identity = identity
        self._after_round = after_round
        self._content_announced = content_announced
        self._time = OfficeTime(clock, lambda: vault.keys)
        self._clock = clock
        self._belief = belief
        self._report = report
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sync", daemon=True)
        self._asked_time: float | None = None
        self._told: SyncReport | None = None
        self.settled = Event()
        """Set once the vault is caught up, or the office is known not to answer."""

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self, within: float = PAGE_WITHIN + 1) -> bool:
        """End the thread; waits so many seconds for the request in hand, and says whether the thread has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within)
        return not self._thread.is_alive()

    def _run(self) -> None:
        from .link import OfficeLink

        link = OfficeLink(self._url, self._identity, self._time)
        retry = RETRY_FIRST
        while not self._stopping.is_set():
            if self.round(link):
                pause, retry = POLL_EVERY, RETRY_FIRST
            else:
                pause, retry = retry, min(2 * retry, RETRY_MOST)
            if self._after_round is not None:
                self._after_round(link)
            self._stopping.wait(pause * random.uniform(1 - POLL_JITTER, 1 + POLL_JITTER))
        link.close()

    def round(self, link: "OfficeLink") -> bool:
        """Catch up once: whose office, its keys, the time, all pages. Says whether the office was heard and held."""
        from .link import OfficeUnreachable

        try:
            self._know_the_office(link)
            self._ask_time(link)
            self._catch_up(link)
        except (OfficeUnreachable, TimeNotTold, _Fault) as error:
            return self._fail(str(error))
        except _Revoked as error:
            return self._fail(str(error), revoked=True)
        except _NotTaken as error:
            return self._fail(str(error), error.report)
        except (ContractError, NotPinned) as error:
            return self._fail(str(error), PageRefused(str(error)))
        except NoRoom as error:
            return self._fail(str(error), DiskFull(str(error)))
        else:
            return True
        finally:
            self.settled.set()

    def _fail(self, why: str, report: SyncReport | None = None, *, revoked: bool = False) -> bool:
        """Say why this round failed, the same thing once only."""
        if report is not None and report != self._told:
            self._told = report
            self._report(report)
        # A full disk is no fault of the office: it may still be asked for one status at a time.
        self._belief.believe(isinstance(report, DiskFull), why, revoked=revoked)
        return False

    def _know_the_office(self, link: "OfficeLink") -> None:
        if self._identity is not None:
            make_ours(self._vault, self._identity)
        elif self._vault.pins is None:
            if not is_loopback(self._url):
                raise _Fault("this terminal is not enrolled, and an office elsewhere is not trusted on first use")
            self._vault.pin(pins_told(_small(link, "/v1/office").body))
        if self._vault.keys is None:
            self._fetch_keys(link)

    def _fetch_keys(self, link: "OfficeLink") -> None:
        self._vault.keep_keys(_small(link, "/v1/keys").body)

    def _ask_time(self, link: "OfficeLink") -> None:
        """Ask now and then for the time itself: a page was signed a while before it came."""
        if self._asked_time is not None and monotonic() - self._asked_time < ASK_TIME_EVERY:
            return
        self._time.ask(link)
        self._asked_time = monotonic()

    def _catch_up(self, link: "OfficeLink") -> None:
        try:
            self._take_pages(link)
        finally:  # what came before a cut is kept
            full = self._vault.commit()
            self._clock.seen(self._vault.mark.time)
        if full:
            raise _NotTaken(full)
        self._told = None

    def _take_pages(self, link: "OfficeLink") -> None:
        pages = 0
        while not self._stopping.is_set():
            before = self._vault.next_cursor
            pages += 1
            outcome = self._next_page(link, hold=pages % PAGES_A_COMMIT != 0)
            if not isinstance(outcome, Applied):
                raise _NotTaken(outcome)
            self._belief.believe(True, "the office answers")
            if outcome.cursor == before:
                return

    def _next_page(self, link: "OfficeLink", *, hold: bool) -> Outcome:
        query = {"after": str(self._vault.next_cursor), "limit": str(PAGE_ENTRIES)}
        answer = link.get("/v1/feed", seconds=PAGE_WITHIN, silent=SILENT, most=MAX_PAGE_BYTES, query=query)
        if answer.status == 409:
            return Alarm("the office's chain is shorter than what it has shown before", self._vault.mark.position)
        _expect_ok(answer)
        if self._vault.keys and _announced(answer, "Istilam-Key-List") > self._vault.keys.number:
            self._fetch_keys(link)
        self._content_announced(_announced(answer, "Istilam-Content"))
        outcome = self._vault.apply(answer.body, hold=hold)
        if isinstance(outcome, PageRefused) and outcome.unknown_key:
            self._fetch_keys(link)
            outcome = self._vault.apply(answer.body, hold=hold)
        return outcome


def _announced(answer: "Answer", header: str) -> int:
    """Return the number that a header announces; 0 for none."""
    number = answer.headers.get(header, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS else 0


def _small(link: "OfficeLink", path: str) -> "Answer":
    answer = link.get(path, seconds=SMALL_ANSWER_WITHIN, most=MAX_SMALL_BYTES)
    _expect_ok(answer)
    return answer


def _expect_ok(answer: "Answer") -> None:
    from .link import REVOKED

    if answer.status == 401:
        raise _Fault("the office does not know this terminal")
    if answer.status == 403 and answer.problem == REVOKED:
        raise _Revoked("the office has revoked this terminal")
    if answer.status != 200:
        raise _Fault(f"the office answers {answer.status}")


def make_ours(vault: Vault, identity: "Identity") -> None:
    """Give a vault to the office that enrolled this terminal, with the keys of that day. Raises NotPinned, NoRoom."""
    vault.pin(pins_of(identity))
    if vault.keys is None and (listed := identity.key_list) is not None:
        vault.keep_keys(listed)


def pins_of(identity: "Identity") -> Pins:
    """Say whose statuses an enrolled terminal holds."""
    return Pins(identity.ministry, identity.host, identity.root_key)


def pins_told(body: bytes) -> Pins:
    """Read `GET /v1/office`. Raises NoOffice."""
    try:
        told = cast(object, json.loads(body))
        match told:
            case {"ministry": str(ministry), "host": str(host), "root_key": str(root_key)}:
                pins = Pins(ministry, host, bytes.fromhex(root_key))
            case _:
                raise NoOffice("the office does not say who it is")
    except (ValueError, RecursionError):
        raise NoOffice("the office does not say who it is") from None
    if len(pins.root_key) != PUBLIC_KEY_BYTES:
        raise NoOffice("the office does not say who it is")
    return pins
