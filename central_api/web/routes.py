"""One route as data: what OpenAPI, the router and the gate at the door are all made from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec
from starlette.responses import Response

from .problems import Code


class Caller(Enum):
    """Who may ask. A terminal on loopback that nobody enrolled counts as TERMINAL only, where it is let in."""

    ANYONE = "anyone"
    TERMINAL = "terminals"
    ENROLLED = "enrolled terminals"
    ANY_KEY = "its key, pending or accepted"
    NEW_KEY = "the new key"
    FEEDER = "older systems, by their key"


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its media type, what it is, and the struct of its JSON (None for bytes or text)."""

    media_type: str
    words: str
    struct: Any = None
    status: int = 200
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path. `handler` takes the desk, then who asks, `query`, `body` and `path` as declared.

    Who asks is `terminal`, a name or None; for ENROLLED, ANY_KEY and where `keyed`, `key`, a KnownKey; for NEW_KEY
    `asked`, a request that is still to be checked; for FEEDER `feeder`. `body_bytes` is how much CBOR a route takes at
    most; the handler of a `conditional` one takes `if_none_match`, that of a `streamed` one `request`, whose body it
    reads itself. `path_pattern` is the regular expression of the path's one parameter. `problems` are those beside
    what every route may answer.
    """

    method: str
    path: str
    summary: str
    handler: Callable[..., Awaitable[Response]]
    answers: tuple[Answer, ...]
    caller: Caller = Caller.ANYONE
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    body_bytes: int | None = None
    conditional: bool = False
    keyed: bool = False
    streamed: bool = False
    path_pattern: str | None = None
    problems: tuple[Code, ...] = ()

    @property
    def path_name(self) -> str | None:
        """The name of the path's parameter, or None."""
        return self.path.partition("{")[2].partition("}")[0] or None
