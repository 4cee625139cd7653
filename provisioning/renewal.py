"""A new key for a terminal, signed for by its old one."""

import json
import secrets
from dataclasses import replace
from pathlib import Path

from central_api.contract.enrolment import renewal_message
from central_api.contract.request_signature import key_id_of
from devices.durable import write_whole
from kiosk.identity import FACTS, Identity

from .failures import EnrolmentFailed, Why, disk_and_office
from .keys import TerminalKey, forget_key, make_key
from .office import MOST_BYTES, WITHIN, OfficeClock, refusal


def renew_key(data: Path) -> Identity:
    """Make a new key, let the office know it, and take it in use; the old one is destroyed.

    Killed before the office knows it, nothing happened; after, the old key works until the new one is first used, and
    the next renewal makes another. Raises EnrolmentFailed.
    """
    with disk_and_office(data):
        identity = Identity.read(data)
        if identity is None:
            raise EnrolmentFailed(Why.NOT_ENROLLED)
        folder = identity.folder
        key = make_key(
            identity.key,
            lambda name, content: write_whole(folder / name, content),
            folder,
            name=f"key-{secrets.token_hex(4)}.pem",
            kept=frozenset({identity.handle}),
        )
        renewed = replace(identity, keyid=key_id_of(key.point), key_file=key.file, handle=key.handle)
        try:
            _announce(data, identity, key)
        except BaseException:
            forget_key(renewed)
            raise
        write_whole(folder / FACTS, renewed.facts())
        forget_key(identity)
        return renewed


def _announce(data: Path, identity: Identity, key: TerminalKey) -> None:
    from kiosk.link import OfficeLink

    clock = OfficeClock.of(data, identity)
    link = OfficeLink(identity.office_url, identity, clock.time)
    try:
        clock.learn(link, identity.root_key)
        proof = key.sign(renewal_message(identity.keyid))
        body = json.dumps({"public_key": key.point.hex(), "proof": proof.hex()}).encode()
        answer = link.send("PUT", "/v1/key", body, "application/json", seconds=WITHIN, most=MOST_BYTES)
    finally:
        link.close()
    if answer.status != 204:
        raise refusal(answer)
