"""Ways in beside the slip: offered while all that they need is there, and not a moment longer."""

from kiosk.visit_state import Way
from kiosk.ways import Need, WaysIn


def test_a_card_needs_its_reader_and_the_office() -> None:
    told: list[frozenset[Way]] = []
    ways = WaysIn(told.append)
    ways.say(Need.CARD_READER, there=True)
    assert told == []
    ways.say(Need.OFFICE, there=True)
    assert Way.CARD in told[-1]
    ways.say(Need.OFFICE, there=False)
    assert told[-1] == frozenset()


def test_what_needs_no_office_stays_without_it() -> None:
    told: list[frozenset[Way]] = []
    ways = WaysIn(told.append)
    for need in Need:
        ways.say(need, there=True)
    ways.say(Need.OFFICE, there=False)
    assert told[-1] == frozenset({Way.OTHER_SERVICES, Way.HELP})


def test_only_changes_are_told() -> None:
    told: list[frozenset[Way]] = []
    ways = WaysIn(told.append)
    for _ in range(3):
        ways.say(Need.HELP_DESK, there=True)
        ways.say(Need.CARD_READER, there=False)
    assert told == [frozenset({Way.HELP})]
