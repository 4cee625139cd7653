"""The slip's QR code, from a scanner that gives whatever lies under it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import base32
from central_api.contract.errors import ContractError, DamagedSlip, ForeignSlip, NotASlip
from central_api.contract.slips import MAX_SLIP_CHARACTERS, Slip, parse_slip, slip_url

from .strategies import HOST, HOSTS, slips

URL = "HTTPS://FOLLOW.LABOUR.EXAMPLE/#26318283312.4QGAJILAD2KC7MNBDKPN2E4XU4"


@given(slips, st.sampled_from(["follow.labour.example", "localhost:8400"]))
def test_a_slip_is_read_back_without_regard_to_case(slip, host):
    url = slip_url(host, slip)
    assert url == url.upper()
    for text in (url, url.lower(), f"\r\n{url}\r\n", url + "\0"):
        assert parse_slip(text, [host]) == slip


@given(slips, st.data())
def test_one_wrong_character_is_never_another_slip(slip, data):
    url = slip_url(HOST, slip)
    at = data.draw(st.integers(0, len(url) - 1))
    other = url[:at] + data.draw(st.characters()) + url[at + 1 :]
    try:
        read = parse_slip(other, HOSTS)
    except (NotASlip, ForeignSlip, DamagedSlip):
        return
    # Within the key one letter more or less is another key: its slot is unknown, and nothing opens with it.
    assert read.tracking == slip.tracking
    assert read == slip or slip_url(HOST, read) == other.upper()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotASlip),
        ("https://example.org/menu", NotASlip),
        (URL.replace("/#", "/R#"), NotASlip),
        (URL.replace("/#", "/?#"), NotASlip),
        (URL.replace("HTTPS", "HTTP"), NotASlip),
        (URL.replace("/#", "@EVIL.EXAMPLE/#"), NotASlip),
        (URL.replace("FOLLOW", "FOLLOW\u017f"), NotASlip),
        (URL.replace("S://", "\u017f://"), NotASlip),
        (URL.replace("I", "\u0131"), NotASlip),
        ("x" * 4096, NotASlip),
        (URL + "A" * MAX_SLIP_CHARACTERS, NotASlip),
        (URL.replace("FOLLOW", "EVIL"), ForeignSlip),
        (URL.replace("EXAMPLE", "EXAMPLE.EVIL"), ForeignSlip),
        (URL.replace("EXAMPLE", "EXAMPLE:8400"), ForeignSlip),
        (URL.replace("FOLLOW", "EVIL")[:-1], NotASlip),
        (URL[:-1], DamagedSlip),
        (URL[:-1] + "5", DamagedSlip),
        (URL + "A", DamagedSlip),
        (URL + "======", DamagedSlip),
        (URL.split(".4QG", maxsplit=1)[0], DamagedSlip),
        (URL.replace("2.4Q", "3.4Q"), DamagedSlip),
        (URL.replace("#26318283312", "#26-3182-8331-2"), DamagedSlip),
        (URL.replace("#2", "#"), DamagedSlip),
        (URL.split("#", maxsplit=1)[0] + "#", DamagedSlip),
    ],
)
def test_what_is_no_whole_slip_of_ours_is_told_apart(text, error):
    with pytest.raises(error):
        parse_slip(text, HOSTS)


@given(st.text(max_size=600) | st.binary(max_size=600).map(lambda data: data.decode("latin-1")))
def test_any_text_raises_our_error_alone(text):
    for tried in (text, URL[:36] + text, URL[:48] + text):
        try:
            parse_slip(tried, HOSTS)
        except ContractError:
            continue


@given(st.binary(max_size=64))
def test_base32_has_one_spelling(data):
    text = base32.encode(data)
    assert base32.decode(text) == base32.decode(text.lower()) == data
    for other in (text + "=", text + "A", text + " "):
        try:
            assert base32.decode(other) != data
        except ContractError:
            continue


@pytest.mark.parametrize("text", ["A", "AB=", "AF", "A1", "0A", "\u017fA", "AAé", "AAAAAAAA"])
def test_base32_of_another_kind_is_refused(text):
    with pytest.raises(ContractError):
        base32.decode(text, 1)


def test_a_slip_does_not_show_its_key():
    assert "key" not in repr(Slip("26318283312", b"sixteen bytes!!!"))
