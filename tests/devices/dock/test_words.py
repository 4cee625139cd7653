"""The page has a word, in each of its languages, for whatever it may have to tell."""

import re
from pathlib import Path
from typing import get_args

import pytest

from devices.dock import web
from devices.dock.cards import CARDS
from devices.dock.network import NETWORK_FAULTS
from devices.dock.plug import PLUG_FAULTS
from devices.dock.reader import READER_FAULTS
from devices.dock.scanner import SCANNER_KINDS
from devices.simulators.card.faults import CARD_FAULT_NAMES
from devices.simulators.settings import FAULTS
from kiosk.visit_state import VisitState

PAGE = (Path(web.__file__).parent / "page/words.js").read_text()
LANGUAGES = 3


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("screen", [state.__name__ for state in get_args(VisitState)]),
        ("fault", [*FAULTS, *PLUG_FAULTS, *NETWORK_FAULTS, *READER_FAULTS, *CARD_FAULT_NAMES]),
        ("card", CARDS),
        ("kind", SCANNER_KINDS),
    ],
)
def test_nothing_is_told_in_the_program_s_own_words(group: str, names: list[str]) -> None:
    tables = re.findall(rf"^    {group}: \{{(.*?)\}},$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(tables) == LANGUAGES
    for table in tables:
        known = set(re.findall(r'(?:^|[,{ ])"?([\w-]+)"?: "', table))
        assert set(names) <= known, set(names) - known
