"""What the office is asked about a card: a challenge for its chip, and a judgement of what the chip answered.

The terminal relays and judges nothing. Every request is signed where the terminal has an identity. Imports requests, so
import this after the first picture.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from central_api.contract.cards import (
    OPENING,
    CardVerdict,
    IndexCard,
    Judgement,
    JudgementRequest,
    PassportFiles,
    decode_card_challenge,
    decode_judgement,
    encode_judgement_request,
)
from central_api.contract.errors import ContractError, Unreadable
from central_api.contract.receipts import receipt_of, receipt_url
from central_api.contract.status import decode_status

from .card_state import CardFiles, CardProblem, CardRefused, CardResult
from .clock import TrustedClock
from .link import OfficeLink, OfficeUnreachable
from .office_time import OfficeTime
from .sync import LinkBelief
from .vault import Vault
from .visit_state import DataAge, Sheet

if TYPE_CHECKING:
    from .identity import Identity

# Seconds, for each of the two questions.
OFFICE_WITHIN: Final = 5.0
# Bytes: twenty statuses, each as large as the largest that a slip opens.
MOST_BYTES: Final = 1 << 20
_CBOR: Final = "application/cbor"


class NoAnswer(Exception):
    """The office gives none, and why. Says nothing of the card."""

    def __init__(self, why: CardProblem) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class CardOffice:
    """The office as it is asked of cards; from any thread, over a connection for each card."""

    vault: Vault
    url: str
    clock: TrustedClock
    belief: LinkBelief
    identity: "Identity | None" = None

    def link(self) -> OfficeLink:
        """Open a connection for one card."""
        return OfficeLink(self.url, self.identity, OfficeTime(self.clock, lambda: self.vault.keys))

    def challenge(self, link: OfficeLink) -> bytes:
        """Ask for a challenge. Raises NoAnswer."""
        try:
            return decode_card_challenge(self._post(link, "/v1/cards/challenges", b""))
        except ContractError:  # whoever answers so is not the office, or one that this terminal does not understand
            raise NoAnswer(CardProblem.UNREACHABLE) from None

    def judgement(self, link: OfficeLink, challenge: bytes, card: PassportFiles | IndexCard) -> CardResult:
        """Ask for a judgement. Raises NoAnswer."""
        try:
            asked = encode_judgement_request(JudgementRequest(challenge, card))
        except ContractError:  # larger than any passport's files
            raise NoAnswer(CardProblem.UNREADABLE) from None
        try:
            return self._result(decode_judgement(self._post(link, "/v1/cards/judgements", asked)))
        except ContractError:
            raise NoAnswer(CardProblem.UNREACHABLE) from None

    def _post(self, link: OfficeLink, path: str, body: bytes) -> bytes:
        try:
            answer = link.send("POST", path, body, _CBOR, seconds=OFFICE_WITHIN, most=MOST_BYTES)
        except OfficeUnreachable as error:
            self.belief.believe(False, str(error))
            raise NoAnswer(CardProblem.UNREACHABLE) from None
        if answer.status != 200:
            # One that does not take this terminal's word, or no cards now, is as good as out of reach.
            raise NoAnswer(CardProblem.TOO_MANY if answer.status == 429 else CardProblem.UNREACHABLE)
        return answer.body

    def _result(self, judgement: Judgement) -> CardResult:
        if judgement.verdict not in OPENING:
            return CardRefused(_VERDICTS[judgement.verdict])
        if not judgement.statuses:
            return CardRefused(CardProblem.NO_FILES)
        return CardFiles(tuple(self._sheet(status.version, status.plain) for status in judgement.statuses))

    def _sheet(self, version: int, plain: bytes) -> Sheet:
        """Open one file; refuse what its receipt does not hold. Raises ContractError."""
        pins = self.vault.pins
        if pins is None:
            raise Unreadable("no office is known")
        status = decode_status(plain)
        receipt_of(plain, version, self.vault.receipt_key)
        now = self.clock.now()
        seconds = now.seconds if now.trusted else None
        return Sheet(status, version, plain, DataAge(seconds, seconds, False), receipt_url(pins.host, plain, version))


_VERDICTS: Final = {
    CardVerdict.ALTERED: CardProblem.ALTERED,
    CardVerdict.UNKNOWN_ISSUER: CardProblem.UNKNOWN_ISSUER,
    CardVerdict.EXPIRED: CardProblem.EXPIRED,
    CardVerdict.REVOKED: CardProblem.REVOKED,
    CardVerdict.COPIED: CardProblem.COPIED,
    CardVerdict.UNPROVEN: CardProblem.UNPROVEN,
}
