"""The office: one data folder, its register, its keys and secrets, and what may be done with them."""

import datetime
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from central_api.contract import keys
from central_api.contract.catalogue import catalogue
from central_api.contract.numbers import parse_tracking_number
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Office as Unit
from central_api.workflow import STAFF_ACTIONS, Act, Action, Filing, RefusalCode, Role
from central_api.workflow.calendar import day_of

from . import cards, codes, objections, people, prerequisites, register
from .errors import ActionRefused
from .events import CARD, EARLIER, IDENTITY, UID
from .filed import Filed
from .founding import found
from .opened import OpenedOffice, known_in
from .register import Acted, Intake

T = TypeVar("T")
P = ParamSpec("P")
_EPOCH: Final = datetime.date(1970, 1, 1)


def _answered(queue: "Callable[P, Future[T]]") -> Callable[P, T]:
    """Make of a method that queues one that waits for what is durable."""

    @wraps(queue)
    def wait(*values: P.args, **named: P.kwargs) -> T:
        return queue(*values, **named).result()

    return wait


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the visitor gets: the tracking number, the secret code (shown once), and the slip with its address."""

    tracking: str = field(repr=False)
    secret_code: str = field(repr=False)
    slip: Slip = field(repr=False)
    slip_url: str = field(repr=False)


class Office(OpenedOffice):
    """An open office, and the acts of its desk."""

    # -- acting

    def queue_submit(
        self,
        family: str,
        kind: str,
        *,
        region: str,
        phone: str | None,
        document: str | None = None,
        identity_card: str | None = None,
        card_uid: str | None = None,
        filed_at: str | None = None,
        language: str = "ar",
        earlier: str | None = None,
        at: int | None = None,
    ) -> "Future[Submitted]":
        """Take an application in, by keys of the catalogue. `region` handles it; it was handed in at `filed_at`.

        Cards open it that were shown: `document` by its chip, like `P-LBN-LR1234567`; by a one-time code the identity
        card of a number, and the contactless card of a UID (hex). `earlier` is the number of the application that this
        kind requires, or `paper` where that was shown on paper. `at` is when it happened (seconds since
        1970, UTC), now if None. The future answers after the durable commit; `submit` waits for it. Raises
        ActionRefused.
        """
        recorded = self.clock()
        intake = self.intake(
            family,
            kind,
            region=region,
            phone=phone,
            shown=self.shown(document, identity_card, card_uid),
            filed_at=filed_at,
            language=language,
            earlier=earlier,
            at=self._past(at, recorded),
        )
        secret_id = self.settings.secret
        secret = self.secret(secret_id)
        return self.execute_write(
            lambda connection: self.given(register.submit(connection, intake, recorded, secret_id, secret))
        )

    def intake(
        self,
        family: str,
        kind: str,
        *,
        region: str,
        phone: str | None,
        filed_at: str | None,
        language: str,
        at: int,
        earlier: str | None = None,
        shown: tuple[tuple[int, str], ...] = (),
        said: tuple[tuple[int, str], ...] = (),
    ) -> Intake:
        """Return what is handed in, by keys of the catalogue, with cards `shown`. Raises ActionRefused."""
        handles, handed_in = codes.region_code(region), codes.region_code(filed_at or region)
        table, wanted = self.tables.kind(family, kind, handles)
        spoken = codes.language_of(language)
        filing = Filing("", table.family, wanted.code, table.version, handles, handed_in, spoken)
        number = None if phone is None else codes.phone_of(phone)
        if wanted.opens and day_of(at) < (wanted.opens - _EPOCH).days:
            raise ActionRefused(RefusalCode.NOT_OPEN, f"{kind} opens on {wanted.opens.isoformat()}")
        needed = prerequisites.shown(self.own_reader, table.family, wanted, shown, earlier)
        earlier_said = () if needed is None else ((EARLIER, needed),)
        return Intake(wanted, filing, at, number, cards=shown, said=(*said, *earlier_said))

    def shown(
        self, document: str | None, identity_card: str | None = None, card_uid: str | None = None
    ) -> tuple[tuple[int, str], ...]:
        """Return the indexes of cards as they are typed, by their personal field. Raises ActionRefused."""
        typed = ((CARD, cards.document_of, document), (IDENTITY, cards.identity_of, identity_card),
            (UID, cards.uid_of, card_uid))  # fmt: skip
        return tuple((field, self.card_index(read(text))) for field, read, text in typed if text is not None)

    submit = _answered(queue_submit)

    def queue_act(
        self,
        tracking: str,
        action: str,
        *,
        role: str,
        region: str | None = None,
        reasons: Sequence[str] = (),
        documents: Sequence[str] = (),
        deadline: datetime.date | None = None,
        acting: bool = False,
        at: int | None = None,
    ) -> "Future[Acted]":
        """Move an application along its chain, by keys of the catalogue. `acting`: a deputy acts for the officer.

        `region` is the region the officer acts for, None for the one the chain names; `at` is when it happened (seconds
        since 1970, UTC), now if None. The future answers after the durable commit; `act` waits for it. Raises
        ActionRefused, NotANumber.
        """
        words = catalogue()
        day = None if deadline is None else (deadline - _EPOCH).days
        if day is not None and day < day_of(self.clock() if at is None else at):
            raise ActionRefused(RefusalCode.BAD_VALUE, "the deadline has passed")
        act = Act(
            action=codes.action_of(action, STAFF_ACTIONS),
            role=codes.role_of(role),
            at=0,
            region=None if region is None else codes.region_code(region),
            acting=acting,
            reasons=codes.codes_of(words.reasons, "reason", reasons),
            documents=codes.codes_of(words.documents, "document", documents),
            deadline=day,
        )
        return self._queue(tracking, act, at)

    act = _answered(queue_act)

    def answer_check(self, tracking: str, agency: str, ok: bool, *, at: int | None = None) -> Acted:
        """Record what another administration answered. Raises ActionRefused, NotANumber."""
        code = codes.code_of(catalogue().agencies, "agency", agency)
        return self._queue(tracking, Act(Action.ANSWER, Role.INTAKE, 0, agency=code, well=ok), at).result()

    def look(self, document: str, terminal: str) -> list[Filed]:
        """Return the files of a document that was proved to be there, as `P-LBN-LR1234567`; the look is recorded."""
        card, now = self.card_index(document), self.clock()
        return self.execute_write(lambda connection: cards.look(connection, card, terminal, now)).result()

    def reissue(self, tracking: str, *, at: int | None = None) -> Submitted:
        """Give an application a new slip and code; the old ones are worthless. Raises ActionRefused, NotANumber."""
        recorded = self.clock()
        number = parse_tracking_number(tracking)
        secret_id = self.settings.secret
        secret = self.secret(secret_id)

        def work(connection: sqlite3.Connection) -> Submitted:
            filed = known_in(connection, number)
            when = self._past(at, recorded)
            return self.given(register.reissue(connection, filed, when, recorded, secret_id=secret_id, secret=secret))

        return self.execute_write(work).result()

    def slip_again(self, filed: Filed) -> Submitted:
        """Return the present slip of an application, to be printed again: without its secret code."""
        return replace(self.given(filed), secret_code="")

    def suspend_unit(self, role: str, region: str | None = None, *, at: int | None = None) -> None:
        """Record that a unit does not work: visitors whose files lie there are told. Raises ActionRefused."""
        unit, recorded = self._unit(role, region), self.clock()
        self.execute_write(lambda c: register.suspend(c, unit, self._past(at, recorded), recorded)).result()

    def resume_unit(self, role: str, region: str | None = None, *, at: int | None = None) -> None:
        """Record that a unit works again. Raises ActionRefused."""
        unit, recorded = self._unit(role, region), self.clock()
        self.execute_write(lambda c: register.resume(c, unit, self._past(at, recorded), recorded)).result()

    def _queue(self, tracking: str, act: Act, at: int | None) -> "Future[Acted]":
        recorded = self.clock()
        number = parse_tracking_number(tracking)

        def work(connection: sqlite3.Connection) -> Acted:
            filed = known_in(connection, number)
            # A clock that was set back must not stop the office: what is done now is done after what was done before.
            when = max(recorded, filed.standing.changed) if at is None else self._past(at, recorded)
            kind = self.kind_of(filed)
            named = objections.dated(lambda: self.calendar, kind, filed.standing, act, when)
            return register.act(connection, filed, kind, named, at=when, recorded=recorded)

        return self.execute_write(work)

    def card_index(self, text: str) -> str:
        """Return the index of a card (docs/contract.md, Card index), in hex."""
        return cards.card_index(cards.card_index_key(self.data), text)

    def _past(self, at: int | None, recorded: int) -> int:
        if at is not None and at > recorded:
            raise ActionRefused(RefusalCode.IN_THE_FUTURE, "it is dated in the future")
        return recorded if at is None else at

    def _unit(self, role: str, region: str | None) -> Unit:
        wanted = codes.role_of(role)
        code = 0 if region is None else codes.region_code(region)
        if Unit(wanted, code) not in self.tables.units():
            words = f"{role} needs no region" if region else f"{role} needs a region"
            raise ActionRefused(RefusalCode.WRONG_UNIT, f"there is no such unit: {words}")
        return Unit(wanted, code)

    def units_to_hold(self) -> list[Unit]:
        """Return the units that people can hold: every region's counter, and those of the chains."""
        counters = [Unit(Role.INTAKE, region) for region in catalogue().regions.codes.values()]
        return [*counters, *self.tables.units()]

    def unit_to_hold(self, text: str) -> Unit:
        """Read a unit that people can hold, as `role` or `role/region`. Raises ActionRefused."""
        unit, known = people.unit_named(text), self.units_to_hold()
        if unit not in known:
            raise codes.unknown("unit", text, (people.unit_name(one) for one in known if one.role == unit.role))
        return unit

    def given(self, filed: Filed) -> Submitted:
        """Return what the visitor gets with the present slip of an application, its secret code, too."""
        secret = self.secret(filed.secret_id)
        slip = Slip(filed.tracking, keys.slip_key(secret, filed.tracking, filed.issue))
        code = keys.secret_code(secret, filed.tracking, filed.issue)
        return Submitted(filed.tracking, code, slip, slip_url(self.settings.host, slip))


def open_office(
    data: Path,
    *,
    create: bool = True,
    clock: Callable[[], int] | None = None,
    host: str | None = None,
    root: SigningKey | None = None,
) -> Office:
    """Open the office in a folder, made on first use unless `create` is false.

    `clock` gives seconds since 1970, UTC. `host` is written down when the office is made, and stands in for the written
    one, in this process alone, when it exists already. Raises NoOffice, InvalidTable.
    """
    now = clock or (lambda: int(time.time()))
    found(data, now(), host, create=create, root=root)
    return Office(data, now, host)
