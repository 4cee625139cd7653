"""A reader that shares no code with the project opens what the office seals, from the documents alone."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag

from . import reader

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "docs" / "vectors" / "contract.json").read_text(encoding="utf-8"))
SLIPS = json.loads((ROOT / "tests" / "vectors" / "slip.json").read_text(encoding="utf-8"))
SLIP = VECTORS["status"]["slip_url"]
SEALED = bytes.fromhex(VECTORS["status"]["sealed"])
KEYS = bytes.fromhex(VECTORS["key list"]["signed"])
ROOT_KEY = bytes.fromhex(VECTORS["signing keys"]["root"]["public"])


def test_it_imports_nothing_of_the_project():
    tree = ast.parse(Path(reader.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    allowed = {"hashlib", "hmac", "json", "sys", "base64", "pathlib", "urllib", "cbor2", "cryptography"}
    assert {name.split(".")[0] for name in names} <= allowed


@pytest.mark.parametrize("example", SLIPS, ids=lambda example: example["tracking"])
def test_it_finds_slot_and_seal_key_of_every_shared_example(example):
    tracking, key = reader.read_slip(example["slip_url"])
    assert (f"{tracking:011d}", key.hex()) == (example["tracking"], example["slip_key"])
    assert reader.slot_of(key) == example["slot"]
    assert reader.hkdf(key, b"istilam seal v1", 32).hex() == example["seal_key"]


def test_it_opens_the_status_and_verifies_its_receipt():
    version, status = reader.open_status(SLIP, SEALED)
    payload = reader.verify_receipt(version, status, reader.receipt_keys(KEYS, ROOT_KEY))
    assert (version, payload[1], payload[4]) == (VECTORS["status"]["version"], 26318283312, 2)


def test_it_refuses_what_was_altered():
    with pytest.raises(InvalidTag):
        reader.open_status(SLIP, SEALED[:-1] + bytes([SEALED[-1] ^ 1]))
    version, status = reader.open_status(SLIP, SEALED)
    keys = reader.receipt_keys(KEYS, ROOT_KEY)
    with pytest.raises(InvalidSignature):
        reader.verify_receipt(version + 1, status, keys)
    with pytest.raises(InvalidSignature):
        reader.verify_receipt(version, {**status, 10: [1]}, keys)
    with pytest.raises(InvalidSignature):
        reader.receipt_keys(KEYS, bytes.fromhex(VECTORS["signing keys"]["feed"]["public"]))


def test_it_is_a_command(tmp_path):
    (tmp_path / "status").write_bytes(SEALED)
    (tmp_path / "keys").write_bytes(KEYS)
    command = [sys.executable, reader.__file__, SLIP, tmp_path / "status", tmp_path / "keys", ROOT_KEY.hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout)["receipt"]["1"] == 26318283312


@pytest.fixture
def office(tmp_path):
    """A real office with one application, served on a port of its own: its address, and the slip's."""
    run = [sys.executable, "-m", "central_api"]
    submit = ["submit", "--data", tmp_path, "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456"]
    done = subprocess.run([*run, *submit, "--json"], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    serve = [*run, "serve", "--data", tmp_path, "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as server:
        try:
            said = next(line for line in server.stdout if '"listening"' in line)
            yield json.loads(said)["listening"], json.loads(done.stdout)["slip_url"]
        finally:
            server.terminate()


def test_it_opens_what_a_real_office_serves(office):
    address, slip_url = office
    command = [sys.executable, reader.__file__, slip_url, address]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    shown = json.loads(done.stdout)
    assert shown["receipt"]["1"] == shown["status"]["1"] == int(slip_url.partition("#")[2][:11])
