"""Who this terminal is: the folder DATA/identity, which enrolment makes whole and nobody changes after.

It holds `identity.json` (the facts), `ca.pem` (the office's own certificate authority; none on loopback without TLS),
`keys.cbor` (the office's signed key list as it was then), and `key.pem` (mode 0600) unless the key lies in a TPM. A
renewed key gets a file of its own, so that one replaced `identity.json` is the whole change.

Reading it costs no cryptography, so that the first picture can name the terminal: the key is opened to sign.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FOLDER: Final = "identity"
BEFORE: Final = ".identity-before"
FACTS: Final = "identity.json"
CA: Final = "ca.pem"
KEY_LIST: Final = "keys.cbor"
KEY: Final = "key.pem"
ROOT_KEY_BYTES: Final = 32

KeyPlace: TypeAlias = Literal["file", "tpm"]
KEY_PLACES: Final[tuple[KeyPlace, ...]] = ("file", "tpm")


class IdentityWrong(Exception):
    """There is an identity, and it cannot be used; says what is wrong with it, and nothing secret."""


@dataclass(slots=True)
class Identity:
    """A terminal's identity. `enrolled`: seconds since 1970, UTC; `key`: where the private key lies.

    `key_file` is its file's name, empty for a TPM; `handle` where it lies in the TPM, 0 for a file.
    """

    folder: Path
    office_url: str
    name: str
    site: str
    ministry: str
    host: str
    root_key: bytes = field(repr=False)
    keyid: str
    key: KeyPlace
    key_file: str = ""
    handle: int = 0
    enrolled: int = 0
    _stamp: tuple[int, int] | None = field(default=None, init=False, repr=False, compare=False)
    _signer: "Callable[[bytes], bytes] | None" = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, data: Path) -> "Identity | None":
        """Read the identity in a terminal's data folder; None where it was never enrolled. Raises IdentityWrong."""
        # Cut off in the instant in which one identity takes another's place, the machine is still the old terminal.
        folder = next((folder for folder in (data / FOLDER, data / BEFORE) if folder.is_dir()), None)
        if folder is None:
            return None
        identity = cls.of(folder)
        if identity.key == "file":
            _judge_key_file(folder / identity.key_file)
        return identity

    @classmethod
    def of(cls, folder: Path) -> "Identity":
        """Read the facts of a folder. Raises IdentityWrong."""
        stamp = _stamp(folder)  # before it is read: what replaces it meanwhile is found by the next look
        try:
            facts = cast(dict[str, Any], json.loads((folder / FACTS).read_bytes()))
            identity = cls(
                folder,
                *(_text(facts, name) for name in ("office_url", "name", "site", "ministry", "host")),
                root_key=bytes.fromhex(_text(facts, "root_key")),
                keyid=_text(facts, "keyid"),
                key=_place(facts["key"]),
                key_file=_text(facts, "key_file"),
                handle=int(facts["handle"]),
                enrolled=int(facts["enrolled"]),
            )
        except OSError as error:
            raise IdentityWrong(f"{FACTS}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise IdentityWrong(f"{FACTS} is damaged") from None
        if len(identity.root_key) != ROOT_KEY_BYTES or "/" in identity.key_file:
            raise IdentityWrong(f"{FACTS} is damaged")
        identity._stamp = stamp
        return identity

    def latest(self) -> "Identity":
        """Return the identity with the key that it has now: another process may have renewed it. Costs one `stat`."""
        return self if _stamp(self.folder) == self._stamp else Identity.of(self.folder)

    def facts(self) -> bytes:
        """Write `identity.json`."""
        names = ("office_url", "name", "site", "ministry", "host", "keyid", "key", "key_file", "handle", "enrolled")
        told = {name: cast(object, getattr(self, name)) for name in names}
        return json.dumps(told | {"root_key": self.root_key.hex()}, ensure_ascii=False, indent=1).encode()

    @property
    def ca_file(self) -> Path | None:
        """The office's CA certificate, PEM; None for an office on loopback without TLS."""
        path = self.folder / CA
        return path if path.exists() else None

    @property
    def key_list(self) -> bytes | None:
        """The office's signed key list as it was at enrolment."""
        path = self.folder / KEY_LIST
        return path.read_bytes() if path.exists() else None

    def sign(self, message: bytes) -> bytes:
        """Sign: ECDSA with SHA-256, raw r || s, 64 bytes. Raises IdentityWrong where the key is lost or another one."""
        if self._signer is None:
            self._signer = self._open_key()
        return self._signer(message)

    def _open_key(self) -> "Callable[[bytes], bytes]":
        from central_api.contract.request_signature import key_id_of

        point, signer = tpm_signer(self.handle) if self.key == "tpm" else file_signer(self.folder / self.key_file)
        if key_id_of(point) != self.keyid:
            raise IdentityWrong("the key is not the one that the office knows")
        return signer


def _stamp(folder: Path) -> tuple[int, int] | None:
    """What another file with these facts would have otherwise: a time alone may be that of the file before it."""
    try:
        facts = (folder / FACTS).stat()
    except OSError:
        return None  # a draft that is not whole yet
    return facts.st_mtime_ns, facts.st_ino


def file_signer(path: Path) -> "tuple[bytes, Callable[[bytes], bytes]]":
    """Open a key file (PKCS#8, PEM): its public point (65 bytes), and what signs with it. Raises IdentityWrong."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    private = _private_key(path)
    algorithm = ec.ECDSA(hashes.SHA256())
    return public_point(private), lambda message: _raw(private.sign(message, algorithm))


def tpm_signer(handle: int) -> "tuple[bytes, Callable[[bytes], bytes]]":
    """Find a key in the TPM: its public point (65 bytes), and what signs with it. Raises IdentityWrong."""
    from . import tpm

    def sign(message: bytes) -> bytes:
        try:
            return _raw(tpm.sign(handle, message))
        except (tpm.TPMFailed, ValueError) as error:
            raise IdentityWrong(f"the TPM does not sign: {error}") from None

    try:
        return tpm.public_point(handle), sign
    except tpm.TPMFailed as error:
        raise IdentityWrong(f"the key is not in the TPM: {error}") from None


def public_point(private: "EllipticCurvePrivateKey") -> bytes:
    """Give the public key of a private one: 65 bytes, an uncompressed point."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _private_key(path: Path) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    _judge_key_file(path)
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise IdentityWrong(f"{path.name}: {error.strerror}") from None
    except (ValueError, TypeError):
        raise IdentityWrong(f"{path.name} is damaged") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise IdentityWrong(f"{path.name} is not a P-256 key")
    return private


def _judge_key_file(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise IdentityWrong(f"{path.name}: {error.strerror}") from None
    if mode & 0o077:
        raise IdentityWrong(f"{path.name} may be read by others: its mode must be 0600")


def _raw(der: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _text(facts: dict[str, Any], name: str) -> str:
    value: object = facts[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _place(value: object) -> KeyPlace:
    for place in KEY_PLACES:
        if value == place:
            return place
    raise ValueError("key")
