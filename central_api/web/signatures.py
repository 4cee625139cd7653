"""Who asks: signed requests of terminals, judged one by one (docs/contract.md, Signed requests)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.requests import Request

from central_api.contract import request_signature
from central_api.contract.errors import ContractError, Refused
from central_api.contract.request_signature import SignedRequest
from central_api.store.live import Live

from .problems import Code, Refusal

# Every terminal of a country; a key object is some 2 KB.
_KEYS_KEPT: Final = 16_384

public_key_of: Callable[[bytes], EllipticCurvePublicKey] = lru_cache(_KEYS_KEPT)(request_signature.public_key_of)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that says it is signed, with what its signature should cover."""

    signed: SignedRequest
    method: str
    uri: str
    body: bytes = field(repr=False)

    def check(self, public: bytes, live: Live, now: int) -> None:
        """Refuse it unless it holds under this public key (65 bytes), was made just now, and comes for the first time.

        `now` is seconds since 1970, UTC.
        """
        try:
            request_signature.verify(self.signed, self.method, self.uri, self.body, public_key_of(public))
        except (ContractError, Refused):
            raise Refusal(Code.BAD_SIGNATURE) from None
        if not request_signature.in_window(self.signed, now):
            raise Refusal(Code.OUT_OF_WINDOW, office_time=now)
        if not live.is_fresh(self.signed.key_id, self.signed.nonce, self.signed.created, now):
            raise Refusal(Code.REPLAYED)


def asked_of(request: Request, origin: str, body: bytes) -> Asked | None:
    """Read the signature of a request to the office at `origin`; None if it has none. Refuses one of another form."""
    if not request_signature.is_signed(request.headers):
        return None
    try:
        signed = request_signature.parse(request.headers)
    except ContractError as error:
        raise Refusal(Code.BAD_SIGNATURE, str(error)) from None
    path: str = request.scope["raw_path"].decode("latin-1")
    query: str = request.scope["query_string"].decode("latin-1")
    return Asked(signed, request.method, f"{origin}{path}?{query}" if query else origin + path, body)
