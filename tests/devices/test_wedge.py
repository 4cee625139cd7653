"""What a scanner that plays a keyboard typed, whatever layout it was set to."""

import ctypes
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.keyboard import EV_KEY, EV_SYN, SYN_DROPPED, InputEvent
from devices.scanner import keymap
from devices.scanner.codes import LONGEST, Overlong, without_aim
from devices.scanner.keymap import Layout, Stroke, text_of
from devices.scanner.wedge import Typing
from tests.devices.keys import ENTER, SHIFT, by_number, stroke, typed

SLIP = "HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQCAIBAEAQ-1234_5?A=B&C"


def read(events: list[InputEvent], layout: keymap.Layout | str = "any") -> list[bytes | Overlong]:
    return list(Typing(layout).feed(iter(events)))  # type: ignore[arg-type]


@pytest.mark.parametrize("layout", ["latin", "french"])
@pytest.mark.parametrize("aim", ["", "]Q1"])
def test_a_slip_comes_out_whatever_layout_typed_it(layout: Layout, aim: str) -> None:
    events = [*typed(aim + SLIP, layout), *stroke(ENTER)]
    assert [without_aim(code) for code in read(events) if isinstance(code, bytes)] == [SLIP.encode()]
    assert read(events, layout) == [(aim + SLIP).encode()]


def test_a_scanner_set_to_arabic_types_arabic_and_links_by_position() -> None:
    word = "رقم المعاملة 26318283312/لا"
    assert read([*typed(word, "arabic"), *stroke(ENTER)], "arabic") == [word.encode()]
    assert read([*typed(SLIP), *stroke(ENTER)]) == [SLIP.encode()]


def test_characters_typed_by_number_need_no_layout() -> None:
    assert read([*by_number(SLIP), *stroke(ENTER)]) == [SLIP.encode()]
    assert keymap.numbered("0233") == keymap.Typed("é")
    assert keymap.numbered("130") == keymap.Typed("é")
    assert keymap.numbered("") is None
    assert keymap.numbered("0") is None


def test_caps_lock_turns_letters_alone() -> None:
    lock = stroke(keymap.CAPS_LOCK)
    assert read([*lock, *typed("http://Ab1!"), *stroke(ENTER)]) == [b"HTTP://aB1!"]
    assert read([*lock, *lock, *typed("aB"), *stroke(ENTER)]) == [b"aB"]


def test_held_keys_and_repeats_type_nothing_more() -> None:
    held = [InputEvent(EV_KEY, 30, 1), InputEvent(EV_KEY, 30, 2), InputEvent(EV_KEY, 30, 2), InputEvent(EV_KEY, 30, 0)]
    with_control = stroke(46, 29)
    assert read([*held, *with_control, *stroke(ENTER)]) == [b"a"]
    assert read([*stroke(ENTER), *stroke(ENTER)]) == []


def test_keys_that_the_kernel_lost_make_no_code() -> None:
    lost = InputEvent(EV_SYN, SYN_DROPPED, 0)
    events = [*typed("HTTPS://X"), InputEvent(EV_KEY, SHIFT, 1), lost, *typed("abc"), *stroke(ENTER)]
    assert [type(code) for code in read(events)] == [Overlong]
    assert read([*events, *typed("abc"), *stroke(ENTER)])[1:] == [b"abc"]


def test_a_code_without_enter_ends_at_a_gap_and_one_too_long_is_dropped() -> None:
    typing = Typing()
    assert list(typing.feed(iter(typed("AB")))) == []
    assert typing.begun
    assert list(typing.gap()) == [b"AB"]
    assert not typing.begun
    assert read([*typed("a" * (LONGEST + 1)), *stroke(ENTER)]) == [Overlong(LONGEST + 1)]


def test_a_key_that_sticks_spoils_one_code_and_not_the_next() -> None:
    typing = Typing()
    stuck = [InputEvent(EV_KEY, SHIFT, 1), *stroke(keymap.CAPS_LOCK)]
    assert list(typing.feed(iter([*stuck, *typed("1"), *stroke(ENTER)]))) == [b"!"]
    assert list(typing.silent()) == []
    assert list(typing.feed(iter([*typed("a1"), *stroke(ENTER)]))) == [b"a1"]


_EVENTS = st.builds(InputEvent, st.integers(0, 5), st.integers(0, 767), st.integers(-1, 3))


@given(st.lists(_EVENTS, max_size=300), st.sampled_from(["any", *get_args(Layout)]))
def test_any_keys_become_codes_or_nothing(events: list[InputEvent], layout: str) -> None:
    typing = Typing(layout)  # type: ignore[arg-type]
    for code in [*typing.feed(iter(events)), *typing.silent()]:
        assert isinstance(code, Overlong) or code.decode()
    assert not typing.begun


@given(st.text(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./: #?=&"), min_size=1, max_size=60))
def test_what_a_slip_is_made_of_survives_every_layout(rest: str) -> None:
    for layout in ("latin", "french"):
        assert read([*typed("HTTPS://" + rest, layout), *stroke(ENTER)]) == [b"HTTPS://" + rest.encode()]


class _Names(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options"))


def _xkb() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libxkbcommon.so.0")
    except OSError:
        pytest.skip("needs libxkbcommon0, which comes with Chromium")
    for name in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


@pytest.mark.parametrize(
    ("layout", "name", "variant"),
    [("latin", b"us", b""), ("french", b"fr", b"azerty"), ("arabic", b"ara", b"")],
)
def test_the_keymaps_are_those_of_the_desktop(layout: Layout, name: bytes, variant: bytes) -> None:
    xkb = _xkb()
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    names = _Names(b"evdev", b"pc105", name, variant, b"")
    keys = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
    assert keys.value
    for held in ((), (SHIFT,), (keymap.ALT_GR,)):
        if held == (keymap.ALT_GR,) and layout == "arabic":
            continue  # its third level has Arabic digits and signs that no scanner types
        state = ctypes.c_void_p(xkb.xkb_state_new(keys))
        for modifier in held:
            xkb.xkb_state_update_key(state, modifier + 8, 1)
        for key in keymap._POSITIONS:
            said = ctypes.create_string_buffer(16)
            xkb.xkb_state_key_get_utf8(state, key + 8, said, 16)
            ours = text_of([Stroke(key, SHIFT in held, keymap.ALT_GR in held)], layout)
            meant = said.value.decode() or ours  # a dead key says nothing by itself
            assert ours == "".join(keymap._LAM_ALEF.get(letter, letter) for letter in meant), (key, held)
