"""What the office says of documents: real bytes of virtual chips, signed by a country of the tests' own."""

import contextlib
import shutil
import time
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from central_api.cards import Issuers, judge
from central_api.cards.active import answers
from central_api.cards.cms import read_signed_object
from central_api.cards.document import read_document
from central_api.cards.errors import NotAsStandard, NotSupported
from central_api.contract.cards import CardVerdict, PassportFiles
from devices.card import tlv
from devices.simulators.card import pki as country
from devices.simulators.card.pki import signer

from .documents import NUMBER, RsaSigner, relayed, spoiled

CHALLENGE = bytes(range(8))
NOW = int(time.time())
YEAR = 365 * 86_400


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cards") / "pki"


@pytest.fixture(scope="module")
def issuers(pki: Path) -> Issuers:
    signer(pki, "genuine")
    return Issuers(pki / "csca")


@pytest.fixture(scope="module")
def genuine(pki: Path) -> PassportFiles:
    return relayed(pki, CHALLENGE)


VERDICTS = {
    "passport": CardVerdict.GENUINE,
    "passive": CardVerdict.UNPROVEN,
    "altered": CardVerdict.ALTERED,
    "copied": CardVerdict.COPIED,
    "stranger": CardVerdict.UNKNOWN_ISSUER,
    "revoked": CardVerdict.REVOKED,
}


@pytest.mark.parametrize("active", ["ecdsa", "rsa"])
@pytest.mark.parametrize("kind", VERDICTS)
def test_each_document_gets_its_verdict(pki, issuers, kind, active):
    judged = judge(relayed(pki, CHALLENGE, kind, active=active), CHALLENGE, issuers, NOW)
    assert judged.verdict is VERDICTS[kind]
    # Of one that may be a copy it is told too: a one-time code opens its files.
    assert (judged.document is None) == (kind not in {"passport", "passive"})


def test_a_genuine_document_says_whose_it_is(issuers, genuine):
    document = judge(genuine, CHALLENGE, issuers, NOW).document
    assert (document.kind, document.state, document.number) == ("P", "UTO", NUMBER)
    assert NUMBER not in repr(document)
    assert NUMBER not in repr(judge(genuine, CHALLENGE, issuers, NOW))


def test_an_expired_document_is_good_through_its_last_day(pki, issuers):
    files = relayed(pki, CHALLENGE, expiry="260101")
    last = int(time.mktime(time.strptime("2026-01-01 UTC", "%Y-%m-%d %Z"))) + 3600
    assert judge(files, CHALLENGE, issuers, last).verdict is CardVerdict.GENUINE
    assert judge(files, CHALLENGE, issuers, last + 86_400).verdict is CardVerdict.EXPIRED


def test_a_document_whose_signers_certificate_has_run_out_is_expired(pki, issuers):
    files = relayed(pki, CHALLENGE, expiry="700101")
    assert judge(files, CHALLENGE, issuers, NOW + 10 * YEAR).verdict is CardVerdict.GENUINE
    assert judge(files, CHALLENGE, issuers, NOW + 12 * YEAR).verdict is CardVerdict.EXPIRED


@pytest.mark.parametrize("active", ["ecdsa", "rsa"])
def test_an_answer_to_another_challenge_is_a_copys(pki, issuers, active):
    files = relayed(pki, CHALLENGE, active=active)
    assert judge(files, bytes(8), issuers, NOW).verdict is CardVerdict.COPIED
    answer = files.active
    for other in (None, b"", answer[:-1], answer + b"\0", b"\xff" * len(answer), bytes(len(answer))):
        assert judge(replace(files, active=other), CHALLENGE, issuers, NOW).verdict is CardVerdict.COPIED


def test_a_copy_that_hides_the_chips_key_is_a_copy(issuers, genuine):
    files = replace(genuine, dg15=None, active=None)
    assert judge(files, CHALLENGE, issuers, NOW).verdict is CardVerdict.COPIED


