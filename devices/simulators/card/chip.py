"""A virtual chip of ICAO 9303: the card's side of BAC, PACE, secure messaging and active authentication."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.card import passport, tlv
from devices.card.apdu import SHORT, SUCCESS, Command, decode_command
from devices.card.cipher import PASSWORD, AesCipher, SessionCipher, TripleDesCipher, derive, pad, unpad
from devices.card.errors import Malformed
from devices.card.pace import PaceInfo, map_generator, offers, password, token
from devices.simulators.card.document import Document

ATR = bytes.fromhex("3B80800101")

WRONG_DATA, NOT_ALLOWED, CONDITIONS, NOT_FOUND, UNKNOWN = 0x6A80, 0x6982, 0x6985, 0x6A82, 0x6D00
WRONG_SECRET, SESSION_BROKEN, WRONG_OFFSET = 0x6300, 0x6988, 0x6B00

Answer = tuple[bytes, int]


class Session:
    """The chip's side of secure messaging."""

    def __init__(self, cipher: SessionCipher, counter: bytes) -> None:
        self._cipher = cipher
        self._counter = int.from_bytes(counter, "big")

    def open(self, command: Command) -> Command:
        """Raises Malformed for a command that the reader did not protect so."""
        counter = self._count()
        found = list(tlv.items(command.data))
        if not found or found[-1][0] != 0x8E:
            raise Malformed("no checksum")
        head = pad(command.header, self._cipher.block)
        covered = head + b"".join(tlv.build(tag, value) for tag, value in found[:-1])
        if not hmac.compare_digest(self._mac(counter, covered), found[-1][1]):
            raise Malformed("its checksum does not hold")
        values = dict(found)
        sealed, asked = values.get(0x87), values.get(0x97)
        data = unpad(self._cipher.decrypt(sealed[1:], counter)) if sealed else b""
        le = int.from_bytes(asked, "big") or 256 ** len(asked) if asked is not None else None
        return Command(command.cla & ~0x0C, command.ins, command.p1, command.p2, data, le)

    def protect(self, data: bytes, status: int) -> bytes:
        counter = self._count()
        objects = b""
        if data:
            sealed = self._cipher.encrypt(pad(data, self._cipher.block), counter)
            objects += tlv.build(0x87, b"\x01" + sealed)
        objects += tlv.build(0x99, status.to_bytes(2, "big"))
        return objects + tlv.build(0x8E, self._mac(counter, objects))

    def _count(self) -> bytes:
        self._counter += 1
        return self._counter.to_bytes(self._cipher.block, "big")

    def _mac(self, counter: bytes, covered: bytes) -> bytes:
        return self._cipher.mac(pad(counter + covered, self._cipher.block))


@dataclass(slots=True)
class _Handshake:
    """How far PACE has come."""

    info: PaceInfo
    secret: bytes
    nonce: int = 0
    generator: Any = None
    cipher: AesCipher | None = None
    ours: bytes = b""
    theirs: bytes = b""


