"""The office's own keys: the list that the root key signs, and the private keys that sign now.

The root key may lie in the data folder, as it does at first; `keys init` takes it out, to a file that is kept offline.
"""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from central_api.contract.keylist import KeyList, Purpose, open_key_list, sign_key_list
from central_api.contract.signed import ROOT_KEY_ID, SigningKey

from .founding import alone, listed_key, sync, write_secret

MOST_KEYS: Final = 255


class WrongRootKey(Exception):
    """The file holds no root key, or another office's, or the key list cannot be changed with it."""


class _Keys:
    """One key list and the private keys that go with it."""

    def __init__(self, folder: Path, stamp: tuple[int, int, int], root_public: bytes) -> None:
        self.stamp = stamp
        self.data = (folder / "list.cbor").read_bytes()
        self._folder = folder
        self._root_public = root_public
        self._signing: dict[Purpose, SigningKey] = {}

    @cached_property
    def list(self) -> KeyList:
        return open_key_list(self.data, self._root_public)

    def signing(self, purpose: Purpose) -> SigningKey:
        if purpose not in self._signing:
            number = _in_use(self.list, purpose)
            raw = (self._folder / _file_name(purpose, number)).read_bytes()
            self._signing[purpose] = SigningKey(number, Ed25519PrivateKey.from_private_bytes(raw))
        return self._signing[purpose]


class Keyring:
    """The keys of a data folder, usable from any thread. `refresh` takes up what another process changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root_public = (folder / "root.pub").read_bytes()
        self._keys = _Keys(folder, self._stamp(), self.root_public)

    def refresh(self) -> bool:
        """Read the list again if it was changed; says whether it was."""
        if self._stamp() == self._keys.stamp:
            return False
        self._keys = _Keys(self._folder, self._stamp(), self.root_public)
        return True

    @property
    def list_bytes(self) -> bytes:
        """The signed list, as it is given out."""
        return self._keys.data

    @property
    def list(self) -> KeyList:
        """The list, opened under our own root key."""
        return self._keys.list

    def signing_key(self, purpose: Purpose) -> SigningKey:
        """Return the key that signs for a purpose now: the newest that is not revoked."""
        return self._keys.signing(purpose)

    def _stamp(self) -> tuple[int, int, int]:
        return stamp_of(self._folder / "list.cbor")


def stamp_of(path: Path) -> tuple[int, int, int]:
    """Return what tells one state of a file from the next: two within a tick of the system's clock have one time."""
    found = path.stat()
    return found.st_mtime_ns, found.st_ino, found.st_size


def new_root_key(path: Path) -> SigningKey:
    """Make a root key, and keep it in a new file of mode 0600 (PEM, PKCS #8). Raises FileExistsError."""
    root = SigningKey(ROOT_KEY_ID, Ed25519PrivateKey.generate())
    _keep(path, root)
    return root


def read_root_key(path: Path) -> SigningKey:
    """Read a root key from the file that keeps it. Raises WrongRootKey, OSError."""
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise WrongRootKey(f"{path.name} holds no root key") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise WrongRootKey(f"{path.name} holds a key of another kind")
    return SigningKey(ROOT_KEY_ID, private)


def take_root_key_out(data: Path, path: Path) -> bool:
    """Move the root key of a data folder to a file outside; False if it is there already.

    Killed in between, it lies in both places, and the next call goes on. Raises WrongRootKey, FileExistsError.
    """
    if path.resolve().is_relative_to(data.resolve()):
        raise WrongRootKey("the root key is to be kept outside the data folder")
    with alone(data):
        inside, public = data / "keys" / "root.key", (data / "keys" / "root.pub").read_bytes()
        if path.exists() and read_root_key(path).public != public:
            raise WrongRootKey(f"{path.name} holds another office's root key")
        if not inside.exists():
            if path.exists():
                return False
            raise WrongRootKey("the root key was taken out before: it lies where it was put then")
        if not path.exists():
            _keep(path, SigningKey(ROOT_KEY_ID, Ed25519PrivateKey.from_private_bytes(inside.read_bytes())))
        inside.unlink()
        sync(inside.parent)
        return True


def rotate(data: Path, purpose: Purpose, root: SigningKey, now: int) -> KeyList:
    """Make a new key for a purpose: it signs from now on, the old ones go on being believed. Raises WrongRootKey."""
    with alone(data):
        return _put(data, _with_new(data, _list_of(data, root), purpose, now), root)


def revoke(data: Path, number: int, root: SigningKey, now: int) -> KeyList:
    """Revoke a key for good; where it was the one in use, a new one takes its place in the same list.

    `now` is seconds since 1970, UTC. Raises WrongRootKey for an unknown number.
    """
    with alone(data):
        keys = _list_of(data, root)
        found = next((key for key in keys.keys if key.key_id == number), None)
        if found is None:
            raise WrongRootKey(f"there is no key {number} in the list")
        if found.revoked:
            return keys
        if _in_use(keys, found.purpose) == number:
            keys = _with_new(data, keys, found.purpose, now)
        revoked = tuple(replace(key, revoked=True) if key.key_id == number else key for key in keys.keys)
        return _put(data, replace(keys, keys=revoked), root)


def _list_of(data: Path, root: SigningKey) -> KeyList:
    if root.public != (data / "keys" / "root.pub").read_bytes():
        raise WrongRootKey("this is not the root key of this office")
    return open_key_list((data / "keys" / "list.cbor").read_bytes(), root.public)


def _with_new(data: Path, keys: KeyList, purpose: Purpose, now: int) -> KeyList:
    number = max(key.key_id for key in keys.keys) + 1
    if number > MOST_KEYS:
        raise WrongRootKey(f"the list is full: an office has at most {MOST_KEYS} keys")
    key = SigningKey(number, Ed25519PrivateKey.generate())
    # One that was killed here before its list was signed left a key that nobody knows.
    path = data / "keys" / _file_name(purpose, number)
    path.unlink(missing_ok=True)
    write_secret(path, key.private.private_bytes_raw())
    sync(path.parent)
    return replace(keys, keys=(*keys.keys, listed_key(key, purpose, now)))


def _put(data: Path, keys: KeyList, root: SigningKey) -> KeyList:
    keys = replace(keys, number=keys.number + 1)
    draft = data / "keys" / ".list.cbor"
    draft.unlink(missing_ok=True)
    write_secret(draft, sign_key_list(keys, root))
    draft.rename(data / "keys" / "list.cbor")
    sync(draft.parent)
    return keys


def _in_use(keys: KeyList, purpose: Purpose) -> int:
    return max(key.key_id for key in keys.keys if key.purpose is purpose and not key.revoked)


def _file_name(purpose: Purpose, number: int) -> str:
    """Name the file of a private key; the first of each purpose, from founding, has no number in it."""
    name = purpose.name.lower()
    return f"{name}.key" if number == purpose else f"{name}-{number}.key"


def _keep(path: Path, root: SigningKey) -> None:
    # Whole or not at all, whatever stops it: a root key cannot be made again. A stick knows no links, so it is renamed.
    if path.exists():
        raise FileExistsError(f"{path.name} exists")
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    write_secret(draft, root.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    draft.rename(path)
    sync(path.parent)
