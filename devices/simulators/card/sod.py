"""The document security object, EF.SOD (ICAO 9303-10, 4.6.2): what of asn1crypto is untyped is here alone."""

import hashlib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from devices.card import tlv
from devices.simulators.card.pki import Signer

cms: Any = import_module("asn1crypto.cms")
core: Any = import_module("asn1crypto.core")
x509: Any = import_module("asn1crypto.x509")

_SECURITY_OBJECT = "2.23.136.1.1.1"


def security_object(groups: Mapping[int, bytes], signer: Signer) -> bytes:
    """groups: files of the data groups by number. SHA-256 of each, signed with ECDSA over the signed attributes."""
    content = _hashes(groups)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [_SECURITY_OBJECT]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    certificate = x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": _SECURITY_OBJECT,
                "content": core.ParsableOctetString(content),
            },
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": signer.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
                }
            ],
        }
    )
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return tlv.build(0x77, whole)


def _hashes(groups: Mapping[int, bytes]) -> bytes:
    """The LDSSecurityObject, version 0."""
    listed = b"".join(
        tlv.build(0x30, tlv.build(0x02, bytes((number,))) + tlv.build(0x04, hashlib.sha256(file).digest()))
        for number, file in sorted(groups.items())
    )
    sha256 = tlv.build(0x30, oid("2.16.840.1.101.3.4.2.1"))
    return tlv.build(0x30, tlv.build(0x02, b"\0") + sha256 + tlv.build(0x30, listed))


def oid(dotted: str) -> bytes:
    """An object identifier as DER."""
    encoded: bytes = core.ObjectIdentifier(dotted).dump()
    return encoded
