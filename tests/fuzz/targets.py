"""Every parser that eats what a device, a card or a damaged disk gives: any bytes at all, and only its own error comes.

Each target takes bytes and raises nothing; what a parser may raise it swallows, and what must hold it asserts.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from central_api.cards.issuers import Issuers
from central_api.cards.judge import judge
from central_api.contract.cards import PassportFiles
from devices import wire
from devices.address import card_address, keypad_address, printer_address, scanner_address
from devices.card import pace, passport, tlv
from devices.card import wire as card_wire
from devices.card.apdu import Response, decode_command
from devices.card.channel import Channel
from devices.card.cipher import AesCipher, TripleDesCipher, pad
from devices.card.errors import BadKey, CardError, Malformed
from devices.card.keys import CardAccessNumber, fields_of_mrz, typed_fields
from devices.card.messaging import SecureMessaging
from devices.card.reader import CardReader
from devices.keyboard import InputEvent
from devices.keypad.driver import KeypadDriver
from devices.keypad.keypad import Keypad
from devices.printer.journal import _unfinished
from devices.printer.paper import PaperMeter
from devices.printer.profile import UNKNOWN
from devices.printer.queue import PrintQueue
from devices.printer.replies import Processed, ReplyParser
from devices.printer.states import Ready
from devices.scanner.codes import LONGEST, Overlong, Repeats, without_aim
from devices.scanner.hidpos import Reports
from devices.scanner.picture import NotAPicture, codes_in, look_at
from devices.scanner.scanner import Scanner
from devices.scanner.serial import Frames
from devices.scanner.wedge import Typing
from devices.simulators.card.chip import PassportChip
from devices.simulators.card.document import SPECIMEN, Document, Order, issue
from devices.simulators.card.pki import trusted
from devices.simulators.escpos import Interpreter


@dataclass(frozen=True, slots=True)
class Target:
    """seeds: what it usually eats, to begin from."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _in_pieces(data: bytes) -> Iterator[bytes]:
    """The rest of data in pieces of which its first bytes tell the sizes: nobody may rely on how it arrives."""
    sizes, rest = data[:8], data[8:]
    ends = [0]
    for size in sizes:
        ends.append(min(len(rest), ends[-1] + size))
    for start, end in pairwise([*ends, len(rest)]):
        yield rest[start:end]


def _parts(data: bytes) -> list[bytes]:
    """Pieces with two bytes of length before each."""
    parts: list[bytes] = []
    while len(data) >= 2:
        size = int.from_bytes(data[:2], "big")
        parts.append(data[2 : 2 + size])
        data = data[2 + size :]
    return parts