class PassportChip:
    """One document's chip. `reset` is what a reader does at power on."""

    atr = ATR

    def __init__(self, document: Document) -> None:
        self._document = document
        self._session: Session | None = None
        self._challenge: bytes | None = None
        self._pace: _Handshake | None = None
        self._in_application = False
        self._file: bytes | None = None

    def reset(self) -> None:
        self._session = self._challenge = self._pace = self._file = None
        self._in_application = False

    def answer(self, encoded: bytes) -> bytes:
        """The bytes of the answer to the bytes of a command."""
        session = self._session
        try:
            command = decode_command(encoded)
            if session is None or command.cla & 0x0C != 0x0C:
                self._session = None  # a plain command ends the session
                data, status = self._obey(command)
                return data + status.to_bytes(2, "big")
            plain = session.open(command)
        except Malformed:
            self._session = None
            return (SESSION_BROKEN if session else WRONG_DATA).to_bytes(2, "big")
        try:
            data, status = self._obey(plain)
        except Malformed:
            data, status = b"", WRONG_DATA
        return session.protect(data, status) + SUCCESS.to_bytes(2, "big")

    def _obey(self, command: Command) -> Answer:
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB0:
                return self._read(command)
            case 0x88:
                return self._internal_authenticate(command.data)
            case _:
                return self._open(command)

    def _open(self, command: Command) -> Answer:
        match command.ins:
            case 0x84 if self._in_application and self._document.bac:
                self._challenge = secrets.token_bytes(8)
                return self._challenge, SUCCESS
            case 0x82 if self._challenge is not None:
                return self._basic_access(command.data, self._challenge)
            case 0x22 if command.p1 == 0xC1 and command.p2 == 0xA4:
                return self._choose_pace(command.data)
            case 0x86 if self._pace is not None:
                return self._general_authenticate(self._pace, command.data)
            case _:
                return b"", UNKNOWN

    def _select(self, command: Command) -> Answer:
        if command.p1 == 0x04:
            self._in_application = command.data == passport.APPLICATION
            self._file = None
            return b"", SUCCESS if self._in_application else NOT_FOUND
        name = int.from_bytes(command.data, "big")
        if name == passport.CARD_ACCESS and self._document.card_access is not None:
            self._file = self._document.card_access
            return b"", SUCCESS
        if not self._in_application or name not in self._document.files:
            return b"", NOT_FOUND
        if self._session is None:
            return b"", NOT_ALLOWED
        self._file = self._document.files[name]
        return b"", SUCCESS

    def _read(self, command: Command) -> Answer:
        offset = command.p1 << 8 | command.p2
        if self._file is None:
            return b"", CONDITIONS
        if offset >= len(self._file):
            return b"", WRONG_OFFSET
        return self._file[offset : offset + (command.le or SHORT)], SUCCESS

    def _basic_access(self, data: bytes, challenge: bytes) -> Answer:
        self._challenge = None
        cipher = TripleDesCipher.of_secret(self._document.printed.key.seed()[:16])
        sealed, checksum = data[:32], data[32:]
        if len(data) != 40 or not hmac.compare_digest(cipher.mac(pad(sealed, 8)), checksum):
            return b"", WRONG_SECRET
        opened = cipher.decrypt(sealed)
        theirs, echoed, keying = opened[:8], opened[8:16], opened[16:]
        if echoed != challenge:
            return b"", WRONG_SECRET
        ours = secrets.token_bytes(16)
        answer = cipher.encrypt(challenge + theirs + ours)
        secret = bytes(a ^ b for a, b in zip(keying, ours, strict=True))
        self._session = Session(TripleDesCipher.of_secret(secret), challenge[4:] + theirs[4:])
        return answer + cipher.mac(pad(answer, 8)), SUCCESS

    def _choose_pace(self, data: bytes) -> Answer:
        protocol, reference = tlv.find(data, 0x80), tlv.find(data, 0x83)
        secrets_known = dict(map(password, (self._document.printed.key, self._document.printed.can)))
        offered = offers(self._document.card_access) if self._document.card_access else ()
        info = next((info for info in offered if info.oid == protocol), None)
        if info is None or reference[0] not in secrets_known:
            return b"", WRONG_DATA
        self._pace = _Handshake(info, secrets_known[reference[0]])
        return b"", SUCCESS

    def _general_authenticate(self, pace: _Handshake, data: bytes) -> Answer:
        group = pace.info.group
        asked = list(tlv.items(tlv.inner(data, 0x7C)))
        match asked:
            case []:
                nonce = secrets.token_bytes(16)
                pace.nonce = int.from_bytes(nonce, "big")
                key = algorithms.AES(derive(pace.secret, PASSWORD, pace.info.bits))
                step = Cipher(key, modes.CBC(bytes(16))).encryptor()
                return _dynamic(0x80, step.update(nonce) + step.finalize())
            case [(0x81, theirs)]:
                own = 1 + secrets.randbelow(group.n - 1)
                shared = group.multiply(own, group.decode(theirs))
                pace.generator = map_generator(group, pace.nonce, shared)
                return _dynamic(0x82, group.encode(group.multiply(own, group.generator)))
            case [(0x83, theirs)] if pace.generator is not None:
                own = 1 + secrets.randbelow(group.n - 1)
                shared = group.multiply(own, group.decode(theirs))
                pace.cipher = AesCipher.of_secret(group.secret(shared), pace.info.bits)
                pace.theirs, pace.ours = theirs, group.encode(group.multiply(own, pace.generator))
                return _dynamic(0x84, pace.ours)
            case [(0x85, proof)] if pace.cipher is not None:
                self._pace = None
                if not hmac.compare_digest(proof, token(pace.cipher, pace.info, pace.ours)):
                    return b"", WRONG_SECRET
                self._session = Session(pace.cipher, bytes(16))
                return _dynamic(0x86, token(pace.cipher, pace.info, pace.theirs))
            case _:
                return b"", WRONG_DATA

    def _internal_authenticate(self, challenge: bytes) -> Answer:
        if self._session is None or not self._in_application:
            return b"", NOT_ALLOWED
        if self._document.active is None or len(challenge) != passport.CHALLENGE:
            return b"", CONDITIONS
        return self._document.active.sign(challenge), SUCCESS


def _dynamic(tag: int, value: bytes) -> Answer:
    return tlv.build(0x7C, tlv.build(tag, value)), SUCCESS
