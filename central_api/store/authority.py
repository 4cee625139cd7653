"""The office's own certificate authority (P-256), and the server certificate that it signs: files in DATA/tls.

Terminals trust this authority alone, by the pin in their enrolment code; nobody else is asked to.
"""

import datetime
import ipaddress
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central_api.contract.enrolment import NO_CA

from .errors import NoOffice
from .founding import VALID_BEFORE, alone, sync, write_secret

_DAY: Final = 86_400
_CA_DAYS: Final = 20 * 366
_SERVER_DAYS: Final = 2 * 366
_RENEW_DAYS: Final = 60
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Authority:
    """The CA certificate as PEM, the SHA-256 of its DER, and the file with server key, certificate and chain."""

    ca_pem: bytes
    ca_hash: bytes
    server_file: Path


def ca_hash_of(data: Path, ministry: str, origin: str, now: int) -> bytes:
    """Return what enrolment codes pin of an office that is reached at `origin`: NO_CA where that is plain HTTP."""
    return authority(data, ministry, origin, now).ca_hash if origin.startswith("https://") else NO_CA


def authority(data: Path, ministry: str, origin: str, now: int) -> Authority:
    """Return the authority, made on first use, with a server certificate that is good for `origin` for 60 days more.

    `now` is seconds since 1970, UTC. Raises NoOffice for files that cannot be read.
    """
    tls = data / "tls"
    host = urlsplit(origin).hostname or ""
    with alone(data):
        if not (tls / "server.pem").exists():
            draft = data / ".tls"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            _write_ca(draft, ministry, now)
            _write_server(draft, host, now)
            sync(draft)
            draft.rename(tls)
            sync(data)
        try:
            ca_pem = (tls / "ca.pem").read_bytes()
            der = x509.load_pem_x509_certificate(ca_pem).public_bytes(Encoding.DER)
            if not _good_for(tls, host, now):
                _write_server(tls, host, now)
        except (ValueError, OSError) as error:
            raise NoOffice(f"the certificates in {tls.name}/ cannot be read ({type(error).__name__})") from None
    return Authority(ca_pem, sha256(der).digest(), tls / "server.pem")


def _write_ca(folder: Path, ministry: str, now: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Istilam office CA ({ministry})"[:64])])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(name, name, key.public_key(), now, _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_secret(folder / "ca.key", _pem_of(key))
    write_secret(folder / "ca.pem", certificate.public_bytes(Encoding.PEM))


def _write_server(folder: Path, host: str, now: int) -> None:
    ca_key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64] or "localhost")])
    certificate = (
        _builder(name, ca.subject, key.public_key(), now, _SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_name(one) for one in _names(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    chain = certificate.public_bytes(Encoding.PEM) + ca.public_bytes(Encoding.PEM)
    draft = folder / ".server.pem"
    draft.unlink(missing_ok=True)
    write_secret(draft, _pem_of(key) + chain)
    draft.rename(folder / "server.pem")
    sync(folder)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: int, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # As with the keys: a clock that was wrong today must not make it invalid everywhere else.
        .not_valid_before(_date(max(0, now - VALID_BEFORE)))
        .not_valid_after(_date(now + days * _DAY))
    )


def _good_for(folder: Path, host: str, now: int) -> bool:
    certificate = x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = certificate.not_valid_after_utc - _date(now)
    return {_name(one) for one in _names(host)} <= set(names) and left.days >= _RENEW_DAYS


def _names(host: str) -> list[str]:
    return list(dict.fromkeys([host, *_LOOPBACK] if host else _LOOPBACK))


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _date(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
