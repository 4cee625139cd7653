"""One terminal: its vault, its link to the office, its devices, and how the flow's effects are carried out.

Knows no toolkit. Everything here may be called from the window's thread and returns at once; what takes time runs on
threads and processes of its own and comes back as events.
"""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from .settings import Settings
from .visit_events import Effect, Event, LinkChanged, LookedUp, LookUp, PrintReceipt, ScannerChanged, Wipe

if TYPE_CHECKING:
    from devices.events import DeviceEvent
    from devices.supervisor import Supervisor

    from .clock import TrustedClock
    from .lookup import Lookup
    from .sync import LinkReport, Sync, SyncReport
    from .vault import Vault

_VISIT_MARK = "visit-open"
_PRINT_JOURNAL = "print-journal"
# Seconds until a vault that the disk did not let us open is tried again; the screen says "out of order" meanwhile.
_OPEN_AGAIN = 5.0
# Seconds that an orderly end gives the request in hand.
_LET_SYNC_END = 1.0
_NOT_NOW = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    | {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}
)


class Terminal:
    """Everything of a terminal but its window.

    `hosts` are the hosts whose slips are ours; it fills when the office is known. Until then the scanner is reported as
    not ready: a terminal that knows no office must not call anybody's slip foreign.
    """

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self.hosts: set[str] = set(settings.hosts)
        self.power_was_cut = (settings.data / _VISIT_MARK).exists()
        self._settings = settings
        self._clock: TrustedClock | None = None
        self._vault: Vault | None = None
        self._lookup: Lookup | None = None
        self._sync: Sync | None = None
        self._scanner_ready = False
        # What is said of the scanner comes from two threads; the last word must be the true one.
        self._scanner_said = threading.Lock()
        self._stopping = threading.Event()
        self._post: Callable[[Event], None] = _nobody_listens
        self._devices: Supervisor | None = None
        # One worker: what is noted on the disk is noted in the order in which it happened.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="terminal")

    def start(self, post: Callable[[Event], None]) -> None:
        """Start the devices; then, beside, open the vault and follow the office. `post` takes events of any thread."""
        from devices.supervisor import Supervisor

        self._post = post
        self._devices = Supervisor(
            scanner=self._settings.scanner,
            printer=self._settings.printer,
            journal=self._settings.data / _PRINT_JOURNAL,
            width_dots=self._settings.width_dots,
        )
        self._devices.start(self._device_said)
        threading.Thread(target=self._open, name="open", daemon=True).start()

    def stop(self) -> None:
        """Let go of devices and office. Somebody stopped the terminal: the next start has no power cut to tell of."""
        self._stopping.set()
        if self._devices is not None:
            self._devices.stop()
        self._worker.submit(self._note, self._unmark_visit)
        self._worker.shutdown()
        if self._lookup is not None:
            self._lookup.close()
        # A request that hangs keeps the vault open; the end of the process closes both.
        if self._vault is not None and (self._sync is None or self._sync.stop(_LET_SYNC_END)):
            self._vault.close()

    def settled(self) -> bool:
        """Tell whether the vault is caught up with the office, or the office is known not to answer."""
        return self._sync is not None and self._sync.settled.is_set()

    def trusted_time(self) -> int | None:
        """Return the time (seconds since 1970, UTC), or None while the office has not vouched for it."""
        now = self._clock.now() if self._clock is not None else None
        return now.seconds if now is not None and now.trusted else None

    def perform(self, effect: Effect) -> None:
        """Carry out an effect of the flow."""
        match effect:
            case LookUp(visit, slip):
                self._worker.submit(self._note, self._mark_visit)
                if self._lookup is not None:
                    self._lookup.start(slip, lambda result: self._post(LookedUp(visit, result)))
            case PrintReceipt():
                self._print(effect)
            case Wipe():
                if self._devices is not None:
                    self._devices.forget()
                self._worker.submit(self._note, self._unmark_visit)
            case _:
                assert_never(effect)

    def _print(self, effect: PrintReceipt) -> None:
        from .receipts import PrintedAt, lay_out

        assert self._clock is not None and self._devices is not None, "a sheet came from a look-up after the start"
        now = self._clock.now()
        paper = lay_out(
            effect.sheet,
            effect.language,
            width_dots=self._settings.width_dots,
            terminal=self._settings.name,
            printed_at=PrintedAt(now.seconds, now.trusted),
        )
        self._devices.print(effect.job, paper)

    # ---- the office, on threads of its own ----

    def _open(self) -> None:
        from .clock import TrustedClock
        from .lookup import Lookup
        from .sync import LinkBelief, Sync

        while (vault := _open_vault(self._settings.data)) is None:
            if self._stopping.wait(_OPEN_AGAIN):
                return
        self._clock = TrustedClock(vault.mark.time)
        belief = LinkBelief(self._link_said)
        self._vault = vault
        self._lookup = Lookup(vault, self._settings.office_url, self._clock, belief)
        self._know_hosts()
        self._sync = Sync(vault, self._settings.office_url, self._clock, belief, self._sync_said)
        self._sync.start()

    def _know_hosts(self) -> None:
        """Take the slips' host from the pinned office, unless the settings name hosts."""
        if self._vault is not None and self._vault.pins is not None and not self.hosts:
            self.hosts.add(self._vault.pins.host.upper())
        self._tell_of_scanner()

    def _link_said(self, report: "LinkReport") -> None:
        _log("link", up=report.up, why=report.why)
        self._know_hosts()
        self._post(LinkChanged(report.up))

    def _sync_said(self, report: "SyncReport") -> None:
        _log("sync", what=type(report).__name__, why=report.why)

    # ---- devices, on the supervisor's thread ----

    def _device_said(self, said: "DeviceEvent") -> None:
        from .hardware import event_of

        event = event_of(said)
        if isinstance(event, ScannerChanged):
            self._scanner_ready = event.ready
            self._tell_of_scanner()
        else:
            self._post(event)

    def _tell_of_scanner(self) -> None:
        """Slips are taken once there is a scanner, and an office whose slips are known as ours and can be looked up."""
        with self._scanner_said:
            can_look_up = bool(self.hosts) and self._lookup is not None
            self._post(ScannerChanged(self._scanner_ready and can_look_up))

    # ---- what a power cut must leave behind: that a visit was open, and nothing of it ----

    def _note(self, write: Callable[[], None]) -> None:
        """Write to the disk; one that takes nothing costs the word at the next start, never the visit."""
        try:
            write()
        except OSError as error:
            _log("visit mark", why=error.strerror)

    def _mark_visit(self) -> None:
        mark = self._settings.data / _VISIT_MARK
        mark.touch()
        _flush_folder(self._settings.data)

    def _unmark_visit(self) -> None:
        (self._settings.data / _VISIT_MARK).unlink(missing_ok=True)
        _flush_folder(self._settings.data)


def _nobody_listens(event: Event) -> None:
    raise RuntimeError(f"{type(event).__name__} before start")


def _open_vault(folder: Path) -> "Vault | None":
    """Open the vault, or return None where the disk does not let us now.

    One that a failing disk left unreadable is put aside, and filled again from the office; one that is whole, on a disk
    that is full or in somebody's hands, never is.
    """
    from central_api.contract.errors import ContractError

    from .vault import FILE, Vault
    from .vault_file import NoRoom

    try:
        return Vault(folder)
    except (NoRoom, OSError) as error:
        _log("vault", what="cannot be opened now", why=str(error))
        return None
    except (sqlite3.DatabaseError, ContractError) as error:
        if isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorcode & 0xFF in _NOT_NOW:
            _log("vault", what="cannot be opened now", why=str(error))
            return None
        _log("vault", what="unreadable, put aside", why=str(error))
        for path in folder.glob(f"{FILE}*"):
            path.rename(path.with_name(f"damaged-{path.name}"))
        return Vault(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _log(event: str, **fields: object) -> None:
    """Write one line for the journal. Never anything of a visitor: what the office, the link or a disk did."""
    print(json.dumps({"event": event} | fields), file=sys.stderr, flush=True)
