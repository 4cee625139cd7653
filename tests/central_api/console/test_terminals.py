"""The terminals page: what each terminal's state reads like."""

import pytest

from central_api.console.words import tables
from central_api.contract.heartbeat import DeviceKind
from central_api.store import terminals
from central_api.store.fleet import ALARMS

from .conftest import House


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_whatever_can_be_wrong_with_a_terminal_has_words(language: str):
    paper = {"printer_paper_low", "printer_paper_out", "printer_cover_open"}
    offline = {f"{kind.name.lower()}_offline" for kind in DeviceKind}
    told = {
        "never_heard",
        "silent",
        "another_waits",
        "help_wanted",
        "behind",
        "clock_off",
        "on_battery",
        "disk_low",
        "hot",
    }
    missing = [word for word in paper | offline | told | set(ALARMS) if f"condition_{word}" not in tables()[language]]
    assert missing == []


def test_a_place_without_a_machine_is_not_called_well(house: House):
    house.office.execute_write(lambda c: terminals.add(c, "Tyre", "Tyre, entrance", house.office.clock())).result()
    page = house.people["sami"].get("/terminals").text
    assert "waits for a machine" in page
    assert "All well" not in page
