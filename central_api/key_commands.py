"""python -m central_api keys: the root key, kept offline, and the keys that it vouches for."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from central_api.contract.keylist import KeyList, ListedKey, Purpose
from central_api.publish import publish_all
from central_api.store import NoOffice, Office, open_office
from central_api.store.authority import authority
from central_api.store.keyring import new_root_key, read_root_key, revoke, rotate, take_root_key_out
from central_api.store.renewals import Renewal, renewals

from .answers import Data, Failed, Json, counted, say

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
    """Revoke key NUMBER for good; where it was in use, a new key takes its place.

    What a receipt key signed is published anew under the present one, some hundred statuses at a time. Ended before it
    is through, the next `serve` or `keys revoke` goes on.
    """
    _found(data)
    keys = revoke(data, number, read_root_key(root), int(time.time()))
    with open_office(data, create=False) as office:
        _renew(office)
        known = renewals(office.own_reader)
    words = [f"key {number} is revoked (list {keys.number})"]
    words += [f"{one.renewed} statuses were published anew" for one in known if one.receipt_key == number]
    say({"key": number, **_shown(keys, known)}, as_json, "; ".join(words))


@app.command(name="list")
def list_keys(*, data: Data, as_json: Json = False) -> None:
    """Show the key list."""
    with open_office(data, create=False) as office:
        keys, known = office.key_list, renewals(office.own_reader)
    lines = [f"list {keys.number}, {counted(len(keys.keys), 'key')}"]
    lines += [f"{key.key_id:4} {key.purpose.name.lower()}{_words(key, known)}" for key in keys.keys]
    say(_shown(keys, known), as_json, "\n".join(lines))


def _renew(office: Office) -> None:
    """Publish what is pending or due, with a bar where someone watches."""
    if not sys.stderr.isatty():
        publish_all(office)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("published anew")
        publish_all(office, lambda renewal: bar.update(task, completed=renewal.after, total=renewal.upto))


def _words(key: ListedKey, known: list[Renewal]) -> str:
    for one in known:
        if one.receipt_key == key.key_id:
            left = f", {one.left} files still to be looked at" if one.left else ""
            return f" revoked, {one.renewed} statuses published anew{left}"
    return " revoked" if key.revoked else ""


def _shown(keys: KeyList, known: Sequence[Renewal] = ()) -> dict[str, object]:
    passes = {one.receipt_key: {"published_anew": {"statuses": one.renewed, "files_left": one.left}} for one in known}
    shown = [{**_shown_key(key), **passes.get(key.key_id, {})} for key in keys.keys]
    return {"key_list": keys.number, "keys": shown}


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
