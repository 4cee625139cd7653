"""The states of the staff corner: the PIN, and plain screens for whoever looks after the terminal.

Nothing in them is a visitor's. What a screen tells of the terminal was told by the terminal; None is: not told yet.
"""

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from .field import Field
from .frozen import frozen
from .staff_pin import MOST_DIGITS

if TYPE_CHECKING:
    from .selftest_state import SelfTestState
    from .visit_state import PrintResult, ScreenLanguage

LEVELS: Final = range(0, 101, 10)
"""Steps of loudness and brightness, in percent."""
LEAST_BRIGHTNESS: Final = 10
"""A panel that is dark cannot be made bright again on it."""


class PinNote(Enum):
    """What is wrong with the PIN that was typed. NOT_COUNTED: the disk takes nothing, so none is judged."""

    TOO_SHORT = "too_short"
    WRONG = "wrong"
    NOT_COUNTED = "not_counted"


class Level(Enum):
    """What can be turned up and down."""

    VOLUME = "volume"
    BRIGHTNESS = "brightness"


class Room(Enum):
    """What the corner can show, in the order of its list."""

    SELFTEST = "selftest"
    DEVICES = "devices"
    NETWORK = "network"
    LEVELS = "levels"
    LANGUAGES = "languages"
    JOURNAL = "journal"
    RESTART = "restart"


# ---- what the terminal tells ----------------------------------------------------------------------------------------


@frozen
class DeviceTold:
    """One device: its kind and state as the heartbeat names them, and what its driver says, in English."""

    kind: str
    state: str
    why: str = ""


@frozen
class DevicesTold:
    """Every device of the terminal. `reopening`: their drivers are being started anew."""

    devices: tuple[DeviceTold, ...]
    reopening: bool = False


@frozen
class NetworkTold:
    """`office`: its address; `up`: whether it answers, None where nobody asked yet; `why` not, in English.

    `synced`: the signed time of the newest data (seconds since 1970, UTC), None before the first; `now`: the trusted
    time. `addresses`: this machine's, by the name of each line.
    """

    office: str
    up: bool | None
    why: str = ""
    synced: int | None = None
    now: int | None = None
    addresses: tuple[tuple[str, str], ...] = ()


@frozen
class LevelsTold:
    """In percent. `brightness` None: this machine has no light that can be set."""

    volume: int
    brightness: int | None


@frozen
class LanguagesTold:
    """What home offers, in order."""

    offered: "tuple[ScreenLanguage, ...]"


@frozen
class JournalLine:
    """One event, `at` by the machine's clock (seconds since 1970, UTC); `detail` as the journal has it, in English.

    `turned`: whether what comes and goes (mains, link, opening hours) came; None for anything else.
    """

    at: int
    event: str
    turned: bool | None = None
    detail: str = ""


@frozen
class JournalTold:
    """The last events, the newest first."""

    lines: tuple[JournalLine, ...]


Told: TypeAlias = DevicesTold | NetworkTold | LevelsTold | LanguagesTold | JournalTold


# ---- states -------------------------------------------------------------------------------------------------------


@frozen
class StaffScreen:
    """Any screen of the corner."""

    language: "ScreenLanguage"


@frozen
class EnterPin(StaffScreen):
    """The PIN is asked for. No repr shows it."""

    typed: Field = field(default=Field(MOST_DIGITS), repr=False)
    note: PinNote | None = None


@frozen
class PinLocked(StaffScreen):
    """Too many wrong PINs: none is taken for so many seconds."""

    seconds_left: int


@frozen
class CheckingPin(StaffScreen):
    """A PIN is being judged."""


@frozen
class StaffMenu(StaffScreen):
    """What there is."""


@frozen
class StaffDevices(StaffScreen):
    """`printing`: the test page is on its way; `printed`: what became of it."""

    told: DevicesTold | None = None
    printing: bool = False
    printed: "PrintResult | None" = None


@frozen
class StaffNetwork(StaffScreen):
    """The office, this machine's addresses, and how old the data are."""

    told: NetworkTold | None = None


@frozen
class StaffLevels(StaffScreen):
    """`not_kept`: the disk took the change for this run only."""

    told: LevelsTold | None = None
    not_kept: bool = False


@frozen
class StaffLanguages(StaffScreen):
    """Which languages home offers. `not_kept`: as with levels."""

    told: LanguagesTold | None = None
    not_kept: bool = False


@frozen
class StaffJournal(StaffScreen):
    """What happened last."""

    told: JournalTold | None = None


@frozen
class StaffRestart(StaffScreen):
    """Is the terminal to start anew? `begun`: it is on its way down."""

    begun: bool = False


@frozen
class StaffSelfTest(StaffScreen):
    """The self-test, in the terminal's own window. None: its devices are being handed over."""

    test: "SelfTestState | None" = None


StaffState: TypeAlias = (
    EnterPin
    | PinLocked
    | CheckingPin
    | StaffMenu
    | StaffDevices
    | StaffNetwork
    | StaffLevels
    | StaffLanguages
    | StaffJournal
    | StaffRestart
    | StaffSelfTest
)
