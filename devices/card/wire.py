"""The messages of the card's driver: heads of JSON that tell nothing of a person, bodies that carry the rest."""

from dataclasses import fields
from typing import Final, assert_never, cast

from devices.card import states
from devices.card.keys import CardAccessNumber, CardKey, DocumentFields
from devices.card.outcome import CardFault, CardKind, CardNotRead, CardOutcome, IndexRead, PassportRead
from devices.card.states import CardReaderState
from devices.wire import Head, Nonsense, member, text

KINDS: Final[tuple[CardKind, ...]] = ("passport", "uid", "chip")


def state_head(state: CardReaderState) -> Head:
    match state:
        case states.CardPresent(kind):
            return {"state": "CardPresent", "kind": kind}
        case states.CardReaderUnknown(why):
            return {"state": "CardReaderUnknown", "why": why}
        case _:
            return {"state": type(state).__name__}


def state_from(head: Head) -> CardReaderState:
    """Raises Nonsense for a name that is no state."""
    match text(head, "state"):
        case "ReaderEmpty":
            return states.ReaderEmpty()
        case "CardPresent":
            return states.CardPresent(_kind(text(head, "kind")))
        case "CardMute":
            return states.CardMute()
        case "ReaderAbsent":
            return states.ReaderAbsent()
        case "ServiceAbsent":
            return states.ServiceAbsent()
        case "CardReaderUnknown":
            return states.CardReaderUnknown(text(head, "why"))
        case other:
            raise Nonsense(f"{other!r} is no state of a card reader")


def _kind(name: str) -> CardKind:
    if name not in KINDS:
        raise Nonsense(f"{name!r} is no kind of card")
    return KINDS[KINDS.index(name)]


def outcome_message(outcome: CardOutcome) -> tuple[Head, bytes]:
    match outcome:
        case PassportRead(access=access):
            head: Head = {"outcome": "passport", "access": access}
            parts = {name: getattr(outcome, name) for name in _FILES}
        case IndexRead(kind, number):
            head = {"outcome": "index", "kind": kind}
            parts = {"number": number}
        case CardNotRead(why):
            return {"outcome": "not_read", "why": why.value}, b""
        case _:
            assert_never(outcome)
    there = {name: part for name, part in parts.items() if part is not None}
    return {**head, "parts": [[name, len(part)] for name, part in there.items()]}, b"".join(there.values())


_FILES: Final = tuple(each.name for each in fields(PassportRead) if each.name != "access")


def outcome_from(head: Head, body: bytes) -> CardOutcome:
    """Raises Nonsense for what is no outcome."""
    match text(head, "outcome"):
        case "passport":
            parts = _parts(head, body, "com", "sod", "dg1")
            return PassportRead(
                "PACE" if text(head, "access") == "PACE" else "BAC",
                parts["com"],
                parts["sod"],
                parts["dg1"],
                parts.get("dg14"),
                parts.get("dg15"),
                parts.get("active"),
            )
        case "index":
            return IndexRead("uid" if text(head, "kind") == "uid" else "chip", _parts(head, body, "number")["number"])
        case "not_read":
            return CardNotRead(member(head, "why", CardFault))
        case other:
            raise Nonsense(f"{other!r} is no outcome of a read")


def _parts(head: Head, body: bytes, *needed: str) -> dict[str, bytes]:
    """The files of an outcome by name. Raises Nonsense where one that is needed is missing, or a length is none."""
    parts: dict[str, bytes] = {}
    said: object = head.get("parts")
    for each in cast(list[object], said) if isinstance(said, list) else []:
        match each:
            case [str(name), int(length)] if 0 <= length <= len(body):
                parts[name], body = body[:length], body[length:]
            case _:
                raise Nonsense("no part")
    if not all(name in parts for name in needed):
        raise Nonsense("a part is missing")
    return parts


def read_message(read: int, key: CardKey | None, challenge: bytes | None) -> tuple[Head, bytes]:
    """What the supervisor asks for: the key and the challenge are the body."""
    match key:
        case DocumentFields(number, birth, expiry):
            by, secret = "fields", f"{number} {birth} {expiry}"
        case CardAccessNumber(digits):
            by, secret = "can", digits
        case None:
            by, secret = "none", ""
        case _:
            assert_never(key)
    asked = challenge or b""
    return {"do": "read", "read": read, "by": by, "challenge": len(asked)}, asked + secret.encode("ascii")


def read_asked(head: Head, body: bytes) -> tuple[int, CardKey | None, bytes | None]:
    size = int(head["challenge"])
    challenge, secret = body[:size], body[size:].decode("ascii")
    match head["by"]:
        case "fields":
            key: CardKey | None = DocumentFields(*secret.split(" "))
        case "can":
            key = CardAccessNumber(secret)
        case _:
            key = None
    return int(head["read"]), key, challenge or None
