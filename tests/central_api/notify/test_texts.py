"""What an SMS says: every language, no more than it may, and as many parts as the gateway makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.status import Language
from central_api.notify.texts import is_gsm, parts, text_of
from central_api.store.outbox import Kind

MINISTRY = {"ar": "وزارة العمل", "fr": "Ministère du Travail", "en": "Ministry of Labour"}
EVERY = [(kind, language) for kind in Kind for language in Language]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_message_has_its_words_and_few_parts(kind, language):
    text = text_of(kind, language, MINISTRY, "042917")
    name = MINISTRY.get(language.name.lower(), MINISTRY["ar"])
    assert text.startswith(name)
    assert ("042917" in text) == (kind is Kind.CODE)
    assert "{" not in text
    assert parts(text) <= 2
    # Latin letters cost half as much, where nothing has crept in that the default alphabet has not.
    assert is_gsm(text) == (language in (Language.FR, Language.EN))


@pytest.mark.parametrize("kind", Kind)
def test_arabic_goes_in_one_part(kind):
    assert parts(text_of(kind, Language.AR, MINISTRY, "042917")) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("ع" * 70, 1),
        ("ع" * 71, 2),
        ("ع" * 134, 2),
        ("ع" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 5, 2),
        ("a" + "€" * 152, 2),
        ("a" + "€" * 153, 3),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("ç" * 71, 2),
    ],
)
def test_parts_are_counted_as_networks_do(text, count):
    assert parts(text) == count


@given(st.text("aé€عب😀", max_size=300))
def test_no_part_is_longer_than_a_part(text):
    units = len(text.encode("utf-16-be")) // 2
    assert 1 <= parts(text) <= 1 + units // (76 if is_gsm(text) else 66)
