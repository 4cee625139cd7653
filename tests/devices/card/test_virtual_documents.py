"""The virtual passports' signatures, judged by openssl: each kind is wrong only in the way that it is named for."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from devices.card import passport, tlv
from devices.card.keys import CardAccessNumber, DocumentFields, fields_of_mrz
from devices.simulators.card.document import Document, Kind, Order, Printed, issue
from tests.devices.card.peers import pki

__all__ = ["pki"]

PRINTED = Printed(DocumentFields("L898902C3", "740812", "340415"), CardAccessNumber("314159"), "ERIKSSON<<ANNA<MARIA")


def _issued(pki: Path, kind: Kind) -> Document:
    return issue(PRINTED, Order(kind), pki)


def _verified(document: Document, pki: Path, tmp_path: Path, *how: str) -> tuple[bool, bytes]:
    signed, content = tmp_path / "sod.der", tmp_path / "content.der"
    signed.write_bytes(tlv.inner(document.files[passport.SOD], 0x77))
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes((pki / "csca" / "utopia.pem").read_bytes() + (pki / "csca" / "utopia.crl").read_bytes())
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", signed, "-out", content, "-binary"]
    done = subprocess.run(
        [*command, "-CAfile", trusted, "-purpose", "any", *how], capture_output=True, check=False, timeout=30
    )
    return done.returncode == 0, content.read_bytes() if content.exists() else b""


def _hashes_hold(document: Document, security_object: bytes) -> bool:
    """Whether each data group's hash is in the signed object."""
    groups = [file for name, file in document.files.items() if 0x0101 <= name <= 0x0110]
    return all(hashlib.sha256(group).digest() in security_object for group in groups)


@pytest.mark.parametrize(
    ("kind", "trusted", "unaltered"),
    [
        ("passport", True, True),
        ("passive", True, True),
        ("copied", True, True),
        ("altered", True, False),
        ("stranger", False, True),
        ("revoked", False, True),
    ],
)
def test_a_document_is_wrong_only_as_its_name_says(pki, tmp_path, kind, trusted, unaltered):
    document = _issued(pki, kind)
    verified, content = _verified(document, pki, tmp_path, "-crl_check")
    assert verified == trusted
    if not verified:
        _, content = _verified(document, pki, tmp_path, "-noverify")
    assert _hashes_hold(document, content) == unaltered


def test_a_revoked_signer_is_only_revoked(pki, tmp_path):
    assert _verified(_issued(pki, "revoked"), pki, tmp_path)[0]


def test_the_printed_page_opens_the_chip(pki):
    document = _issued(pki, "altered")
    mrz = tlv.inner(tlv.inner(document.files[passport.DG1], 0x61), 0x5F1F).decode()
    assert fields_of_mrz(mrz) == PRINTED.key
    assert "IMPOSTOR" in mrz
    assert len(PRINTED.mrz()) == 88


def test_the_secrets_of_the_country_are_not_for_everyone(pki):
    _issued(pki, "passport")
    assert {oct(key.stat().st_mode & 0o777) for key in (pki / "keys").iterdir()} == {"0o600"}
    assert sorted(path.name for path in (pki / "csca").iterdir()) == ["utopia.crl", "utopia.pem"]
