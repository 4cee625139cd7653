"""The typed field: every edit at every place, and nothing that its rules do not accept."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.field import Edit, Erase, EraseAll, Field, Insert, PutCursor, filled, only_digits

ANY_EDIT: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Insert, st.text(max_size=14)),
    st.builds(Insert, st.sampled_from(["7", "٧", "۷", "26-3182", " ", "\u2066١٢\u2069", ""])),
    st.builds(Erase, st.booleans()),
    st.just(EraseAll()),
    st.builds(PutCursor, st.integers(-3, 15), st.booleans()),
)


def typed(field: Field, *edits: Edit) -> Field:
    for edit in edits:
        field = field.edited(edit, only_digits)
    return field


def test_digits_of_three_scripts_become_the_same_number() -> None:
    assert typed(Field(11), Insert("26"), Insert("٣١"), Insert("۸۲")).text == "263182"


def test_what_stands_between_pasted_digits_is_passed_over() -> None:
    assert typed(Field(11), Insert("\u206626-3182-8331-2\u2069\r\n")).text == "26318283312"


def test_a_digit_goes_in_where_the_cursor_stands() -> None:
    field = typed(filled(11, "2682"), PutCursor(2), Insert("31"))
    assert (field.text, field.cursor) == ("263182", 4)


def test_what_is_selected_is_replaced_and_may_be_longer_than_the_room_that_was_left() -> None:
    field = typed(filled(8, "12345678"), PutCursor(2), PutCursor(6, selecting=True), Insert("99"))
    assert (field.text, field.cursor, field.selection) == ("129978", 4, (4, 4))


def test_erasing_takes_what_is_selected_or_one_digit_on_either_side() -> None:
    field = filled(8, "12345")
    assert typed(field, Erase()).text == "1234"
    assert typed(field, PutCursor(1), Erase(after=True)).text == "1345"
    assert typed(field, PutCursor(0), Erase()).text == "12345"
    assert typed(field, PutCursor(1), PutCursor(4, selecting=True), Erase()).text == "15"
    assert typed(field, EraseAll()) == Field(8)


def test_a_full_field_takes_no_more() -> None:
    assert typed(filled(3, "123"), Insert("4")).text == "123"


def test_no_repr_tells_what_was_typed() -> None:
    field = filled(8, "40817352")
    assert "4081" not in repr(field) + repr(Insert("40817352"))


@given(st.integers(1, 11), st.lists(ANY_EDIT, max_size=40))
def test_whatever_is_typed_it_stays_a_field_of_digits_that_fits(room: int, edits: list[Edit]) -> None:
    field = Field(room)
    for edit in edits:
        field = field.edited(edit, only_digits)
        assert len(field.text) <= room
        assert set(field.text) <= set("0123456789")
        assert 0 <= field.selection[0] <= field.selection[1] <= len(field.text)
