"""An enrolled terminal signs, trusts one authority, and survives lost clocks, renewed keys and being revoked."""

import json
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.durable import write_whole
from kiosk.identity import CA, FACTS, Identity, IdentityWrong
from kiosk.link import OfficeLink, OfficeUnreachable
from kiosk.sync import pins_of
from provisioning.renewal import renew_key
from tests.kiosk.feed_office import slip_of

from .enrolled import EnrolledTerminal
from .enrolling_office import EnrollingOffice, issue


@pytest.fixture
def terminal(office: EnrollingOffice, tmp_path: Path) -> Iterator[EnrolledTerminal]:
    terminal = EnrolledTerminal(office, tmp_path / "data")
    yield terminal
    terminal.close()


def test_it_follows_its_office_and_pins_what_it_enrolled_with(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    office.feed.publish(slip_of(1))
    assert terminal.round()
    assert terminal.vault.count() == 1
    assert terminal.vault.pins == pins_of(terminal.identity)
    assert "GET /v1/office" not in office.asked[office.asked.index("GET /v1/enrolment") :], "nothing on first use"


@pytest.mark.parametrize("year", [1970, 2040])
def test_a_lost_clock_is_set_by_the_signed_time_before_anything_else(
    office: EnrollingOffice, tmp_path: Path, year: int
) -> None:
    terminal = EnrolledTerminal(office, tmp_path / "data", system=lambda: (year - 1970) * 365.25 * 86_400)
    office.feed.publish(slip_of(1))
    assert terminal.round()
    assert terminal.vault.count() == 1
    terminal.close()


def test_a_clock_that_is_lost_while_it_runs_is_asked_for_once(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    assert terminal.round()
    office.feed.time += 4000  # as if ours had stood still
    office.asked.clear()
    assert terminal.round()
    assert office.asked == ["GET /v1/feed", "GET /v1/time", "GET /v1/feed"]


def test_another_authority_is_not_spoken_to(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    assert terminal.round()
    terminal.link.close()
    office.present(office._context, issue("office", issue("Somebody else", None)))
    office.asked.clear()
    assert not terminal.round()
    assert "certificate" in terminal.last_word.why
    assert office.asked == []


def test_a_certificate_that_ends_is_refused_by_the_trusted_time(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    assert terminal.round()
    terminal.link.close()
    office.present(office._context, issue("office", office.ca, days=(-9, -3)))
    office.asked.clear()
    assert not terminal.round()
    assert "certificate" in terminal.last_word.why
    assert set(office.asked) <= {"GET /v1/time"}


def test_a_revoked_terminal_is_told_apart_from_a_cut(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    office.feed.publish(slip_of(1))
    assert terminal.round()
    office.revoke()
    office.feed.publish(slip_of(2))
    assert not terminal.round()
    assert terminal.last_word.revoked
    assert terminal.vault.count() == 1, "it gets nothing"
    terminal.belief.believe(False, "a look-up waited in vain")
    assert terminal.last_word.revoked, "a cut does not undo it"
    office.accept()
    for key in office.keys.values():
        key.state = "accepted"
    assert terminal.round()
    assert not terminal.last_word.revoked


def test_a_renewed_key_is_used_at_once_and_the_old_one_is_gone(
    terminal: EnrolledTerminal, office: EnrollingOffice
) -> None:
    assert terminal.round()
    old = terminal.identity.folder / terminal.identity.key_file
    renewed = renew_key(terminal.data)
    assert renewed.keyid != terminal.identity.keyid
    assert not old.exists()
    assert terminal.round(), "the running process takes the new key up by itself"
    assert office.keys[terminal.identity.keyid].state == "revoked"
    assert Identity.read(terminal.data) == renewed


def test_a_key_that_is_renewed_within_one_tick_of_the_disks_clock_is_taken_up(terminal: EnrolledTerminal) -> None:
    facts = terminal.identity.folder / FACTS
    before = terminal.identity.latest()
    enrolled = facts.stat().st_mtime_ns
    renewed = renew_key(terminal.data)
    os.utime(facts, ns=(enrolled, enrolled))
    assert before.latest().keyid == renewed.keyid


def test_facts_that_are_replaced_while_they_are_read_are_read_again(
    terminal: EnrolledTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = terminal.identity.folder / FACTS
    other = facts.read_bytes().replace(terminal.identity.name.encode(), b"T-77")
    loads = json.loads

    def replaced_meanwhile(text: bytes) -> object:
        write_whole(facts, other)
        return loads(text)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("kiosk.identity.json.loads", replaced_meanwhile)
        read = Identity.of(terminal.identity.folder)
    assert read.name == terminal.identity.name
    assert read.latest().name == "T-77"


@pytest.mark.parametrize("fault", [(500, "internal"), (409, "key_known")])
def test_a_renewal_that_fails_leaves_the_old_key(
    terminal: EnrolledTerminal, office: EnrollingOffice, fault: tuple[int, str]
) -> None:
    from provisioning.failures import EnrolmentFailed

    office.faults["/v1/key"] = fault
    before = {path.name for path in terminal.identity.folder.iterdir()}
    with pytest.raises(EnrolmentFailed):
        renew_key(terminal.data)
    assert {path.name for path in terminal.identity.folder.iterdir()} == before
    assert terminal.round()


def test_a_request_is_bound_to_its_nonce(terminal: EnrolledTerminal, office: EnrollingOffice) -> None:
    assert terminal.round()
    assert terminal.round()
    asked = [one for one in office.asked if one == "GET /v1/feed"]
    assert len(office.nonces) >= len(asked)


def test_an_office_that_is_not_ours_at_all_is_unreachable(office: EnrollingOffice, tmp_path: Path) -> None:
    link = OfficeLink(office.url)  # the authorities of the whole world
    with pytest.raises(OfficeUnreachable, match="certificate"):
        link.get("/v1/keys", seconds=5, most=1000)
    link.close()


def test_an_identity_that_cannot_be_used_says_why(terminal: EnrolledTerminal) -> None:
    data, folder = terminal.data, terminal.identity.folder
    key = folder / terminal.identity.key_file
    pem, facts = key.read_bytes(), (folder / "identity.json").read_bytes()

    def wrong() -> str:
        with pytest.raises(IdentityWrong) as error:
            identity = Identity.read(data)
            assert identity is not None
            identity.sign(b"")
        return str(error.value)

    key.chmod(0o644)
    assert "0600" in wrong()
    key.chmod(0o600)
    key.write_bytes(b"not a key")
    assert "damaged" in wrong()
    key.write_bytes(_another_key())
    assert "not the one" in wrong()
    key.unlink()
    assert "No such file" in wrong()
    key.write_bytes(pem)
    key.chmod(0o600)
    for broken in (b"", b"[]", b"\xff\xfe", facts.replace(b"root_key", b"x"), facts[:-9]):
        (folder / "identity.json").write_bytes(broken)
        assert "identity.json is damaged" in wrong()
    (folder / "identity.json").unlink()
    assert "identity.json" in wrong()
    (folder / "identity.json").write_bytes(facts)
    (folder / CA).write_bytes(b"")
    with pytest.raises(ssl.SSLError):
        OfficeLink("https://127.0.0.1:1", Identity.read(data))


def _another_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
