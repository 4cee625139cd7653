"""Frozen dataclasses whose methods are written once.

The standard library compiles six methods anew for each class. A terminal makes over 200 classes before home is on its
screen: 0.8 ms and 10 KB each, against 0.1 ms (`docs/dependencies.md`).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from typing import Any, Final, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """Make of `cls` what `dataclass(frozen=True, slots=True)` makes; fields may have a default, and `repr=False`.

    Where the class writes one of the methods itself, its own stays. Raises TypeError for fields of other kinds.
    """
    own = vars(cls)
    for name, method in _METHODS.items():
        if name not in own:
            setattr(cls, name, method)
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    if any(not (field.init and field.compare) or field.kw_only for field in fields(made)):
        raise TypeError(f"{cls.__name__}: a field that is no value by position")
    return made


def _init(self: Any, *given: Any, **named: Any) -> None:
    names = self.__match_args__
    if named or len(given) != len(names):
        given = _completed(type(self), given, named)
    for name, value in zip(names, given, strict=True):
        _put(self, name, value)


_put: Final = object.__setattr__


def _completed(cls: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values of all fields, in order. Raises TypeError where one is missing, unknown or told twice."""
    declared = _declared(cls)
    rest = declared[len(given) :]
    if len(given) > len(declared) or not named.keys() <= {field.name for field in rest}:
        raise TypeError(f"{cls.__name__} has no field for {len(given)} values and {', '.join(named) or 'no name'}")
    values: list[Any] = []
    for missing in rest:
        if missing.name in named:
            values.append(named[missing.name])
        elif missing.default is not MISSING:
            values.append(missing.default)
        elif missing.default_factory is not MISSING:
            values.append(missing.default_factory())
        else:
            raise TypeError(f"{cls.__name__} lacks a value for {missing.name}")
    return (*given, *values)


@cache
def _declared(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _repr(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _reduce(self: Any) -> tuple[Any, ...]:
    return self.__class__, _values(self)  # how it is copied


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"{type(self).__name__}.{name} does not change")


_METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__reduce__": _reduce,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
