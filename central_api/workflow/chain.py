"""What a workflow table says, once read: roles, actions, kinds and their chain of steps."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Self


class Word(IntEnum):
    """Members that commands, tables and files call by their names in lower case."""

    @property
    def word(self) -> str:
        """The name that commands and tables use."""
        return self.name.lower()

    @classmethod
    def of_word(cls, word: str) -> Self | None:
        """Return the member of a name in lower case, or None."""
        return cls.__members__.get(word.upper()) if word.islower() else None


class Role(Word):
    """Who acts; the numbers are the catalogue's."""

    INTAKE = 1
    REGISTRY = 2
    HEAD_OF_DEPARTMENT = 3
    HEAD_OF_SERVICE = 4
    DIRECTOR_GENERAL = 5
    MINISTER = 6


class Action(Word):
    """What happens to an application, to a unit (SUSPEND, RESUME), or to what is published of many (RENEW).

    LOOK: a terminal or an officer was shown a person's files. CODE: a one-time code was sent for a card; MISSED: tried
    in vain. OBJECT: the visitor objects to a rejection; GRANT and DISMISS decide on that. MIGRATE: an application
    follows another version of its table from now on. From NOTE on it is the office's own: something written beside an
    application, a change of accounts, deputies and keys, a file past its limit, a file given to an officer, what is
    usual at each step, a card that opens an application from now on, or no more, and days on which no time limit runs.
    REDATE: by such days, the last one to object to a rejection is another.
    The numbers stand in the event log for ever.
    """

    SUBMIT = 1
    ACCEPT = 2
    APPROVE = 3
    SIGN = 4
    RETURN = 5
    RESUBMIT = 6
    REJECT = 7
    ANSWER = 8
    SUSPEND = 9
    RESUME = 10
    REISSUE = 11
    RENEW = 12
    LOOK = 13
    CODE = 14
    MISSED = 15
    OBJECT = 16
    GRANT = 17
    DISMISS = 18
    MIGRATE = 19
    NOTE = 20
    PEOPLE = 21
    ESCALATE = 22
    ASSIGN = 23
    EXPECT = 24
    BIND = 25
    UNBIND = 26
    DECREE = 27
    REDATE = 28


FORWARD: Final = {
    Role.REGISTRY: Action.ACCEPT,
    Role.HEAD_OF_DEPARTMENT: Action.APPROVE,
    Role.HEAD_OF_SERVICE: Action.APPROVE,
    Role.DIRECTOR_GENERAL: Action.APPROVE,
    Role.MINISTER: Action.SIGN,
}
# Registry accepts papers; from the heads on, a step is a signature.
SIGNATURES: Final = frozenset({Action.APPROVE, Action.SIGN})
CHAIN_ACTIONS: Final = (
    Action.ACCEPT,
    Action.APPROVE,
    Action.SIGN,
    Action.RETURN,
    Action.RESUBMIT,
    Action.REJECT,
)
# An objection is made and decided on here: no older system reports one.
STAFF_ACTIONS: Final = (*CHAIN_ACTIONS, Action.OBJECT, Action.GRANT, Action.DISMISS)


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step: who takes it forward, by which action, for the file's region or the whole country.

    `expected` is the usual duration in working days, (least, most); after `limit` working days the step is overdue.
    """

    role: Role
    action: Action
    regional: bool
    expected: tuple[int, int]
    limit: int


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A question to another administration. A required one must have been answered well before the first signature."""

    agency: int
    required: bool


@dataclass(frozen=True, slots=True)
class ObjectionRule:
    """How a rejection is objected to: once, within so many working days, at a counter of `received_by`.

    `decided_by` decides, or who stands next above whoever rejected, if that is later in the chain.
    """

    days: int
    received_by: Role
    decided_by: Role


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be asked for: code and key of the catalogue, documents and prerequisites as codes, and its chain.

    `objection` is None where no office decides on one. `strict`: nothing is taken in without its prerequisites.
    """

    code: int
    key: str
    opens: datetime.date | None
    documents: tuple[int, ...]
    requires: tuple[int, ...]
    checks: tuple[CheckRule, ...]
    steps: tuple[StepRule, ...]
    objection: ObjectionRule | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One family at one version. Files keep the version they were filed under.

    `regional` holds the kinds of the regions whose files go by a chain of their own.
    """

    family: int
    key: str
    version: int
    kinds: Mapping[int, Kind]
    regional: Mapping[int, Mapping[int, Kind]] = field(default_factory=dict[int, Mapping[int, Kind]])

    def kind(self, code: int, region: int) -> Kind:
        """Return a kind, with the chain that its files have in the region that handles them. Raises KeyError."""
        return self.regional.get(region, self.kinds)[code]