def joined(*parts: bytes) -> bytes:
    """What `_parts` takes apart."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


# ---- printers ----------------------------------------------------------------------------------------------------


def printer_replies(data: bytes) -> None:
    parser = ReplyParser()
    parser.names_expected = 1
    for piece in _in_pieces(data):
        for reply in parser.feed(piece):
            assert not isinstance(reply, Processed) or len(reply.identity) == 4


def escpos(data: bytes) -> None:
    reader = Interpreter()
    for piece in _in_pieces(data):
        for _ in reader.feed(piece):
            pass


def print_journal(data: bytes) -> None:
    _unfinished(data)


def paper_count(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        PaperMeter(Path(file.name), UNKNOWN).judged(Ready())


# ---- scanners and keypad -----------------------------------------------------------------------------------------


def _codes(codes: Iterator[bytes | Overlong]) -> None:
    repeats = Repeats()
    for code in codes:
        if isinstance(code, Overlong):
            assert code.length > LONGEST
        else:
            assert 0 < len(code) <= 4 * LONGEST  # a key may write a letter of four bytes
            repeats.seen(without_aim(code), 0.0)


def scanner_serial(data: bytes) -> None:
    frames = Frames()
    for piece in _in_pieces(data):
        _codes(frames.feed(piece))
    _codes(frames.gap())


def scanner_hid(data: bytes) -> None:
    reports = Reports()
    for at in range(0, len(data), 64):
        _codes(reports.feed(data[at : at + 64]))


def scanner_wedge(data: bytes) -> None:
    events = [
        InputEvent(data[at] % 6, int.from_bytes(data[at + 1 : at + 3], "big"), data[at + 3] % 3)
        for at in range(0, len(data) - 3, 4)
    ]
    for layout in ("any", "latin", "french", "arabic"):
        typing = Typing(layout)
        _codes(typing.feed(iter(events)))
        _codes(typing.silent())


def keypad(data: bytes) -> None:
    class Told:
        def tell(self, head: wire.Head) -> None:
            supervised.hear(head, b"")

    class NoSwitch:
        def switch(self, code: int) -> bool | None:
            return None

    supervised = Keypad("none")
    driver = KeypadDriver(Told(), ())  # type: ignore[arg-type]
    for at in range(0, len(data) - 3, 4):
        event = InputEvent(data[at] % 6, int.from_bytes(data[at + 1 : at + 3], "big"), data[at + 3] % 3)
        driver._take(NoSwitch(), event)  # type: ignore[arg-type]


def picture(data: bytes) -> None:
    memory = os.memfd_create("picture")
    try:
        with os.fdopen(os.dup(memory), "wb") as file:
            file.write(data)
        with contextlib.suppress(NotAPicture, OSError):
            codes_in(Path(f"/proc/self/fd/{memory}"))
    finally:
        os.close(memory)


def camera_frame(data: bytes) -> None:
    width, height = 96, 64
    look_at(data[: width * height].ljust(width * height, b"\x80"), width, height)


# ---- cards -------------------------------------------------------------------------------------------------------

FIELDS: Final = SPECIMEN.key


@cache
def country() -> Path:
    """Of the genuine document, for as long as this process."""
    return Path(tempfile.mkdtemp(prefix="istilam-fuzz-")) / "country"


@cache
def genuine() -> Document:
    return issue(SPECIMEN, Order("passport"), country())


def mrz(data: bytes) -> None:
    with contextlib.suppress(BadKey):
        fields_of_mrz(data.decode("utf-8", "replace")).information()
    number, *rest = data.decode("latin-1").split("\n", 2)
    with contextlib.suppress(BadKey):
        typed_fields(number, *[*rest, "", ""][:2]).information()
    with contextlib.suppress(BadKey):
        CardAccessNumber(number)


def card_tlv(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        list(tlv.items(data))
    with contextlib.suppress(Malformed):
        tlv.header(data)
    with contextlib.suppress(CardError):
        list(pace.offers(data))


def card_apdu(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        Response.decode(data)
    with contextlib.suppress(Malformed):
        assert decode_command(data).encode()


def card_answers(data: bytes) -> None:
    """A card that says what it likes to every command of a whole read."""
    answers = iter(_parts(data))
    with contextlib.suppress(CardError):
        passport.read(Channel(lambda _: next(answers, b"\x6f\x00")), FIELDS, bytes(8))


def card_secured(data: bytes) -> None:
    """Answers in a session whose checksum holds, so that what is under it is read as well."""
    for cipher in (TripleDesCipher(bytes(range(16)), bytes(range(16))), AesCipher(bytes(16), bytes(16))):
        session = SecureMessaging(cipher, bytes(cipher.block))
        counter = (1).to_bytes(cipher.block, "big")
        checksum = tlv.build(0x8E, cipher.mac(pad(counter + data[:60_000], cipher.block)))
        with contextlib.suppress(CardError):
            session.open(Response(data[:60_000] + checksum, 0x9000))


def virtual_chip(data: bytes) -> None:
    chip = PassportChip(genuine())
    for command in _parts(data):
        assert len(chip.answer(command)) >= 2


def office_judges(data: bytes) -> None:
    """The office's half: SOD and data groups as a terminal relays them."""
    parts = (_parts(data) + [b""] * 5)[:5]
    files = PassportFiles(parts[0], parts[1], parts[2] or None, parts[3] or None, parts[4] or None)
    judge(files, bytes(8), issuers(), 1_800_000_000)


@cache
def issuers() -> Issuers:
    return Issuers(trusted(country()))


# ---- what processes say to each other, and what technicians type ---------------------------------------------------


def driver_says(data: bytes) -> None:
    """A driver whose memory was overwritten: its supervisor replaces it, and takes no harm."""
    messages, of_card = wire.Messages(), CardReader("none")
    scanner, printer = Scanner("none"), PrintQueue(None)
    scanner.listener = printer.listener = lambda _: None
    scanner.camera_listener = lambda _: None
    of_card.listener = lambda _: None
    with contextlib.suppress(wire.Nonsense):
        for piece in _in_pieces(data):
            for head, body in messages.feed(piece):
                for device in (scanner, printer, of_card, Keypad("none")):
                    with contextlib.suppress(wire.Nonsense):
                        device.hear(head, body)
                for read in (wire.outcome_from, wire.state_from):
                    with contextlib.suppress(wire.Nonsense):
                        read(head)
                with contextlib.suppress(wire.Nonsense):
                    card_wire.outcome_from(head, body)


