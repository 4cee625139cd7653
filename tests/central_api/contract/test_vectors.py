"""Every field of every example of the shared vectors is reproduced."""

import json
from pathlib import Path

import pytest

from central_api.contract import keys, numbers, sealed, slips

SLIPS = json.loads((Path(__file__).parents[2] / "vectors" / "slip.json").read_text(encoding="utf-8"))
FIELDS = {
    "office_secret", "issue", "tracking", "shown", "slip_key", "secret_code", "slot", "seal_key", "slip_url",
    "version", "nonce", "plain", "sealed",
}  # fmt: skip


@pytest.mark.parametrize("example", SLIPS, ids=lambda example: example["tracking"])
def test_the_office_makes_the_example(example):
    assert set(example) == FIELDS
    tracking, issue = example["tracking"], example["issue"]
    secret = bytes.fromhex(example["office_secret"])
    key = keys.slip_key(secret, tracking, issue)
    made = {
        "shown": numbers.show_tracking_number(tracking),
        "slip_key": key.hex(),
        "secret_code": keys.secret_code(secret, tracking, issue),
        "slot": keys.slot(key).hex(),
        "seal_key": keys.seal_key(key).hex(),
        "slip_url": slips.slip_url("follow.labour.example", slips.Slip(tracking, key)),
        "sealed": sealed.seal(
            bytes.fromhex(example["plain"]), key, example["version"], bytes.fromhex(example["nonce"])
        ).hex(),
    }
    assert made == {name: example[name] for name in made}


@pytest.mark.parametrize("example", SLIPS, ids=lambda example: example["tracking"])
def test_the_reader_opens_the_example(example):
    slip = slips.parse_slip(example["slip_url"], ["FOLLOW.LABOUR.EXAMPLE"])
    assert (slip.tracking, slip.key.hex()) == (example["tracking"], example["slip_key"])
    assert numbers.parse_tracking_number(example["shown"]) == example["tracking"]
    assert numbers.parse_secret_code(example["secret_code"]) == example["secret_code"]
    data = bytes.fromhex(example["sealed"])
    assert sealed.sealed_version(data) == example["version"]
    assert sealed.open_sealed(data, slip.key) == (example["version"], bytes.fromhex(example["plain"]))
