"""What the office is asked about a card: a challenge for its chip, and a judgement of what the chip answered.

The terminal relays and judges nothing. Every request is signed where the terminal has an identity. Imports requests, so
import this after the first picture.
"""

from typing import Final

from central_api.contract.card_codes import (
    OpeningRequest,
    decode_code_sent,
    encode_code_request,
    encode_opening_request,
)
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

from .card_state import (
    CardFiles,
    CardProblem,
    CardRefused,
    CardResult,
    CardUnproven,
    CodeOver,
    CodeSent,
    CodeWrong,
)
from .frozen import frozen
from .link import Answer, OfficeLink, OfficeUnreachable
from .own_office import OwnOffice
from .sheets import just_answered, sheet_of
from .visit_state import Sheet

# Seconds, for each of the two questions about a card.
OFFICE_WITHIN: Final = 5.0
# Seconds, for each of the two about a code: a right one is spent when the office has read it, so its answer is waited
# for as long as the screen waits.
CODE_WITHIN: Final = 12.0
# Bytes: twenty statuses, each as large as the largest that a slip opens.
MOST_BYTES: Final = 1 << 20
_CBOR: Final = "application/cbor"


class NoAnswer(Exception):
    """The office gives none, and why. Says nothing of the card."""

    def __init__(self, why: CardProblem) -> None:
        super().__init__(why.value)
        self.why = why


@frozen
class CardOffice:
    """The office as it is asked of cards; from any thread, over a connection for each card."""

    office: OwnOffice

    def link(self) -> OfficeLink:
        """Open a connection for one card."""
        return self.office.link()

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

    def send_code(self, link: OfficeLink, ask: bytes) -> CodeSent:
        """Let a one-time code be sent to the phone on file, if there is one. Raises NoAnswer."""
        answer = self._asked(link, "/v1/cards/codes", encode_code_request(ask), CODE_WITHIN)
        try:
            return CodeSent(decode_code_sent(_body(answer, CardProblem.NO_CODES)).tries)
        except ContractError:
            raise NoAnswer(CardProblem.UNREACHABLE) from None

    def open_by_code(self, link: OfficeLink, ask: bytes, code: str) -> CardResult:
        """Take a one-time code back to the office. Raises NoAnswer."""
        asked = encode_opening_request(OpeningRequest(ask, code))
        answer = self._asked(link, "/v1/cards/openings", asked, CODE_WITHIN)
        match answer.problem:
            case "wrong_code":
                return CodeWrong(answer.number("tries_left") or 0)
            case "code_over":
                return CodeOver()
            case _:
                pass
        try:
            return self._result(decode_judgement(_body(answer, CardProblem.NO_CODES)))
        except ContractError:
            raise NoAnswer(CardProblem.UNREACHABLE) from None

    def _post(self, link: OfficeLink, path: str, body: bytes) -> bytes:
        return _body(self._asked(link, path, body, OFFICE_WITHIN), CardProblem.TOO_MANY)

    def _asked(self, link: OfficeLink, path: str, body: bytes, seconds: float) -> Answer:
        try:
            return link.send("POST", path, body, _CBOR, seconds=seconds, most=MOST_BYTES)
        except OfficeUnreachable as error:
            self.office.belief.believe(False, str(error))
            raise NoAnswer(CardProblem.UNREACHABLE) from None

    def _result(self, judgement: Judgement) -> CardResult:
        if judgement.ask is not None:
            return CardUnproven(judgement.ask)
        if judgement.verdict not in OPENING:
            return CardRefused(_VERDICTS[judgement.verdict])
        if not judgement.statuses:
            return CardRefused(CardProblem.NO_FILES)
        return CardFiles(tuple(self._sheet(status.version, status.plain) for status in judgement.statuses))

    def _sheet(self, version: int, plain: bytes) -> Sheet:
        """Open one file; refuse what its receipt does not hold. Raises ContractError."""
        vault = self.office.vault
        if vault.pins is None:
            raise Unreadable("no office is known")
        return sheet_of(plain, version, vault, vault.pins, just_answered(self.office.clock))


def _body(answer: Answer, too_many: CardProblem) -> bytes:
    """Return what an answer holds. An office that takes no word of this terminal is as good as out of reach.

    `too_many`: what it means that the office takes no more of these just now.
    """
    if answer.status == 200:
        return answer.body
    if answer.status == 429:
        raise NoAnswer(too_many)
    raise NoAnswer(CardProblem.ASK_OVER if answer.problem == "bad_ask" else CardProblem.UNREACHABLE)


_VERDICTS: Final = {
    CardVerdict.ALTERED: CardProblem.ALTERED,
    CardVerdict.UNKNOWN_ISSUER: CardProblem.UNKNOWN_ISSUER,
    CardVerdict.EXPIRED: CardProblem.EXPIRED,
    CardVerdict.REVOKED: CardProblem.REVOKED,
    CardVerdict.COPIED: CardProblem.COPIED,
    CardVerdict.UNPROVEN: CardProblem.UNPROVEN,
}
