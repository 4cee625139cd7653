"""A status receipt that somebody presents: judged by the keys in the vault, and by the office's register if it answers.

Without the network the signature alone says that the office issued it; whether its status is still the newest, only
the office can tell, and what the newest says, only with the secret code.
"""

import json
from collections.abc import Callable, Collection
from threading import Thread
from typing import Final

from central_api.contract.errors import Refused
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import Receipt, parse_receipt

from .entry_state import CheckedPaper, PaperSays, PaperVerdict
from .own_office import OwnOffice

# Seconds for the office's word. The signature has been judged by then.
OFFICE_WITHIN: Final = 3.0
_MOST_BYTES: Final = 1 << 12
_OF_OFFICE: Final = {
    "holds": PaperVerdict.LATEST,
    "superseded": PaperVerdict.SUPERSEDED,
    "revoked": PaperVerdict.REVOKED,
    "not_ours": PaperVerdict.UNCONFIRMED,  # its signature held here
}


class PaperCheck:
    """Judges receipts of `hosts`, which may fill later, on threads of its own."""

    def __init__(self, office: OwnOffice, hosts: Collection[str]) -> None:
        self._office = office
        self._vault, self._clock, self._belief = office.vault, office.clock, office.belief
        self._hosts = hosts

    def start(self, text: str, answer: Callable[[CheckedPaper], None]) -> None:
        """Judge on a thread of its own, and call `answer` there."""
        Thread(target=lambda: answer(self.judge(text)), name="paper", daemon=True).start()

    def judge(self, text: str) -> CheckedPaper:
        """Judge the text of a receipt's QR code."""
        now = self._clock.now()
        verdict, receipt = self._by_keys(text)
        if receipt is not None and self._belief.up:
            verdict = self._by_office(text) or verdict
        says = None
        if receipt is not None and verdict not in {PaperVerdict.UNCONFIRMED, PaperVerdict.REVOKED}:
            says = PaperSays(receipt.tracking, receipt.state, receipt.step, receipt.when)
        return CheckedPaper(verdict, says, now.seconds if now.trusted else None)

    def _by_keys(self, text: str) -> tuple[PaperVerdict, Receipt | None]:
        """Judge by the key list that the office signed; a revoked key's receipt is for the office to judge."""
        keys = self._vault.keys
        if keys is None:
            return PaperVerdict.UNKNOWN_KEY, None
        listed = {key.key_id: key for key in keys.keys if key.purpose is Purpose.RECEIPT}
        asked: list[int] = []

        def find(key_id: int) -> bytes:
            asked.append(key_id)
            if key_id not in listed:
                raise Refused("an unknown key")
            return listed[key_id].public

        try:
            receipt = parse_receipt(text, self._hosts, find)
        except Refused:
            if not asked:  # it came to no key, so nobody's signature failed
                return PaperVerdict.INCOMPLETE, None
            return (PaperVerdict.ALTERED if asked[0] in listed else PaperVerdict.UNKNOWN_KEY), None
        return (PaperVerdict.REVOKED if listed[asked[0]].revoked else PaperVerdict.GENUINE), receipt

    def _by_office(self, text: str) -> PaperVerdict | None:
        from .link import OfficeUnreachable

        link = self._office.link()
        body = json.dumps({"receipt": text}).encode()
        try:
            answer = link.send(
                "POST", "/v1/receipts/check", body, "application/json", seconds=OFFICE_WITHIN, most=_MOST_BYTES
            )
            told = json.loads(answer.body) if answer.status == 200 else None
        except OfficeUnreachable as error:
            self._belief.believe(False, str(error))
            return None
        except (ValueError, RecursionError):
            return None
        finally:
            link.close()
        match told:
            case {"verdict": str(word)}:
                return _OF_OFFICE.get(word)
            case _:
                return None
