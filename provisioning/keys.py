"""Makes a terminal's key: P-256, in the TPM 2.0 where there is one, else in a file of mode 0600."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from kiosk import tpm
from kiosk.identity import KEY, Identity, KeyPlace, file_signer, tpm_signer

HANDLES: Final = range(0x81020000, 0x81020008)
"""Persistent handles in the TPM that are ours; a renewal needs two at a time."""

_ATTRIBUTES: Final = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign|noda"


@dataclass(frozen=True, slots=True)
class TerminalKey:
    """A key: where it lies (a file's name, or a handle), its public point (65 bytes), and what signs with it."""

    place: KeyPlace
    file: str
    handle: int
    point: bytes = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False)

    def where(self) -> bytes:
        """Write where the key lies, for `open_key`."""
        return json.dumps({"key": self.place, "file": self.file, "handle": self.handle}).encode()


def best_place() -> KeyPlace:
    """Say where a new key should lie on this machine."""
    return "tpm" if tpm.present() else "file"


def make_key(
    place: KeyPlace,
    write: Callable[[str, bytes], None],
    folder: Path,
    *,
    name: str = KEY,
    kept: frozenset[int] = frozenset(),
) -> TerminalKey:
    """Make a key; `write` keeps its file in `folder`. Handles of the TPM that are ours and not `kept` are freed.

    Raises TPMFailed, or what `write` raises.
    """
    if place == "tpm":
        handle = _make_in_tpm(kept)
        return TerminalKey(place, "", handle, *tpm_signer(handle))
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = ec.generate_private_key(ec.SECP256R1())
    write(name, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return TerminalKey(place, name, 0, *file_signer(folder / name))


def open_key(where: bytes, folder: Path) -> TerminalKey:
    """Find a key that was made before. Raises IdentityWrong where it is lost, ValueError where nobody knows."""
    told = cast(dict[str, object], json.loads(where))
    match told:
        case {"key": "tpm", "file": "", "handle": int(handle)}:
            return TerminalKey("tpm", "", handle, *tpm_signer(handle))
        case {"key": "file", "file": str(name), "handle": 0}:
            return TerminalKey("file", name, 0, *file_signer(folder / name))
        case _:
            raise ValueError("not where a key lies")


def forget_key(identity: Identity) -> None:
    """Destroy the private key of an identity that is over. Raises TPMFailed or OSError."""
    if identity.key == "tpm":
        _free(identity.handle)
    else:
        (identity.folder / identity.key_file).unlink(missing_ok=True)


def _make_in_tpm(kept: frozenset[int]) -> int:
    taken = _persistent()
    for orphan in taken & frozenset(HANDLES) - kept:
        _free(orphan)
    handle = next(handle for handle in HANDLES if handle not in kept)
    with TemporaryDirectory() as folder:
        parent, public, private, loaded = (f"{folder}/{name}" for name in ("parent", "public", "private", "loaded"))
        tpm.run("tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", parent)
        _let_go()
        asked = ("-G", "ecc:ecdsa-sha256", "-a", _ATTRIBUTES, "-u", public, "-r", private)
        tpm.run("tpm2_create", "-Q", "-C", parent, *asked)
        _let_go()
        tpm.run("tpm2_load", "-Q", "-C", parent, "-u", public, "-r", private, "-c", loaded)
        tpm.run("tpm2_evictcontrol", "-Q", "-C", "o", "-c", loaded, hex(handle))
        _let_go()
    return handle


def _let_go() -> None:
    """Free the TPM's few places for loaded keys, where no resource manager does it."""
    tpm.run("tpm2_flushcontext", "-t")


def _free(handle: int) -> None:
    tpm.run("tpm2_evictcontrol", "-Q", "-C", "o", "-c", hex(handle))


def _persistent() -> frozenset[int]:
    listed = tpm.run("tpm2_getcap", "handles-persistent").decode()
    return frozenset(int(line.removeprefix("- "), 16) for line in listed.splitlines() if line.startswith("- "))
