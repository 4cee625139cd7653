"""Enrolment: one code turns a bare machine into a terminal that its office trusts, and that trusts its office.

Each step takes what is there already and adds to the draft (`draft.Draft`). Nothing is a terminal's identity until the
office has accepted its key; then the draft becomes DATA/identity in one rename.
"""

import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from central_api.contract.enrolment import (
    NO_CA,
    Enrolment,
    digits_of,
    enrolment_pin,
    enrolment_text,
    parse_enrolment,
)
from central_api.contract.request_signature import key_id_of
from kiosk.identity import CA, FACTS, FOLDER, KEY_LIST, Identity, IdentityWrong, KeyPlace

from .draft import CODE, KEY_PLACE, REGISTRATION, Draft
from .failures import EnrolmentFailed, Why, disk_and_office
from .keys import TerminalKey, best_place, make_key, open_key
from .office import MOST_BYTES, WITHIN, OfficeClock, blob, facts, refusal, small, text

if TYPE_CHECKING:
    from kiosk.link import OfficeLink

ASK_AGAIN: Final = 2.0
"""Seconds between two questions whether the office has accepted."""

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Compare:
    """The office knows the key. Somebody compares these digits with those on its screen, and accepts.

    `office` is its address and `ministry` its name: a code that a stranger made leads to a stranger's office.
    """

    digits: str
    name: str
    site: str
    office: str
    ministry: str


@dataclass(frozen=True, slots=True)
class OfficeSilent:
    """The office does not answer just now; it is asked again."""

    why: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """This machine is a terminal now."""

    name: str
    site: str
    ministry: str


Progress: TypeAlias = Compare | OfficeSilent | Enrolled


@dataclass(frozen=True, slots=True)
class _Office:
    """The office behind the code, and only that: its certificate authority and root key are those of the pin."""

    url: str
    ministry: str
    host: str
    root_key: bytes
    ca_hash: bytes


