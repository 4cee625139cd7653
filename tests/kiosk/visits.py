"""A visit played against the machine alone, without window, devices or office."""

import gc

from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Language, Office, State, Status, Step
from kiosk.flow import Flow
from kiosk.flow import visit as flow_module
from kiosk.visit_events import (
    Effect,
    Event,
    LinkChanged,
    LookedUp,
    LookUp,
    PrinterChanged,
    PrintPressed,
    PrintReceipt,
    Scanned,
    ScannerChanged,
    Ticked,
)
from kiosk.visit_state import (
    ClosedUntil,
    DataAge,
    Found,
    PrinterHealth,
    Sheet,
)

HOST = "istilam.example"
MORNING = ClosedUntil(opens=1_790_000_000, in_days=1)


def slip(n: int = 0) -> Slip:
    from central_api.contract.numbers import check_digit

    body = f"26{n:08d}"
    return Slip(body + check_digit(body), bytes([n]) * 16)


def paper(n: int = 0) -> bytes:
    return slip_url(HOST, slip(n)).encode()


def sheet(n: int = 0, language: Language = Language.AR) -> Sheet:
    status = Status(
        tracking=slip(n).tracking,
        family=1,
        kind=3,
        state=State.UNDER_REVIEW,
        language=language,
        changed=1_790_000_000,
        since=1_790_000_000,
        filed_at=1,
        steps=(Step(Office(2, 1), when=1_790_000_000), Step(Office(3, 1))),
    )
    return Sheet(status, 7, b"plain", DataAge(1_790_000_100, 1_790_000_200, False), "HTTPS://X/R#A")


class Visit:
    """A flow with its time and the effects it asked for."""

    def __init__(self, **options: object) -> None:
        self.now = 1000.0
        self.flow = Flow({HOST}, now=self.now, **options)  # type: ignore[arg-type]
        self.effects: list[Effect] = []
        self.send(ScannerChanged(ready=True), PrinterChanged(PrinterHealth.OK), LinkChanged(up=True))

    def send(self, *events: Event) -> list[Effect]:
        fresh = [effect for event in events for effect in self.flow.handle(event)]
        self.effects += fresh
        return fresh

    def waits(self, seconds: float) -> list[Effect]:
        self.now += seconds
        return self.send(Ticked(self.now))

    @property
    def shows(self) -> object:
        return self.flow.state

    def last(self, kind: type) -> Effect:
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))

    def reads(self, n: int = 0, language: Language = Language.AR) -> None:
        self.send(Scanned(paper(n)))
        asked = self.last(LookUp)
        assert isinstance(asked, LookUp)
        self.send(LookedUp(asked.visit, Found(sheet(n, language))))

    def presses_print(self) -> int:
        (effect,) = self.send(PrintPressed())
        assert isinstance(effect, PrintReceipt)
        return effect.job


def sheets_reachable_from(flow: Flow) -> list[Sheet]:
    """Follow every reference that the flow holds, as the garbage collector does."""
    seen: set[int] = set()
    found: list[Sheet] = []
    queue: list[object] = [flow]
    while queue:
        value = queue.pop()
        if id(value) in seen or isinstance(value, type) or value is flow_module:
            continue
        seen.add(id(value))
        if isinstance(value, Sheet):
            found.append(value)
        if not hasattr(value, "__globals__") and not hasattr(value, "__path__"):
            queue += gc.get_referents(value)
    return found
