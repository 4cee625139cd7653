"""Virtual documents as a terminal relays them: read from the simulator's chip by the terminal's own reader."""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from central_api.contract.cards import PassportFiles
from devices.card import passport, tlv
from devices.card.channel import Channel
from devices.card.keys import CardAccessNumber, DocumentFields
from devices.simulators.card.chip import PassportChip
from devices.simulators.card.document import Active, Kind, Order, Printed, issue

NUMBER = "L898902C3"


def relayed(
    pki: Path,
    challenge: bytes,
    kind: Kind = "passport",
    *,
    active: Active = "ecdsa",
    number: str = NUMBER,
    expiry: str = "340415",
) -> PassportFiles:
    """What a terminal hands over of a document; `challenge` is the chip's 8 bytes."""
    printed = Printed(DocumentFields(number, "740812", expiry), CardAccessNumber("314159"), "ERIKSSON<<ANNA<MARIA")
    chip = PassportChip(issue(printed, Order(kind, access="bac", active=active), pki))
    read = passport.read(Channel(chip.answer), printed.key, challenge)
    return PassportFiles(read.sod, read.dg1, read.dg14, read.dg15, read.active)


def spoiled(files: PassportFiles, name: str, at: int, bit: int) -> PassportFiles:
    """The same with one bit of one file turned."""
    content = bytearray(getattr(files, name))
    content[at % len(content)] ^= 1 << bit
    return replace(files, **{name: bytes(content)})


@dataclass(frozen=True)
class RsaSigner:
    """A signer with an RSA key, of a country of its own: what an office would trust, the signer, its key."""

    authority: x509.Certificate
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def new(cls) -> "RsaSigner":
        above, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("RSA CSCA", "RSA signer")]
        now = datetime.datetime.now(datetime.UTC)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())

        def begun(subject: x509.Name, public: rsa.RSAPublicKey) -> x509.CertificateBuilder:
            builder = x509.CertificateBuilder(names[0], subject, public, x509.random_serial_number())
            year = datetime.timedelta(days=365)
            return builder.not_valid_before(now - year).not_valid_after(now + year)

        usage = x509.KeyUsage(True, *[False] * 8)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        authority = begun(names[0], above.public_key()).add_extension(x509.BasicConstraints(True, 0), True)
        signer = begun(names[1], key.public_key()).add_extension(usage, True).add_extension(identifier, False)
        return cls(authority.sign(above, hashes.SHA256(), rsa_padding=pss), signer.sign(above, hashes.SHA256()), key)

    def signs(self, files: PassportFiles, scheme: str, *, by_key: bool = False, enclosed: bool = True) -> PassportFiles:
        """The same document, signed by this one. scheme: of asn1crypto; by_key: the signer is named by its key's id."""
        info = cms.ContentInfo.load(tlv.inner(files.sod, 0x77))
        signed = info["content"]
        certificate = asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        signed["certificates"] = [certificate] if enclosed else []
        by = signed["signer_infos"][0]
        named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        if by_key:
            by["sid"] = cms.SignerIdentifier("subject_key_identifier", certificate.key_identifier)
        else:
            by["sid"] = cms.SignerIdentifier("issuer_and_serial_number", named)
        hashed = hashes.SHA1() if scheme.startswith("sha1") else hashes.SHA256()
        by["signature_algorithm"], way = {"algorithm": scheme}, padding.PKCS1v15()
        if scheme == "rsassa_pss":
            way = padding.PSS(padding.MGF1(hashed), 20)
            mask = {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}}
            parameters = {"hash_algorithm": {"algorithm": "sha256"}, "mask_gen_algorithm": mask, "salt_length": 20}
            by["signature_algorithm"] = {"algorithm": scheme, "parameters": parameters}
        by["signature"] = self.key.sign(by["signed_attrs"].untag().dump(), way, hashed)
        return replace(files, sod=tlv.build(0x77, info.dump(force=True)))