def addresses(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for read in (printer_address, scanner_address, card_address, keypad_address):
        with contextlib.suppress(ValueError):
            read(text)


# ---- all of them -------------------------------------------------------------------------------------------------


def _pieces(data: bytes) -> bytes:
    return bytes((3, 5, 1, 0, 2, 9, 4, 7)) + data


def _files() -> bytes:
    files = genuine().files
    return joined(*(files[name] for name in (passport.SOD, passport.DG1, passport.DG14, passport.DG15)), bytes(64))


_SELECT: Final = bytes.fromhex("00A4040C07A0000002471001")
_COM: Final = tlv.build(0x60, tlv.build(0x5F01, b"0107") + tlv.build(0x5C, b"\x61\x6e\x6f"))
_MRZ: Final = SPECIMEN.mrz().encode()
_KEY: Final = bytes((1, 0, 30, 1, 1, 0, 30, 0))


def _said(*heads: wire.Head) -> bytes:
    return _pieces(b"".join(wire.pack(head, b"body") for head in heads))


TARGETS: Final[dict[str, Target]] = {
    "printer_replies": Target(
        printer_replies, (_pieces(b"\x12\x10\0\0\0\x377\x22abcd\0_TM-T88V\0\x16"), _pieces(b"\x37\x22    \0" * 3))
    ),
    "escpos": Target(
        escpos,
        (
            _pieces(b"\x1b@\x1dv0\0\2\0\2\0abcd\x1d(H\6\x0000abcd\x1dV\x42\0\x1dI\x43\x1da\xff"),
            _pieces(b"\x1b*!\2\0abcdef\x1dk\4abc\0\x1dk\x49\3abc\x10\4\1text\n\x1c&\x1d8L\4\0\0\0abcd"),
        ),
    ),
    "print_journal": Target(print_journal, (b"begun 1\nended 1\nbegun 2\nvoided 2\nbeg", b"begun " + b"9" * 5000)),
    "paper_count": Target(paper_count, (b'{"millimetres": 12.5, "ending": false, "opened": true}', b"[" * 900)),
    "scanner_serial": Target(scanner_serial, (_pieces(b"]Q1HTTPS://X/S#ABC\r\nnext"), _pieces(b"z" * 5000 + b"\n"))),
    "scanner_hid": Target(scanner_hid, (bytes((2, 3)) + b"]Q1abc" + bytes(55) + b"\1", bytes((2, 56)) + bytes(62))),
    "scanner_wedge": Target(
        scanner_wedge, (_KEY, bytes((1, 0, 42, 1)) + _KEY + bytes((1, 0, 28, 1)), b"\1\0\x38\1" * 9)
    ),
    "keypad": Target(keypad, (_KEY, bytes((5, 0, 2, 1, 0, 0, 3, 0)))),
    "picture": Target(
        picture, (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\1\0\0\0\0", b"P5 2 2 255 abcd", b"BM", b"GIF89a")
    ),
    "camera_frame": Target(camera_frame, (bytes(6144), bytes(range(256)) * 24)),
    "mrz": Target(mrz, (_MRZ, _MRZ[:44] + b"\r\n" + _MRZ[44:], b"L898 902C3\n74-08-12\n340415", b"314159")),
    "card_tlv": Target(card_tlv, (_COM, genuine().card_access or b"", b"\x7f\x49\x82\1\0")),
    "card_apdu": Target(card_apdu, (_SELECT, b"\x90\0", b"\0\xb0\0\0\0\1\0")),
    "card_answers": Target(
        card_answers,
        (
            joined(b"\x6a\x82", b"\x90\0", b"12345678\x90\0", b"\x90\0"),
            joined(
                b"\x90\0",
                (genuine().card_access or b"")[:4] + b"\x90\0",
                (genuine().card_access or b"")[4:] + b"\x90\0",
            ),
            joined(b"\x6c\4", b"\x61\2ab", b"cd\x90\0"),
        ),
    ),
    "card_secured": Target(card_secured, (b"\x99\2\x90\0", b"\x87\x09\1" + bytes(8) + b"\x99\2\x90\0")),
    "virtual_chip": Target(
        virtual_chip,
        (joined(_SELECT, b"\0\x84\0\0\x08", b"\0\x82\0\0\x28" + bytes(40)), joined(b"\0\x22\xc1\xa4\2\x83\1")),
    ),
    "office_judges": Target(office_judges, (_files(), joined(b"w\3abc", b"a\0"))),
    "driver_says": Target(
        driver_says,
        (
            _said({"is": "read", "at": 0}, {"is": "state", "state": "ready", "why": ""}, {"is": "alive"}),
            _said({"is": "preview", "at": 0, "width": 2, "height": 2}, {"is": "sees", "held": True, "hint": "dark"}),
            _said({"is": "ended", "job": 1, "outcome": "not_printed", "rows": 3, "state": "PaperOut", "why": ""}),
            _said(
                {"is": "touching", "silence": 3.0},
                {"is": "read", "read": 1, "outcome": "index", "parts": [["number", 4]]},
            ),
            _said(
                {"is": "key", "key": "up"},
                {"is": "jack", "inserted": True},
                {"is": "overlong", "at": 0, "length": 9},
            ),
        ),
    ),
    "addresses": Target(addresses, (b"tcp:[::1]:9100", b"usb:04b8:0202:X1", b"serial:/dev/ttyS0@9600", b"keys:/a,/b")),
}
