"""`kiosk.frozen` beside the standard library's frozen dataclass of the same fields: nobody sees a difference."""

import copy
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.frozen import frozen


class _Fields:
    number: int
    code: str = field(repr=False)
    told: tuple[str, ...] = ()
    found: list[int] = field(default_factory=list[int])


def made(decorator: Any) -> Any:
    return decorator(type("Step", (), {"__annotations__": _Fields.__annotations__, **_declared()}))


def _declared() -> dict[str, object]:
    return {"code": field(repr=False), "told": (), "found": field(default_factory=list[int])}


OURS = made(frozen)
THEIRS = made(dataclass(frozen=True, slots=True))

arguments = st.tuples(
    st.lists(st.integers(0, 3) | st.text(max_size=2), max_size=5),
    st.dictionaries(st.sampled_from(["number", "code", "told", "found", "else_"]), st.integers(0, 3), max_size=5),
)


def outcome(cls: Any, call: tuple[list[Any], dict[str, Any]]) -> object:
    """Make one, and return all that can be seen of it; None where it is refused."""
    given_, named = call
    try:
        it = cls(*given_, **named)
    except TypeError:
        return None
    return repr(it), [getattr(it, each.name) for each in fields(it)], repr(replace(it, number=9)), hashed(it)


def hashed(it: Any) -> object:
    try:
        return hash(it)
    except TypeError:
        return None


@given(arguments)
def test_any_call_makes_or_refuses_the_same(call: tuple[list[Any], dict[str, Any]]) -> None:
    assert outcome(OURS, call) == outcome(THEIRS, call)


@given(arguments, arguments)
def test_two_are_equal_where_the_standard_ones_are(
    one: tuple[list[Any], dict[str, Any]], other: tuple[list[Any], dict[str, Any]]
) -> None:
    if outcome(THEIRS, one) is None or outcome(THEIRS, other) is None:
        return
    ours, theirs = ([cls(*call[0], **call[1]) for call in (one, other)] for cls in (OURS, THEIRS))
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert ours[0] == copy.copy(ours[0])


def test_two_classes_of_the_same_values_are_not_equal() -> None:
    other = made(frozen)
    assert OURS(1, "a") != other(1, "a")


def test_nothing_is_set_or_added() -> None:
    step = OURS(1, "a")
    for name in ("number", "unknown"):
        with pytest.raises(FrozenInstanceError):
            setattr(step, name, 2)
    with pytest.raises(FrozenInstanceError):
        del step.number
    assert not hasattr(step, "__dict__")


def test_its_fields_are_matched_by_position_in_order() -> None:
    assert OURS.__match_args__ == THEIRS.__match_args__ == ("number", "code", "told", "found")


def test_what_a_class_writes_itself_stays() -> None:
    @frozen
    class Named:
        name: str

        def __repr__(self) -> str:
            return "somebody"

    assert repr(Named("a")) == "somebody"


@pytest.mark.parametrize("options", [{"init": False, "default": 0}, {"compare": False}, {"kw_only": True}])
def test_a_field_that_it_cannot_hold_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="no value by position"):
        frozen(type("Odd", (), {"__annotations__": {"odd": int}, "odd": field(**options)}))
