"""`python -m devices card`: a virtual card from the command line."""

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from cyclopts import Parameter


def card(
    *,
    kind: str,
    vpcd: str = "127.0.0.1:35963",
    pki: Path | None = None,
    document: str = "L898902C3",
    birth: str = "740812",
    expiry: str = "340415",
    can: str = "314159",
    names: str = "ERIKSSON<<ANNA<MARIA",
    access: Literal["bac", "pace", "both"] = "both",
    active: Literal["ecdsa", "rsa"] = "ecdsa",
    curve: int = 13,
    uid: str = "04A1B2C3D4E5F6",
    out: Annotated[bool, Parameter(negative="")] = False,
    pull_after: int | None = None,
    control: str | None = None,
) -> None:
    """Lay a virtual card into the reader of a pcscd with vpcd (Debian: vsmartcard-vpcd), until interrupted.

    Parameters
    ----------
    kind: passport, passive (without a key of its own), altered (DG1), copied (another key), stranger (unknown issuer),
        revoked, uid (contactless number), chip (any other) or mute.
    vpcd: HOST:PORT of the reader's slot.
    pki: folder of the test country, made if it is not there; its csca/ is what an office would trust.
    birth, expiry: YYMMDD. A passport that has expired is one with an --expiry in the past.
    access: how a passport opens. active: the kind of its own key. curve: 12 to 18, PACE's standardised parameters.
    out: begin without the card in. pull_after: commands after which the card is torn out.
    control: HOST:PORT for lines: insert, remove, pull-after N, fault NAME (none, slow, garbage, wrong,
        flood), state. The first line printed has the real address.
    """
    from devices.card.errors import BadKey
    from devices.simulators.card.kinds import CARD_NAMES, CardSettings, make
    from devices.simulators.card.serve import serve

    if kind not in CARD_NAMES:
        _wrong_use(f"--kind must be one of {', '.join(CARD_NAMES)}")
    name = CARD_NAMES[CARD_NAMES.index(kind)]
    if pki is None and name not in ("uid", "chip", "mute"):
        _wrong_use("a passport needs --pki DIR, the folder of its test country")
    if curve not in range(12, 19):
        _wrong_use("--curve is a number from 12 to 18")
    try:
        settings = CardSettings(
            name, pki or Path(), document, birth, expiry, can, names, access, active, curve, bytes.fromhex(uid)
        )
        serve(make(settings), vpcd, control, out=out, pull_after=pull_after)
    except ModuleNotFoundError as missing:
        print(f"virtual passports need istilam[simulators]: {missing}", file=sys.stderr)
        raise SystemExit(1) from missing
    except BadKey as wrong:
        _wrong_use(str(wrong))
    except (OSError, ValueError) as failed:
        print(f"the virtual card cannot start: {failed}", file=sys.stderr)
        raise SystemExit(1) from failed


def _wrong_use(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)
