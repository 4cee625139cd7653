"""The line between supervisor and drivers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import (
    Confirmed,
    CoverOpen,
    NotPrinted,
    Offline,
    PaperLow,
    PaperOut,
    Ready,
    Sent,
    Unknown,
    wire,
)
from devices.address import Absent, File, Frames, Serial, Tcp, printer_address, scanner_address

_states = st.sampled_from([Ready(), PaperLow(), PaperOut(), CoverOpen(), Offline()]) | st.text().map(Unknown)
_outcomes = st.just(Confirmed()) | st.text().map(Sent) | st.builds(NotPrinted, _states, st.integers(0, 10_000))


@given(st.lists(st.tuples(_outcomes, st.binary(max_size=300))), st.integers(1, 40))
def test_what_is_told_arrives_however_it_is_cut(told, size):
    line = b"".join(wire.pack(wire.outcome_head(outcome), body) for outcome, body in told)
    messages = wire.Messages()
    heard = [message for at in range(0, len(line), size) for message in messages.feed(line[at : at + size])]
    assert [(wire.outcome_from(head), body) for head, body in heard] == told


@given(_states)
def test_every_state_has_its_word(state):
    assert wire.state_from(wire.state_head(state)) == state


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="not a message"):
        list(wire.Messages().feed(b"\xff" * 8))
    with pytest.raises(ValueError, match="no state"):
        wire.state_from({"state": "OnFire", "why": ""})
    with pytest.raises(ValueError, match="no outcome"):
        wire.outcome_from({"outcome": "perhaps"})


def test_addresses_are_one_word():
    assert printer_address("tcp:192.0.2.7:9100") == Tcp("192.0.2.7", 9100)
    assert printer_address("tcp:[2001:db8::7]:9100") == Tcp("2001:db8::7", 9100)
    assert printer_address("file:/dev/usb/lp0") == File(Path("/dev/usb/lp0"))
    assert scanner_address("serial:/dev/ttyACM0") == Serial(Path("/dev/ttyACM0"))
    assert scanner_address("frames:/run/frames") == Frames(Path("/run/frames"))
    assert printer_address("none") == scanner_address("none") == Absent()
    for wrong in ("", "none:1", "tcp:", "tcp:host", "tcp::9100", "tcp:host:99999", "tcp:host:x", "file:", "usb:1"):
        with pytest.raises(ValueError, match="is not"):
            printer_address(wrong)
    for wrong in ("", "serial:", "frames:", "file:/x", "none:"):
        with pytest.raises(ValueError, match="is not"):
            scanner_address(wrong)
