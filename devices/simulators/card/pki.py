"""A country of our own for tests: a signing authority (CSCA), document signers, and a stranger who signs alike.

DIR/csca/ is what an office would trust: certificates and revocation lists. DIR/keys/ is nobody's to trust: the signers'
keys, and the stranger's. Nothing of it may ever lie in the folder of a real office.
"""

import datetime
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

COUNTRY: Final = "UT"
"""Utopia, the country of the standard's specimens; UTO in an MRZ."""

YEAR: Final = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Signer:
    """A document signer: its certificate and key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def signer(folder: Path, name: str) -> Signer:
    """name: genuine, revoked or stranger. The folder is filled first if it is not there; OSError if it cannot be."""
    trusted(folder)
    key = load_pem_private_key((folder / "keys" / f"{name}.key.pem").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise OSError(f"the key of {name} is of another kind")
    return Signer(x509.load_pem_x509_certificate((folder / "keys" / f"{name}.pem").read_bytes()), key)


def trusted(folder: Path) -> Path:
    """Return the folder of what an office would trust, made first if it is not there. Raises OSError."""
    if not (folder / "keys").is_dir():
        _fill(folder)
    return folder / "csca"


def _fill(folder: Path) -> None:
    """Made beside and renamed, so that two that start at once take the same one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    for part in ("csca", "keys"):
        (draft / part).mkdir()
    authority, stranger = (_authority(f"Utopia {name} CSCA") for name in ("Test", "Stranger"))
    revoked = _document_signer(authority, "Revoked Document Signer")
    for name, made in (
        ("genuine", _document_signer(authority, "Document Signer")),
        ("revoked", revoked),
        ("stranger", _document_signer(stranger, "Document Signer")),
    ):
        _write(draft / "keys" / f"{name}.pem", made.certificate.public_bytes(Encoding.PEM))
        secret = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(draft / "keys" / f"{name}.key.pem", secret)
    _write(draft / "csca" / "utopia.pem", authority.certificate.public_bytes(Encoding.PEM))
    _write(draft / "csca" / "utopia.crl", _revocations(authority, revoked).public_bytes(Encoding.PEM))
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not (folder / "keys").is_dir():
            raise


def _write(path: Path, content: bytes) -> None:
    path.touch(0o600)
    path.write_bytes(content)


def _name(common: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, COUNTRY), (NameOID.ORGANIZATION_NAME, "Utopia"), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * YEAR)
        .not_valid_after(now + years * YEAR)
    )


def _authority(common: str) -> Signer:
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = (
        _begun(_name(common), _name(common), key.public_key(), 13)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA384())
    )
    return Signer(certificate, key)


def _document_signer(authority: Signer, common: str) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _begun(_name(common), authority.certificate.subject, key.public_key(), 11)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA384())
    )
    return Signer(certificate, key)


def _revocations(authority: Signer, revoked: Signer) -> x509.CertificateRevocationList:
    now = datetime.datetime.now(datetime.UTC)
    entry = x509.RevokedCertificateBuilder().serial_number(revoked.certificate.serial_number).revocation_date(now)
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + YEAR)
        .add_revoked_certificate(entry.build())
        .sign(authority.key, hashes.SHA384())
    )
