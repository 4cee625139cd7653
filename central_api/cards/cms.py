"""A document's signed object, EF.SOD (ICAO 9303-10, 4.6.2; RFC 5652): what of asn1crypto is untyped is here alone."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from .errors import NotAsStandard, NotSupported

_cms: Any = import_module("asn1crypto.cms")
SECURITY_OBJECT: Final = "2.23.136.1.1.1"
# What its lazy parser raises, wherever in the bytes it is when it finds out.
_FAULTS: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class SignedObject:
    """content: the LDSSecurityObject; signer: the certificate of who signed, DER; covered: what the signature is over.

    digest, hash: names of hash functions, of the content and of the signature; claimed: the content's hash as signed;
    scheme: `ecdsa`, `rsassa_pkcs1v15` or `rsassa_pss`; salt: its length in bytes, for `rsassa_pss`.
    """

    content: bytes = field(repr=False)
    signer: bytes = field(repr=False)
    covered: bytes = field(repr=False)
    claimed: bytes = field(repr=False)
    digest: str
    scheme: str
    hash: str
    salt: int
    signature: bytes = field(repr=False)


def read_signed_object(data: bytes) -> SignedObject:
    """Read a CMS ContentInfo. Raises NotAsStandard, or NotSupported where it holds no certificate of its signer."""
    try:
        return _read(data)
    except (NotAsStandard, NotSupported):
        raise
    except _FAULTS:
        raise NotAsStandard("not a signed object") from None


def _read(data: bytes) -> SignedObject:
    info = _cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "signed_data":
        raise NotAsStandard("not signed data")
    signed = info["content"]
    content = signed["encap_content_info"]
    by = signed["signer_infos"][0]
    attributes = by["signed_attrs"]
    said = {each["type"].native: each["values"] for each in attributes}
    if content["content_type"].native != SECURITY_OBJECT or said["content_type"][0].native != SECURITY_OBJECT:
        raise NotAsStandard("signed data of something else")
    algorithm = by["signature_algorithm"]
    digest = str(by["digest_algorithm"]["algorithm"].native)
    scheme = str(algorithm.signature_algo)
    plain_rsa = algorithm["algorithm"].native in ("rsassa_pkcs1v15", "rsa")
    return SignedObject(
        content=bytes(content["content"]),
        signer=_certificate(signed, by["sid"]),
        covered=bytes(attributes.untag().dump()),
        claimed=bytes(said["message_digest"][0].native),
        digest=digest,
        scheme=scheme,
        hash=digest if plain_rsa else str(algorithm.hash_algo),
        salt=int(algorithm["parameters"]["salt_length"].native) if scheme == "rsassa_pss" else 0,
        signature=bytes(by["signature"].native),
    )


def _certificate(signed: Any, sid: Any) -> bytes:
    for choice in signed["certificates"]:
        if choice.name != "certificate":
            continue
        certificate = choice.chosen
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen
            found = certificate.issuer == named["issuer"] and certificate.serial_number == named["serial_number"].native
        else:
            found = certificate.key_identifier == sid.chosen.native
        if found:
            return bytes(certificate.dump())
    raise NotSupported("the signer's certificate is not there")
