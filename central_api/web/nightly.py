"""A thread of `serve` that does the office's work of the night once it is due, and sends heads to their witness."""

from typing import Final

from central_api.publish.heads import send_heads
from central_api.store import StoreFailed
from central_api.store.beside import Beside
from central_api.store.nightly import do_night, night_due

from .desk import Desk

LOOK_SECONDS: Final = 60.0


class Nightly(Beside):
    """Looks each minute. What the register cannot write is told and tried again; a bug ends the server."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("nightly")
        self._desk = desk
        self._away = False

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._stop.wait(LOOK_SECONDS):
            self._look()
            self._send()

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