def test_a_key_that_the_state_did_not_sign_is_an_alteration(pki, issuers, genuine):
    passive = relayed(pki, CHALLENGE, "passive")
    files = replace(passive, dg15=genuine.dg15, active=genuine.active)
    assert judge(files, CHALLENGE, issuers, NOW).verdict is CardVerdict.ALTERED
    other = relayed(pki, CHALLENGE)
    assert judge(replace(genuine, dg15=other.dg15), CHALLENGE, issuers, NOW).verdict is CardVerdict.ALTERED


@given(name=st.sampled_from(["dg1", "dg14", "dg15"]), at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_of_a_file_can_be_turned(issuers, genuine, name, at, bit):
    assert judge(spoiled(genuine, name, at, bit), CHALLENGE, issuers, NOW).verdict is CardVerdict.ALTERED


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_whatever_is_turned_in_the_signed_object_nobody_elses_document_comes_out(issuers, genuine, at, bit):
    judged = judge(spoiled(genuine, "sod", at, bit), CHALLENGE, issuers, NOW)
    assert judged.document in (None, judge(genuine, CHALLENGE, issuers, NOW).document)


@given(st.data())
def test_any_bytes_get_a_verdict(issuers, genuine, data):
    names = data.draw(st.sets(st.sampled_from([each.name for each in fields(PassportFiles)]), min_size=1))
    junk = st.binary(max_size=300) | st.sampled_from([genuine.sod, genuine.dg1, genuine.dg14, genuine.dg15])
    files = replace(genuine, **{name: data.draw(junk) for name in names})
    judged = judge(files, CHALLENGE, issuers, NOW)
    assert judged.verdict is not CardVerdict.GENUINE or files == genuine


@given(at=st.integers(0, 10_000), length=st.integers(0, 40), junk=st.binary(max_size=40))
def test_the_parsers_raise_their_own_errors_alone(genuine, at, length, junk):
    def with_junk(whole: bytes) -> bytes:
        start = at % len(whole)
        return whole[:start] + junk + whole[start + length :]

    sod = tlv.inner(genuine.sod, 0x77)
    for parse in (
        lambda: read_signed_object(with_junk(sod)),
        lambda: read_signed_object(junk),
        lambda: read_document(with_junk(genuine.dg1), date(2026, 1, 1)),
        lambda: answers(with_junk(genuine.dg15), genuine.dg14, CHALLENGE, genuine.active),
        lambda: answers(genuine.dg15, with_junk(genuine.dg14), CHALLENGE, genuine.active),
        lambda: answers(genuine.dg15, genuine.dg14, CHALLENGE, junk),
    ):
        with contextlib.suppress(NotAsStandard, NotSupported):
            parse()


# -- the MRZ in three sizes (ICAO 9303-4, 9303-5, 9303-6: the standard's specimens)

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD1_LONG = "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"


@pytest.mark.parametrize(
    ("mrz", "kind", "number", "expiry"),
    [
        (TD3, "P", "L898902C3", date(2012, 4, 15)),
        (TD2, "I", "D23145890", date(2012, 4, 15)),
        (TD1, "I", "D23145890", date(2012, 4, 15)),
        (TD1_LONG, "I", "D23145890734", date(1995, 7, 12)),
    ],
)
def test_an_mrz_of_each_size(mrz, kind, number, expiry):
    document = read_document(tlv.build(0x61, tlv.build(0x5F1F, mrz.encode())), date(2026, 1, 1))
    assert (document.kind, document.state, document.number, document.expiry) == (kind, "UTO", number, expiry)


def test_a_document_may_name_no_expiry_or_an_impossible_one():
    def with_expiry(text: str) -> bytes:
        return tlv.build(0x61, tlv.build(0x5F1F, (TD3[:65] + text + TD3[71:]).encode()))

    assert read_document(with_expiry("<<<<<<"), date(2026, 1, 1)).expiry is None
    with pytest.raises(NotAsStandard):
        read_document(with_expiry("261399"), date(2026, 1, 1))


# -- whom the office believes


def test_an_office_without_the_folder_believes_nobody(tmp_path, genuine):
    assert judge(genuine, CHALLENGE, Issuers(tmp_path / "csca"), NOW).verdict is CardVerdict.UNKNOWN_ISSUER


def test_the_folder_is_read_again_when_it_changes(tmp_path, pki):
    revoked = relayed(pki, CHALLENGE, "revoked")
    issuers = Issuers(tmp_path)
    assert judge(revoked, CHALLENGE, issuers, NOW).verdict is CardVerdict.UNKNOWN_ISSUER
    shutil.copy(pki / "csca" / "utopia.pem", tmp_path)
    assert judge(revoked, CHALLENGE, issuers, NOW).verdict is CardVerdict.GENUINE
    shutil.copy(pki / "csca" / "utopia.crl", tmp_path)
    assert judge(revoked, CHALLENGE, issuers, NOW).verdict is CardVerdict.REVOKED


def test_what_is_no_issuer_is_passed_over(tmp_path, pki, genuine):
    shutil.copytree(pki / "csca", tmp_path, dirs_exist_ok=True)
    shutil.copy(pki / "keys" / "stranger.pem", tmp_path)
    (tmp_path / "junk.der").write_bytes(b"0")
    (tmp_path / "junk.crl").write_bytes(b"0")
    issuers = Issuers(tmp_path)
    assert len(issuers.now()) == 1
    assert judge(genuine, CHALLENGE, issuers, NOW).verdict is CardVerdict.GENUINE
    stranger = relayed(pki, CHALLENGE, "stranger")
    assert judge(stranger, CHALLENGE, issuers, NOW).verdict is CardVerdict.UNKNOWN_ISSUER


def test_a_list_that_another_signed_revokes_nobody(tmp_path, pki):
    other = tmp_path / "other"
    signer(other, "genuine")
    trusted = tmp_path / "csca"
    trusted.mkdir()
    shutil.copy(pki / "csca" / "utopia.pem", trusted)
    shutil.copy(other / "csca" / "utopia.crl", trusted)
    assert [issuer.revoked for issuer in Issuers(trusted).now()] == [frozenset()]


def test_a_states_new_key_revokes_what_its_old_one_signed(tmp_path):
    old, new = (country._authority("Utopia CSCA") for _ in range(2))
    lost = country._document_signer(old, "Lost")
    for name, authority in (("old", old), ("new", new)):
        (tmp_path / f"{name}.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "new.crl").write_bytes(country._revocations(new, lost).public_bytes(Encoding.DER))
    issuer = Issuers(tmp_path).of(lost.certificate)
    assert issuer.certificate == old.certificate
    assert lost.certificate.serial_number in issuer.revoked


# -- the other ways in which states sign


@pytest.fixture(scope="module")
def rsa_signer() -> RsaSigner:
    return RsaSigner.new()


@pytest.fixture
def rsa_issuers(rsa_signer: RsaSigner, tmp_path: Path) -> Issuers:
    (tmp_path / "csca.der").write_bytes(rsa_signer.authority.public_bytes(Encoding.DER))
    return Issuers(tmp_path)


@pytest.mark.parametrize("by_key", [False, True])
@pytest.mark.parametrize("scheme", ["rsassa_pkcs1v15", "sha256_rsa", "rsassa_pss"])
def test_a_state_may_sign_with_rsa(rsa_signer, rsa_issuers, genuine, scheme, by_key):
    files = rsa_signer.signs(genuine, scheme, by_key=by_key)
    assert judge(files, CHALLENGE, rsa_issuers, NOW).verdict is CardVerdict.GENUINE
    broken = files.sod[:-1] + bytes([files.sod[-1] ^ 1])
    assert judge(replace(files, sod=broken), CHALLENGE, rsa_issuers, NOW).verdict is CardVerdict.ALTERED
    altered = spoiled(files, "dg1", 20, 0)
    assert judge(altered, CHALLENGE, rsa_issuers, NOW).verdict is CardVerdict.ALTERED


def test_what_this_office_cannot_check_proves_nothing_and_accuses_nobody(rsa_signer, rsa_issuers, genuine):
    for files in (rsa_signer.signs(genuine, "sha1_rsa"), rsa_signer.signs(genuine, "sha256_rsa", enclosed=False)):
        assert judge(files, CHALLENGE, rsa_issuers, NOW).verdict is CardVerdict.UNPROVEN