class Enrolling:
    """One enrolment in one data folder, from wherever the last try ended. `code` None: the one of that try.

    `anew`: a machine that is a terminal already becomes another one. `place`: where the key lies; None: the best place.
    """

    def __init__(
        self,
        data: Path,
        code: Enrolment | None,
        report: Callable[[Progress], None],
        *,
        anew: bool = False,
        place: KeyPlace | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._data = data
        self._given = code
        self._report = report
        self._anew = anew
        self._place: KeyPlace = place or best_place()
        self._sleep = sleep
        self._draft = Draft(data)
        self._clock = OfficeClock()

    def run(self) -> Identity:
        """Take every step that is left. Raises EnrolmentFailed, and KeyboardInterrupt: the next run goes on."""
        with disk_and_office(self._data):
            return self._run()

    def _run(self) -> Identity:
        if self._draft.is_whole:
            return self._publish()
        code = self._begin()
        office = self._trust(code)
        key = self._key()
        identity = self._identity(code, office, key)
        link = self._link(identity)
        try:
            self._register(link, code, key)
            self._wait(link, office, key)
        finally:
            link.close()
        self._complete(identity)
        return self._publish()

    # ---- the steps ----

    def _begin(self) -> Enrolment:
        """Take up the code: the one given, else the one of the last try."""
        self._draft.clear_old()
        if (self._data / FOLDER).exists() and not self._anew:
            raise EnrolmentFailed(Why.ALREADY)
        kept = self._draft.read(CODE)
        if self._given is None:
            if kept is None:
                raise EnrolmentFailed(Why.NO_CODE)
            return parse_enrolment(kept.decode())
        given = enrolment_text(self._given).encode()
        if kept != given:
            self._draft.discard()
            self._draft.open()
            self._draft.write(CODE, given)
        return self._given

    def _trust(self, code: Enrolment) -> _Office:
        """Fetch the office's CA and root key, and take them for true only if they are those of the pin."""
        from kiosk.link import OfficeLink

        tls = code.origin.startswith("https:")
        ca_hash = self._fetch_ca(code.origin) if tls else NO_CA
        link = OfficeLink(code.origin, context=self._pinned() if tls else None)
        try:
            told = facts(small(link, "/v1/office").body)
            names = text(told, "ministry"), text(told, "host")
            office = _Office(code.origin, *names, blob(told, "root_key", 32), ca_hash)
            if enrolment_pin(ca_hash, office.root_key) != code.pin:
                raise EnrolmentFailed(Why.WRONG_CA, code.origin)
            self._draft.write(KEY_LIST, self._clock.learn(link, office.root_key))
        finally:
            link.close()
        return office

    def _fetch_ca(self, origin: str) -> bytes:
        """Fetch the certificate authority from whoever answers there; what it is worth the pin tells."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        from kiosk.link import OfficeLink
        from kiosk.tls import unchecked

        link = OfficeLink(origin, context=unchecked())
        try:
            answer = small(link, "/v1/ca")
            certificate = x509.load_pem_x509_certificate(answer.body)
        except ValueError:
            raise EnrolmentFailed(Why.WRONG_CA, origin) from None
        finally:
            link.close()
        self._draft.write(CA, certificate.public_bytes(Encoding.PEM))
        return sha256(certificate.public_bytes(Encoding.DER)).digest()

    def _key(self) -> TerminalKey:
        """Take the key of the last try, or make one."""
        where = self._draft.read(KEY_PLACE)
        if where is not None:
            try:
                return open_key(where, self._draft.folder)
            except (IdentityWrong, ValueError):  # a TPM that was cleared since: another key, and another registration
                (self._draft.folder / REGISTRATION).unlink(missing_ok=True)
        key = make_key(self._place, self._draft.write, self._draft.folder, kept=self._handles_in_use())
        self._draft.write(KEY_PLACE, key.where())
        return key

    def _register(self, link: "OfficeLink", code: Enrolment, key: TerminalKey) -> None:
        """Make the key known to the office, with the one-time code."""
        if self._draft.read(REGISTRATION) is not None:
            return
        body = json.dumps({"code": code.code.hex(), "public_key": key.point.hex()}).encode()
        answer = link.send("POST", "/v1/enrolments", body, _JSON, seconds=WITHIN, most=MOST_BYTES)
        if answer.status not in {200, 201}:
            raise refusal(answer)
        told = facts(answer.body)
        kept = {"terminal": text(told, "terminal"), "site": text(told, "site"), "nonce": text(told, "nonce")}
        self._draft.write(REGISTRATION, json.dumps(kept).encode())

    def _wait(self, link: "OfficeLink", office: _Office, key: TerminalKey) -> None:
        """Show the digits until somebody at the office has accepted."""
        from kiosk.link import OfficeUnreachable

        told = self._registration()
        digits = digits_of(key.point, office.root_key, office.ca_hash, blob(told, "nonce", 16))
        self._report(Compare(digits, text(told, "terminal"), text(told, "site"), office.url, office.ministry))
        while True:
            try:
                state = self._state(link)
            except OfficeUnreachable as error:
                self._report(OfficeSilent(str(error)))
                state = "pending"
            if state == "accepted":
                return
            if state == "refused":
                self._draft.discard()
                raise EnrolmentFailed(Why.REFUSED)
            self._sleep(ASK_AGAIN)

    def _state(self, link: "OfficeLink") -> str:
        answer = link.get("/v1/enrolment", seconds=WITHIN, most=MOST_BYTES)
        if answer.status >= 500:
            return "pending"  # it fails now; that is no word on us
        if answer.status != 200:
            (self._draft.folder / REGISTRATION).unlink(missing_ok=True)  # the next try registers again
            raise refusal(answer)
        return text(facts(answer.body), "state")

    def _complete(self, identity: Identity) -> None:
        told = self._registration()
        identity.name, identity.site = text(told, "terminal"), text(told, "site")
        identity.enrolled = self._clock.time.now()
        self._draft.write(FACTS, identity.facts())

    def _publish(self) -> Identity:
        self._draft.publish()
        identity = Identity.read(self._data)
        assert identity is not None, "it was published just now"
        self._report(Enrolled(identity.name, identity.site, identity.ministry))
        return identity

    # ---- what the steps use ----

    def _identity(self, code: Enrolment, office: _Office, key: TerminalKey) -> Identity:
        return Identity(
            self._draft.folder,
            code.origin,
            name="",
            site="",
            ministry=office.ministry,
            host=office.host,
            root_key=office.root_key,
            keyid=key_id_of(key.point),
            key=key.place,
            key_file=key.file,
            handle=key.handle,
        )

    def _registration(self) -> dict[str, Any]:
        return facts(self._draft.read(REGISTRATION) or b"")

    def _link(self, identity: Identity) -> "OfficeLink":
        from kiosk.link import OfficeLink

        return OfficeLink(identity.office_url, identity, self._clock.time)

    def _pinned(self) -> ssl.SSLContext:
        from kiosk.tls import pinned

        return pinned(self._draft.folder / CA)

    def _handles_in_use(self) -> frozenset[int]:
        """Say which key in the TPM is the present identity's: it works until the new one does."""
        try:
            identity = Identity.read(self._data)
        except IdentityWrong:
            return frozenset()
        return frozenset() if identity is None else frozenset({identity.handle})
