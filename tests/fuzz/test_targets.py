"""Each target on what it usually eats, on what once broke it, and on a little of everything; `make fuzz` goes on."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"
"""What broke a target once: a folder for each, a file for each find, named by what was wrong."""


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_do(name: str, data: st.DataObject) -> None:
    target = TARGETS[name]
    seed = data.draw(st.sampled_from(target.seeds))
    at = data.draw(st.integers(0, len(seed)))
    target.run(seed[:at] + data.draw(st.binary(max_size=400)) + seed[at + data.draw(st.integers(0, 8)) :])


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_usually_eats_goes_down(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("find", sorted(FOUND.glob("*/*")), ids=lambda find: f"{find.parent.name}: {find.name}")
def test_what_broke_it_once_breaks_it_no_more(find: Path) -> None:
    TARGETS[find.parent.name].run(find.read_bytes())
