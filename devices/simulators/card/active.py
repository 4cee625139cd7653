"""A chip's own key: active authentication (ICAO 9303-11, 6.1) with ECDSA or RSA."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, slots=True)
class EcdsaKey:
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> Self:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    def public(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, challenge: bytes) -> bytes:
        """r and s side by side (BSI TR-03111, plain), SHA-256."""
        size = (self.key.curve.key_size + 7) // 8
        r, s = decode_dss_signature(self.key.sign(challenge, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@dataclass(frozen=True, slots=True)
class RsaKey:
    key: rsa.RSAPrivateKey

    @classmethod
    def generate(cls) -> Self:
        return cls(rsa.generate_private_key(65537, 2048))

    def public(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, challenge: bytes) -> bytes:
        """ISO/IEC 9796-2, scheme 1, with SHA-256 (trailer 34CC): random bytes to recover, then the challenge."""
        numbers = self.key.private_numbers()
        size = self.key.key_size // 8
        recovered = secrets.token_bytes(size - 1 - 32 - 2)
        digest = hashlib.sha256(recovered + challenge).digest()
        represented = int.from_bytes(b"\x6a" + recovered + digest + b"\x34\xcc", "big")
        return pow(represented, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


ActiveKey = EcdsaKey | RsaKey
