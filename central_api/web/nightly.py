"""A thread of `serve` that does the office's work of the night once it is due, and sends heads to their witness."""

import threading
from typing import Final

from central_api.publish.heads import send_heads
from central_api.store import StoreFailed
from central_api.store.nightly import do_night, night_due

from .desk import Desk

LOOK_SECONDS: Final = 60.0


class Nightly:
    """Looks each minute. What the register cannot write is told and tried again; a bug ends the server."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._away = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="nightly")
        self.crashed: BaseException | None = None
        self.on_crash = lambda: None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand, and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.wait(LOOK_SECONDS):
                self._look()
                self._send()
        except BaseException as error:
            self.crashed = error
            self.on_crash()
            raise

    def _look(self) -> None:
        try:
            if night_due(self._desk.office):
                done = do_night(self._desk.office)
                told = {"durations_told": done.told, "files_late": done.late, "last_days_moved": done.redated}
                self._desk.log.info("night's work done", **told)
        except StoreFailed as error:
            self._desk.log.error("night's work not done", why=str(error))

    def _send(self) -> None:
        # Told once when the witness is away: it is asked again each minute.
        try:
            for day in send_heads(self._desk.office):
                self._desk.log.info("head sent to the witness", day=day)
            self._away = False
        except OSError as error:
            if not self._away:
                self._desk.log.error("head not sent to the witness", why=str(error))
            self._away = True
