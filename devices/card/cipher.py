"""The ciphers of a chip's session (ICAO 9303-11, 9.7 and 9.8): two-key 3DES with retail MAC, AES with CMAC."""

import hashlib
from typing import ClassVar, Final, Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from devices.card.errors import Malformed

ENCRYPTION: Final = 1
AUTHENTICATION: Final = 2
PASSWORD: Final = 3


class SessionCipher(Protocol):
    """Keys of one session. `counter` is the send sequence counter, one block wide; data comes in whole blocks."""

    block: ClassVar[int]

    def encrypt(self, data: bytes, counter: bytes) -> bytes: ...

    def decrypt(self, data: bytes, counter: bytes) -> bytes: ...

    def mac(self, data: bytes) -> bytes:
        """8 bytes over whole blocks."""
        ...


def pad(data: bytes, block: int) -> bytes:
    """ISO/IEC 9797-1, padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    """Raises Malformed when there is no padding."""
    stripped = data.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise Malformed("no padding")
    return stripped[:-1]


def derive(secret: bytes, use: int, bits: int) -> bytes:
    """The key derivation of 9.7.1 for AES; use: ENCRYPTION, AUTHENTICATION or PASSWORD; bits: 128, 192 or 256."""
    digest = hashlib.sha1(usedforsecurity=False) if bits == 128 else hashlib.sha256()
    digest.update(secret + use.to_bytes(4, "big"))
    return digest.digest()[: bits // 8]


def derive_des(secret: bytes, use: int) -> bytes:
    """The same for 3DES: 16 bytes of odd parity."""
    return bytes(byte & 0xFE | 1 ^ (byte >> 1).bit_count() & 1 for byte in derive(secret, use, 128))


class TripleDesCipher:
    """enc, mac_key: 16 bytes each."""

    block: ClassVar[int] = 8

    def __init__(self, enc: bytes, mac_key: bytes) -> None:
        self._enc = TripleDES(enc + enc[:8])
        self._mac_first = TripleDES(mac_key[:8] * 3)
        self._mac_last = TripleDES(mac_key + mac_key[:8])

    @classmethod
    def of_secret(cls, secret: bytes) -> "TripleDesCipher":
        return cls(derive_des(secret, ENCRYPTION), derive_des(secret, AUTHENTICATION))

    def encrypt(self, data: bytes, counter: bytes = b"") -> bytes:
        """The counter guards only the MAC."""
        step = Cipher(self._enc, modes.CBC(bytes(8))).encryptor()
        return step.update(data) + step.finalize()

    def decrypt(self, data: bytes, counter: bytes = b"") -> bytes:
        step = Cipher(self._enc, modes.CBC(bytes(8))).decryptor()
        return step.update(data) + step.finalize()

    def mac(self, data: bytes) -> bytes:
        """ISO/IEC 9797-1 algorithm 3: DES through all blocks but the last, 3DES over that."""
        state = bytes(8)
        if len(data) > 8:
            step = Cipher(self._mac_first, modes.CBC(state)).encryptor()
            state = (step.update(data[:-8]) + step.finalize())[-8:]
        last = Cipher(self._mac_last, modes.CBC(state)).encryptor()
        return last.update(data[-8:]) + last.finalize()


class AesCipher:
    """enc, mac_key: 16, 24 or 32 bytes each."""

    block: ClassVar[int] = 16

    def __init__(self, enc: bytes, mac_key: bytes) -> None:
        self._enc = algorithms.AES(enc)
        self._mac = algorithms.AES(mac_key)

    @classmethod
    def of_secret(cls, secret: bytes, bits: int) -> "AesCipher":
        return cls(derive(secret, ENCRYPTION, bits), derive(secret, AUTHENTICATION, bits))

    def encrypt(self, data: bytes, counter: bytes) -> bytes:
        step = Cipher(self._enc, modes.CBC(self._start(counter))).encryptor()
        return step.update(data) + step.finalize()

    def decrypt(self, data: bytes, counter: bytes) -> bytes:
        step = Cipher(self._enc, modes.CBC(self._start(counter))).decryptor()
        return step.update(data) + step.finalize()

    def mac(self, data: bytes) -> bytes:
        tag = CMAC(self._mac)
        tag.update(data)
        return tag.finalize()[:8]

    def _start(self, counter: bytes) -> bytes:
        step = Cipher(self._enc, modes.ECB()).encryptor()  # 9.8.6.1: the counter, encrypted, is the start
        return step.update(counter) + step.finalize()
