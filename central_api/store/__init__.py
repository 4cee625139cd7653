"""The store: the office's register on disk, its keys and secrets, and the one thread that writes."""

from .errors import ActionRefused, NoOffice, StoreFailed
from .events import PHONE, Event, decode_event, encode_act, encode_event
from .filed import Filed, find_all, find_row
from .founding import Settings
from .office import Office, Submitted, open_office
from .register import Acted

__all__ = [
    "PHONE",
    "Acted",
    "ActionRefused",
    "Event",
    "Filed",
    "NoOffice",
    "Office",
    "Settings",
    "StoreFailed",
    "Submitted",
    "decode_event",
    "encode_act",
    "encode_event",
    "find_all",
    "find_row",
    "open_office",
]
