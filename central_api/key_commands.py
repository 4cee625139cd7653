"""python -m central_api keys: the root key, kept offline, and the keys that it vouches for."""

import time
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from central_api.contract.keylist import KeyList, ListedKey, Purpose
from central_api.store import NoOffice, open_office
from central_api.store.authority import authority
from central_api.store.keyring import new_root_key, read_root_key, revoke, rotate, take_root_key_out

from .answers import Data, Failed, Json, say

app = App(name="keys", help="The office's own keys. A running `serve` takes up every change by itself.")
Root = Annotated[Path, Parameter(help="The file that keeps the root key, outside the data folder.")]


@app.command(name="init")
def init(*, data: Data, root: Root, as_json: Json = False) -> None:
    """Found an office whose root key lies in the file ROOT, or take the root key of an office out to there.

    Also makes the office's certificate authority. Keep the file offline: `keys rotate` and `keys revoke` ask for it.
    """
    if (data / "office.toml").exists():
        moved = take_root_key_out(data, root)
        words = f"the root key lies in {root.name} alone" if moved else f"the root key lay in {root.name} already"
    else:
        if root.resolve().is_relative_to(data.resolve()):
            raise Failed({"error": "wrong_root_key"}, "the root key is to be kept outside the data folder")
        key = read_root_key(root) if root.exists() else new_root_key(root)
        open_office(data, root=key).close()
        words = f"an office was founded; its root key lies in {root.name}"
    with open_office(data, create=False) as office:
        authority(data, office.settings.ministry, office.settings.origin, office.clock())
        shown = {"root_key": office.root_public.hex(), "key_list": office.key_list.number}
    say(shown, as_json, f"{words}: keep it offline")


@app.command(name="rotate")
def rotate_key(
    purpose: Literal["feed", "receipt", "content", "update"], *, data: Data, root: Root, as_json: Json = False
) -> None:
    """Make a new key for PURPOSE: it signs from now on; what the old one signed goes on being believed."""
    _found(data)
    keys = rotate(data, Purpose[purpose.upper()], read_root_key(root), int(time.time()))
    number = keys.keys[-1].key_id
    say({"key": number, **_shown(keys)}, as_json, f"key {number} signs for {purpose} from now on (list {keys.number})")


@app.command(name="revoke")
def revoke_key(number: int, *, data: Data, root: Root, as_json: Json = False) -> None:
    """Revoke key NUMBER for good; where it was in use, a new key takes its place."""
    _found(data)
    keys = revoke(data, number, read_root_key(root), int(time.time()))
    say({"key": number, **_shown(keys)}, as_json, f"key {number} is revoked (list {keys.number})")


@app.command(name="list")
def list_keys(*, data: Data, as_json: Json = False) -> None:
    """Show the key list."""
    with open_office(data, create=False) as office:
        keys = office.key_list
    lines = [f"list {keys.number}, {len(keys.keys)} keys"]
    lines += [f"{key.key_id:4} {key.purpose.name.lower()}{' revoked' if key.revoked else ''}" for key in keys.keys]
    say(_shown(keys), as_json, "\n".join(lines))


def _shown(keys: KeyList) -> dict[str, object]:
    return {"key_list": keys.number, "keys": [_shown_key(key) for key in keys.keys]}


def _shown_key(key: ListedKey) -> dict[str, object]:
    return {
        "number": key.key_id,
        "purpose": key.purpose.name.lower(),
        "public": key.public.hex(),
        "revoked": key.revoked,
        "not_after": key.not_after,
    }


def _found(data: Path) -> None:
    if not (data / "office.toml").exists():
        raise NoOffice("there is no office in this folder")
