"""The sender: takes what is due from the outbox, one message at a time, and writes down what became of it.

Any number of processes may send; each message is one's alone while its lease lasts. Killed before the gateway was
asked, or after it had answered and before that was written down, a message waits for the end of its lease: a delivery
report that comes meanwhile ends it, and only without one is it sent again.
"""

from typing import Final, assert_never, cast

from structlog import get_logger
from structlog.typing import FilteringBoundLogger

from central_api.store import Office, StoreFailed, outbox
from central_api.store.beside import Beside
from central_api.store.card_codes import one_time_code
from central_api.store.cards import card_index_key
from central_api.store.outbox import Claimed

from .gateway import Away, Gateway, Outcome, Refused, Taken, Unsure
from .texts import text_of

POLL_SECONDS: Final = 0.5
AWAY_SECONDS: Final = (1, 2, 5, 15, 30, 60)
"""How long nothing is sent while the gateway is away: after the first time, the second and so on."""
REFUSED_SECONDS: Final = (60, 300, 900, 3600)
UNSURE_SECONDS: Final = (120, 1800)
"""How long a message waits after it was refused, or may have been taken. What may have been taken goes three times at
most, and only while no report has come."""
_log = cast(FilteringBoundLogger, get_logger("sms"))


def send_next(office: Office, gateway: Gateway) -> Outcome | None:
    """Send the message that is due first; None where none is. Raises StoreFailed."""
    now = office.clock()
    if not outbox.anything_due(office.own_reader, now):
        return None
    claimed = office.execute_write(lambda connection: outbox.claim(connection, now)).result()
    if claimed is None:
        return None
    outcome = gateway.send(claimed.phone, _text(office, claimed), claimed.report, claimed.attempt)
    _write_down(office, claimed, outcome)
    why = None if isinstance(outcome, Taken) else outcome.why
    _log.info("sms", message=claimed.row, attempt=claimed.attempt, outcome=type(outcome).__name__.lower(), why=why)
    return outcome


def _text(office: Office, claimed: Claimed) -> str:
    code = one_time_code(card_index_key(office.data), claimed.secret) if claimed.secret is not None else ""
    return text_of(claimed.kind, claimed.language, office.settings.names, code)


def _write_down(office: Office, claimed: Claimed, outcome: Outcome) -> None:
    row, attempt, now = claimed.row, claimed.attempt, office.clock()
    match outcome:
        case Taken():
            office.execute_write(lambda c: outbox.accepted(c, row, attempt, now)).result()
        case Away(why):
            office.execute_write(lambda c: outbox.give_back(c, row, attempt, why)).result()
        case Refused(why):
            _put_off(office, claimed, why, REFUSED_SECONDS)
        case Unsure(why):
            _put_off(office, claimed, why, UNSURE_SECONDS)
        case _:
            assert_never(outcome)


def _put_off(office: Office, claimed: Claimed, why: str, waits: tuple[int, ...]) -> None:
    row, attempt, now = claimed.row, claimed.attempt, office.clock()
    office.execute_write(lambda c: outbox.put_off(c, row, attempt, why=why, waits=waits, now=now)).result()


class Sender(Beside):
    """Sends until it is stopped: in a thread of `serve`, or as `sms run`.

    A full disk and a gateway that is away are waited out, and told once; anything else ends it: a bug is a crash.
    """

    def __init__(self, office: Office, gateway: Gateway) -> None:
        super().__init__("sms-sender")
        self._office = office
        self._gateway = gateway

    def run(self) -> None:
        """Send until `stop` is called, from any thread or a signal's handler."""
        failures = 0
        while not self._stop.is_set():
            trouble = self._send_some()
            if trouble is None:
                if failures:
                    _log.info("sms gateway back")
                failures = 0
                self._stop.wait(POLL_SECONDS)
                continue
            if not failures:
                _log.error("sms not sent", why=trouble)
            self._stop.wait(AWAY_SECONDS[min(failures, len(AWAY_SECONDS) - 1)])
            failures += 1

    def _send_some(self) -> str | None:
        """Send what is due; returns why no more can be sent for a while, or None once nothing is due."""
        try:
            while not self._stop.is_set():
                match send_next(self._office, self._gateway):
                    case None:
                        return None
                    case Away(why):
                        return why
                    case _:
                        pass
        except StoreFailed as error:
            return str(error)
        return None
