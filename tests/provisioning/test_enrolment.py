"""One code turns a bare machine into a terminal; everything else leaves it as it was."""

import stat
from pathlib import Path

import pytest

from central_api.contract.enrolment import parse_enrolment
from kiosk.identity import FOLDER, Identity
from provisioning.codes import code_of_text
from provisioning.draft import CODE, DRAFT
from provisioning.enrolment import Compare, Enrolled, Enrolling
from provisioning.failures import EnrolmentFailed, Why

from .enrolling_office import EnrollingOffice


def enrol(data: Path, code: str | None, **how) -> tuple[Identity, list]:
    told: list = []
    given = None if code is None else parse_enrolment(code)
    how.setdefault("sleep", lambda _seconds: None)
    return Enrolling(data, given, told.append, place="file", **how).run(), told


def failure(data: Path, code: str | None, **how) -> Why:
    with pytest.raises(EnrolmentFailed) as failed:
        enrol(data, code, **how)
    assert not (data / FOLDER).exists()
    return failed.value.why


def test_one_code_makes_a_terminal(office: EnrollingOffice, tmp_path: Path) -> None:
    identity, told = enrol(tmp_path / "data", office.code())
    assert [type(one) for one in told] == [Compare, Enrolled]
    assert told[0].digits in office.digits()
    assert (identity.name, identity.site) == ("T-07", "Beirut, ground floor")
    assert identity.office_url == office.url
    assert identity.root_key == office.feed.root.public
    assert list(office.keys) == [identity.keyid]
    key = identity.folder / identity.key_file
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(identity.folder.stat().st_mode) == 0o700
    assert not (tmp_path / "data" / DRAFT).exists()
    left = {path.name for path in identity.folder.iterdir()}
    assert left == {"identity.json", "ca.pem", "keys.cbor", "key.pem"}, "the one-time code is not kept"


def test_without_tls_on_loopback_only_the_root_key_is_pinned(tmp_path: Path) -> None:
    office = EnrollingOffice(tmp_path / "office", tls=False)
    identity, _ = enrol(tmp_path / "data", office.code())
    assert identity.ca_file is None
    office.close()


def test_it_waits_until_somebody_has_compared_the_digits(office: EnrollingOffice, tmp_path: Path) -> None:
    office.accepts = False
    waits = []

    def wait(_seconds: float) -> None:
        waits.append(1)
        if len(waits) == 3:
            office.faults["/v1/enrolment"] = (503, "not_yet")  # it fails for a while: no word on us
        if len(waits) == 5:
            office.faults.clear()
            office.accept()

    identity, _ = enrol(tmp_path / "data", office.code(), sleep=wait)
    assert len(waits) >= 5
    assert identity.name == "T-07"


def test_an_office_that_falls_silent_while_we_wait_is_asked_again(office: EnrollingOffice, tmp_path: Path) -> None:
    office.accepts = False
    code = office.code()

    def wait(_seconds: float) -> None:
        office.close()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrol(tmp_path / "data", code, sleep=wait)
    assert failure(tmp_path / "data", None) is Why.UNREACHABLE
    assert (tmp_path / "data" / DRAFT / CODE).exists(), "the next try goes on"


def test_stopped_it_goes_on_with_the_same_key_and_code(office: EnrollingOffice, tmp_path: Path) -> None:
    office.accepts = False
    code = office.code()

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrol(tmp_path / "data", code, sleep=stop)
    before = list(office.keys)
    office.accept()
    identity, told = enrol(tmp_path / "data", None)
    assert list(office.keys) == before == [identity.keyid]
    assert told[0].digits in office.digits()


def test_another_code_starts_over(office: EnrollingOffice, tmp_path: Path) -> None:
    office.accepts = False

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrol(tmp_path / "data", office.code(), sleep=stop)
    office.accepts = True
    identity, _ = enrol(tmp_path / "data", office.code())
    assert len(office.keys) == 2
    assert identity.keyid == list(office.keys)[1]


def test_an_expired_code_is_refused(office: EnrollingOffice, tmp_path: Path) -> None:
    assert failure(tmp_path, office.code(minutes=-1)) is Why.EXPIRED


def test_a_code_serves_one_machine(office: EnrollingOffice, tmp_path: Path) -> None:
    code = office.code()
    enrol(tmp_path / "first", code)
    assert failure(tmp_path / "second", code) is Why.USED


def test_a_code_that_the_office_does_not_know_is_refused(office: EnrollingOffice, tmp_path: Path) -> None:
    code = office.code()
    office.codes.clear()
    assert failure(tmp_path, code) is Why.UNKNOWN_CODE


def test_a_refused_machine_is_told_and_keeps_nothing(office: EnrollingOffice, tmp_path: Path) -> None:
    office.accepts = False
    assert failure(tmp_path, office.code(), sleep=lambda _: office.accept("refused")) is Why.REFUSED
    assert not (tmp_path / DRAFT).exists()


def test_a_rogue_office_with_a_ca_of_its_own_learns_nothing(office: EnrollingOffice, tmp_path: Path) -> None:
    """Somebody in the network answers in the office's place: no key, no code, no request of ours reaches him."""
    rogue = EnrollingOffice(tmp_path / "rogue")
    real = parse_enrolment(office.code())
    code = rogue.code(pin=real.pin)
    assert failure(tmp_path / "data", code) is Why.WRONG_CA
    assert "POST /v1/enrolments" not in rogue.asked
    rogue.close()


