"""Whom the office believes: a folder of countries' signing certificates (CSCA) with their revocation lists.

`*.pem` and `*.der` are certificates, `*.crl` lists (PEM or DER). The folder is read again when a file in it changes, so
that renewed lists count at once. A list that its issuer did not sign, or a certificate that may sign none, counts for
nothing, and is told.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from structlog import get_logger
from structlog.typing import FilteringBoundLogger

_log = cast(FilteringBoundLogger, get_logger())
UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A country's certificate, and the serial numbers of those that it has revoked."""

    certificate: x509.Certificate
    revoked: frozenset[int]

    def signed(self, signer: x509.Certificate) -> bool:
        """Say whether this issuer signed a certificate for signing documents."""
        try:
            signer.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, *UNREADABLE):
            return False
        return signer != self.certificate

    def valid_at(self, now: datetime) -> bool:
        """Say whether its own certificate is valid."""
        return valid_at(self.certificate, now)


def valid_at(certificate: x509.Certificate, now: datetime) -> bool:
    """Say whether a certificate is valid at a moment (with a time zone)."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


class Issuers:
    """The folder, as it is now; one that is not there holds nobody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[object, tuple[Issuer, ...]] = ((), ())

    def now(self) -> tuple[Issuer, ...]:
        """Return everyone whom the folder names at this moment."""
        files = sorted(path for path in self._folder.glob("*") if path.suffix in {".pem", ".der", ".crl"})
        stamp = [(path.name, *_stamp(path)) for path in files]
        if self._read[0] != stamp:
            self._read = (stamp, _issuers(files))
        return self._read[1]

    def of(self, signer: x509.Certificate) -> Issuer | None:
        """Return who signed a certificate, if it is someone believed."""
        return next((issuer for issuer in self.now() if issuer.signed(signer)), None)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _issuers(files: list[Path]) -> tuple[Issuer, ...]:
    certificates: list[x509.Certificate] = []
    lists: list[tuple[str, x509.CertificateRevocationList]] = []
    for path in files:
        try:
            content = path.read_bytes()
            if path.suffix == ".crl":
                pem = content.startswith(b"-----")
                load = x509.load_pem_x509_crl if pem else x509.load_der_x509_crl
                lists.append((path.name, load(content)))
            elif path.suffix == ".der":
                certificates.append(x509.load_der_x509_certificate(content))
            else:
                certificates += x509.load_pem_x509_certificates(content)
        except UNREADABLE:
            _log.warning("issuer file unreadable", file=path.name)
    signers = [(certificate, _issuing_key(certificate)) for certificate in certificates]
    believed: list[x509.CertificateRevocationList] = []
    for name, revocations in lists:
        if any(key is not None and _is_list_of(revocations, certificate, key) for certificate, key in signers):
            believed.append(revocations)
        else:
            _log.warning("revocation list of nobody", file=name)
    issuers: list[Issuer] = []
    for certificate, key in signers:
        if key is None:
            _log.warning("not an issuer", subject=certificate.subject.rfc4514_string())
            continue
        # A state that has a new key signs with it what it revokes of the old one's.
        own = [revocations for revocations in believed if revocations.issuer == certificate.subject]
        issuers.append(Issuer(certificate, frozenset(entry.serial_number for each in own for entry in each)))
    return tuple(issuers)


def _issuing_key(certificate: x509.Certificate) -> CertificateIssuerPublicKeyTypes | None:
    """Return the key of a certificate that may sign others, or None."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        # What is no key of a signer's fails when it is used: no document was signed with it.
        return cast(CertificateIssuerPublicKeyTypes, certificate.public_key()) if constraints.ca else None
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None


def _is_list_of(
    revocations: x509.CertificateRevocationList, certificate: x509.Certificate, key: CertificateIssuerPublicKeyTypes
) -> bool:
    try:
        return revocations.issuer == certificate.subject and revocations.is_signature_valid(key)
    except UNREADABLE:
        return False
