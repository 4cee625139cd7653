"""What an enrolled terminal does for its office beside following the feed: it reports, and takes settings and keys."""

import secrets
import sqlite3
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central_api.contract.errors import ContractError
from central_api.contract.heartbeat import Heartbeat, HeartbeatAnswer
from central_api.contract.terminal_settings import TerminalSettings

from . import machine
from .clock import TrustedClock, since_boot
from .gauges import Gauges
from .heartbeat import Pulse
from .identity import Identity
from .logbook import Logbook
from .office_settings import OfficeSettings
from .selftest.reports import send_waiting
from .vault import Alarm, Vault
from .vault_file import NoRoom

if TYPE_CHECKING:
    from .link import OfficeLink

_WITHIN: Final = 5.0
_MOST_BYTES: Final = 1 << 18
_HEAD_BYTES: Final = 16
_RUN_BYTES: Final = 8


class Duties:
    """The duties of one run of a terminal. `tell` takes an event's name and why, for the journal; `alarm` an alarm."""

    def __init__(
        self,
        data: Path,
        identity: Identity,
        vault: Vault,
        clock: TrustedClock,
        gauges: Gauges,
        *,
        tell: Callable[[str, str], None],
        alarm: Callable[[Alarm], None],
    ) -> None:
        self._data = data
        self._identity = identity
        self._vault = vault
        self._clock = clock
        self._gauges = gauges
        self._tell = tell
        self._alarm = alarm
        self._run = secrets.token_bytes(_RUN_BYTES)
        self._settings = OfficeSettings(data, identity.name, vault.content_key)
        if why := self._settings.load():
            tell("office settings", why)
        self._logbook: Logbook | None = None
        self._pulse: Pulse | None = None
        if why := self._open_logbook():
            tell("logbook", why)
        self._disagrees = False

    @property
    def settings(self) -> TerminalSettings | None:
        """What the office set on this terminal; None where it set nothing yet."""
        return self._settings.current

    def after_round(self, link: "OfficeLink") -> None:
        """Report if it is time, and fetch what the office says is new."""
        if self._logbook is None:
            self._open_logbook()  # the disk that refused it at the start may have room now
        answer = self._pulse.beat(link) if self._pulse is not None else None
        if answer is None:
            return
        send_waiting(self._data, link)
        try:
            self._fetch_news(link, answer)
        except (ContractError, NoRoom, OSError) as error:
            self._tell("office settings", str(error))
        if self._disagrees is answer.head_agrees:
            self._disagrees = not answer.head_agrees
            if self._disagrees:
                self._alarm(
                    Alarm("the office has another audit head than it has shown here", self._vault.mark.position)
                )

    def end(self) -> None:
        """Note an orderly end."""
        if self._logbook is not None:
            try:
                self._logbook.end()
            except sqlite3.DatabaseError as error:
                self._tell("logbook", str(error))
            self._logbook.close()

    def _open_logbook(self) -> str:
        """Open what reports are kept in; returns why the disk does not let us."""
        try:
            logbook = Logbook(self._data)
            logbook.begin(machine.boot_id())
        except sqlite3.DatabaseError as error:
            return str(error)
        self._logbook, self._pulse = logbook, Pulse(logbook, self._measure)
        return ""

    def _fetch_news(self, link: "OfficeLink", answer: HeartbeatAnswer) -> None:
        if self._vault.keys is not None and answer.key_list > self._vault.keys.number:
            self._vault.keep_keys(_body(link, "/v1/keys"))
        if answer.settings > self._settings.number:
            self._settings.take(_body(link, "/v1/settings"))

    def _measure(self, number: int, waiting: int) -> Heartbeat:
        now, mark, power = self._clock.now(), self._vault.mark, machine.read_power()
        keyid = self._identity.latest().keyid
        assert self._logbook is not None, "its pulse asks"
        return Heartbeat(
            taken=now.seconds,
            trusted=now.trusted,
            sequence=number,
            machine=machine.machine_name(keyid),
            run=self._run,
            version=_version(),
            boots=self._logbook.boots,
            unclean=self._logbook.unclean,
            uptime=int(since_boot()),
            devices=self._gauges.devices(),
            paper_mm=self._gauges.paper_mm(),
            cursor=mark.cursor,
            head_position=mark.position or None,
            head=mark.head[:_HEAD_BYTES] if mark.position else None,
            synced=mark.time or None,
            queue=waiting,
            offset=int(time.time()) - now.seconds if now.trusted else None,
            disk_free=machine.disk_free(self._data),
            temperature=machine.temperature(),
            mains=power.mains,
            battery=power.battery,
            settings=self._settings.number or None,
            visits=self._gauges.visits,
            printed=self._gauges.printed,
            not_printed=self._gauges.not_printed,
        )


class _NotGiven(OSError):
    """The office announced it, and does not give it."""


def _body(link: "OfficeLink", path: str) -> bytes:
    from .link import OfficeUnreachable

    try:
        answer = link.get(path, seconds=_WITHIN, most=_MOST_BYTES)
    except OfficeUnreachable as error:
        raise _NotGiven(str(error)) from None
    if answer.status != 200:
        raise _NotGiven(f"{path}: {answer.status}")
    return answer.body


@cache
def _version() -> str:
    return version("istilam")