def test_a_code_that_a_rogue_made_shows_whose_it_is_and_its_digits_open_no_other_office(
    office: EnrollingOffice, tmp_path: Path
) -> None:
    """Such a code is whole, and leads to the rogue. The technician reads whose it is before anybody accepts."""
    rogue = EnrollingOffice(tmp_path / "rogue", accepts=False)
    shown: list = []

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Enrolling(tmp_path / "data", parse_enrolment(rogue.code()), shown.append, place="file", sleep=stop).run()
    office.accepts = False
    with pytest.raises(KeyboardInterrupt):
        Enrolling(tmp_path / "other", parse_enrolment(office.code()), shown.append, place="file", sleep=stop).run()
    assert [one.office for one in shown] == [rogue.url, office.url]
    assert shown[0].digits not in office.digits()
    assert not (tmp_path / "data" / FOLDER).exists()
    rogue.close()


def test_a_rogue_who_shows_the_true_ca_cannot_speak_for_it(office: EnrollingOffice, tmp_path: Path) -> None:
    rogue = EnrollingOffice(tmp_path / "rogue", feed=office.feed)
    rogue.ca = office.ca  # which anybody may fetch
    assert failure(tmp_path / "data", rogue.code()) is Why.WRONG_CA
    assert rogue.asked == ["GET /v1/ca"]
    rogue.close()


def test_an_office_with_another_root_key_is_refused(office: EnrollingOffice, tmp_path: Path) -> None:
    other = EnrollingOffice(tmp_path / "other")
    code = office.code()
    office.feed.root = other.feed.root
    assert failure(tmp_path / "data", code) is Why.WRONG_CA
    other.close()


@pytest.mark.parametrize("days", [(-30, -2), (2, 30)])
def test_a_certificate_out_of_its_days_is_refused_by_the_offices_own_time(
    tmp_path: Path, days: tuple[int, int]
) -> None:
    office = EnrollingOffice(tmp_path / "office", days=days)
    assert failure(tmp_path / "data", office.code()) is Why.CERTIFICATE_DATES
    assert "POST /v1/enrolments" not in office.asked
    office.close()


@pytest.mark.parametrize("year", [1970, 2040])
def test_a_machine_whose_clock_was_lost_enrols_all_the_same(
    office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    lost = (year - 1970) * 365.25 * 24 * 3600
    monkeypatch.setattr("provisioning.office.TrustedClock", lambda seen: _clock(seen, lost))
    identity, _ = enrol(tmp_path / "data", office.code())
    assert abs(identity.enrolled - office.feed.time) < 60


def _clock(seen: int, system: float):
    from kiosk.clock import TrustedClock

    return TrustedClock(seen, system=lambda: system)


def test_an_office_that_is_not_there_is_said_to_be_silent(tmp_path: Path, office: EnrollingOffice) -> None:
    code = office.code()
    office.close()
    assert failure(tmp_path / "data", code) is Why.UNREACHABLE


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("/v1/enrolments", 429, Why.THROTTLED),
        ("/v1/enrolments", 500, Why.OFFICE_FAULT),
        ("/v1/office", 500, Why.OFFICE_FAULT),
        ("/v1/time", 500, Why.CLOCK),
        ("/v1/ca", 404, Why.OFFICE_FAULT),
    ],
)
def test_an_office_that_fails_is_told_from_a_wrong_code(
    office: EnrollingOffice, tmp_path: Path, path: str, status: int, why: Why
) -> None:
    office.faults[path] = (status, "x")
    assert failure(tmp_path / "data", office.code()) is why


def test_a_terminal_is_not_enrolled_twice_by_mistake(office: EnrollingOffice, tmp_path: Path) -> None:
    first, _ = enrol(tmp_path, office.code())
    with pytest.raises(EnrolmentFailed) as failed:
        enrol(tmp_path, office.code())
    assert failed.value.why is Why.ALREADY
    second, _ = enrol(tmp_path, office.code(), anew=True)
    assert second.keyid != first.keyid
    assert Identity.read(tmp_path) == second
    assert {path.name for path in tmp_path.iterdir()} == {"office", FOLDER}


def test_without_a_code_there_is_nothing_to_begin_with(tmp_path: Path) -> None:
    assert failure(tmp_path, None) is Why.NO_CODE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("HTTPS://X.EXAMPLE/#26318283312.AAAA", Why.NOT_A_CODE),
        ("HTTPS://X.EXAMPLE/E#AAAA", Why.DAMAGED_CODE),
        ("wifi:T:WPA;S:lobby", Why.NOT_A_CODE),
    ],
)
def test_what_is_no_code_is_told_from_a_damaged_one(text: str, why: Why) -> None:
    with pytest.raises(EnrolmentFailed) as failed:
        code_of_text(text)
    assert failed.value.why is why


def test_the_forty_letters_may_be_typed_in_groups(office: EnrollingOffice) -> None:
    text = office.code()
    address, _, letters = text.partition("/E#")
    groups = " ".join(letters[at : at + 4] for at in range(0, 40, 4)).lower()
    assert code_of_text(groups, address) == parse_enrolment(text)
    with pytest.raises(EnrolmentFailed) as failed:
        code_of_text(groups.replace(groups[0], "7" if groups[0] != "7" else "A", 1), address)
    assert failed.value.why is Why.DAMAGED_CODE
