"""Virtual documents as a terminal relays them: the simulator's own bytes, and its chip's answer to a challenge."""

from dataclasses import replace
from pathlib import Path

from central_api.contract.cards import PassportFiles
from devices.card import passport
from devices.card.keys import CardAccessNumber, DocumentFields
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
    document = issue(printed, Order(kind, active=active), pki)
    files = document.files
    return PassportFiles(
        sod=files[passport.SOD],
        dg1=files[passport.DG1],
        dg14=files.get(passport.DG14),
        dg15=files.get(passport.DG15),
        active=document.active.sign(challenge) if document.active else None,
    )


def spoiled(files: PassportFiles, name: str, at: int, bit: int) -> PassportFiles:
    """The same with one bit of one file turned."""
    content = bytearray(getattr(files, name))
    content[at % len(content)] ^= 1 << bit
    return replace(files, **{name: bytes(content)})
