"""Secure messaging (ICAO 9303-11, 9.8): each command and answer encrypted, counted and authenticated."""

import hmac

from devices.card import tlv
from devices.card.apdu import SHORT, Command, Response
from devices.card.cipher import SessionCipher, pad, unpad
from devices.card.errors import Malformed, Refused

_CRYPTOGRAM, _EXPECTED, _STATUS, _CHECKSUM = 0x87, 0x97, 0x99, 0x8E


class SecureMessaging:
    """The reader's side of one session. counter: where the session starts, one block of the cipher."""

    def __init__(self, cipher: SessionCipher, counter: bytes) -> None:
        self._cipher = cipher
        self._counter = int.from_bytes(counter, "big")

    def protect(self, command: Command) -> Command:
        counter = self._count()
        cla = command.cla | 0x0C
        objects = b""
        if command.data:
            sealed = self._cipher.encrypt(pad(command.data, self._cipher.block), counter)
            objects += tlv.build(_CRYPTOGRAM, b"\x01" + sealed)
        if command.le is not None:
            wide = command.le > SHORT
            objects += tlv.build(_EXPECTED, (command.le % (65536 if wide else SHORT)).to_bytes(1 + wide, "big"))
        head = bytes((cla, command.ins, command.p1, command.p2))
        objects += tlv.build(_CHECKSUM, self._checksum(counter, pad(head, self._cipher.block) + objects))
        answer = 65536 if (command.le or 0) > SHORT else SHORT
        return Command(cla, command.ins, command.p1, command.p2, objects, answer)

    def open(self, response: Response) -> Response:
        """Raises Refused for a bare status (the chip has ended the session), Malformed for anything forged or cut."""
        counter = self._count()
        if not response.data:
            raise Refused(response.status)
        found = list(tlv.items(response.data))
        tags = [tag for tag, _ in found]
        if tags not in ([_STATUS, _CHECKSUM], [_CRYPTOGRAM, _STATUS, _CHECKSUM]):
            raise Malformed("not an answer of a secure session")
        values = dict(found)
        covered = b"".join(tlv.build(tag, value) for tag, value in found[:-1])
        if not hmac.compare_digest(self._checksum(counter, covered), values[_CHECKSUM]):
            raise Malformed("its checksum does not hold")
        if len(values[_STATUS]) != 2:
            raise Malformed("no status")
        status = int.from_bytes(values[_STATUS], "big")
        sealed = values.get(_CRYPTOGRAM)
        if sealed is None:
            return Response(b"", status)
        if len(sealed) < 2 or sealed[0] != 1 or (len(sealed) - 1) % self._cipher.block:
            raise Malformed("not a cryptogram of whole blocks")
        return Response(unpad(self._cipher.decrypt(sealed[1:], counter)), status)

    def _count(self) -> bytes:
        size = self._cipher.block
        self._counter = (self._counter + 1) % 256**size
        return self._counter.to_bytes(size, "big")

    def _checksum(self, counter: bytes, covered: bytes) -> bytes:
        return self._cipher.mac(pad(counter + covered, self._cipher.block))
