"""The content's source is validated whole; each fault names file, line, key and what was expected."""

from dataclasses import replace

import pytest

from central_api.content import NotHours, join_tables, read_content, read_week, sample
from central_api.contract.catalogue import catalogue
from central_api.contract.content import Use
from central_api.workflow import InvalidTable, shipped_tables

SAMPLE = sample()


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidTable) as invalid:
        read_content(text, "content.toml")
    return [str(fault) for fault in invalid.value.faults]


def line(text: str, wanted: str) -> int:
    return next(number for number, words in enumerate(text.splitlines(), 1) if wanted in words)


def test_the_sample_says_something_of_every_document_and_of_each_use_and_calls_itself_a_draft() -> None:
    content = read_content(SAMPLE, "sample.toml")
    assert content.draft
    assert {document.code for document in content.documents} == set(catalogue().documents.codes.values())
    assert {place.use for place in content.places} == set(Use)
    assert len(content.rights) >= 5
    assert content.objections


def test_documents_first_day_and_duration_come_from_the_workflow_tables() -> None:
    content = join_tables(read_content(SAMPLE, "sample.toml"), shipped_tables())
    kinds = {(table.family, kind.code): kind for table in shipped_tables() for kind in table.kinds.values()}
    assert {(service.family, service.kind) for service in content.services} == set(kinds)
    for service in content.services:
        kind = kinds[service.family, service.kind]
        assert service.documents == kind.documents
        assert (service.opens is None) == (kind.opens is None)
        assert service.usual == tuple(sum(step.expected[at] for step in kind.steps) for at in (0, 1))


def test_a_newer_table_counts() -> None:
    (table, *_) = shipped_tables()
    newer = replace(table, version=table.version + 1, kinds=dict(list(table.kinds.items())[:1]))
    content = join_tables(read_content(SAMPLE, "sample.toml"), [table, newer])
    assert len(content.services) == 1


@pytest.mark.parametrize(
    ("good", "bad", "where", "key", "expected"),
    [
        ('use = "help"', 'use = "bar"', '"bar"', "places[0].use", "one of help, documents, objections, found 'bar'"),
        ('hours = "mon-thu 08:00-14:00', 'hours = "mon-thu 8-14', "8-14", "places[0].hours", "like 07:30-14:00"),
        ('phone = "+9611540114"', 'phone = "01 540114"', "01 540114", "places[0].phone", "matching regex"),
        ('region = "north"', 'region = "moon"', '"moon"', "places[2].region", "one of beirut"),
        ("[documents.lab_tests]", "[documents.lab]", "[documents.lab]", "documents.lab", "one of passport_copy"),
        ('picture = "lab"', 'picture = "flask"', '"flask"', "documents.lab_tests.picture", "one of paper, passport"),
        ("since = 2015-01-01", 'since = "2015"', 'since = "2015"', "services.work_permits.permit.fees[0]", "date"),
        ("amount = 1800000", "amount = -1", "lines = [", "services.work_permits.permit.fees[0].lines[0]", ">= 0"),
        ("[services.companies.permit]", "[services.circus.permit]", "circus", "services.circus", "work_permits"),
        ('key = "wages"', 'key = "Wages"', '"Wages"', "rights[1].key", "matching regex"),
        ('key = "wages"', 'key = "passport"', "(not looked for)", "rights[1].key", "another key"),
        (
            'title = { ar = "الأجر", fr = "Le salaire", ',
            'title = { ar = "الأجر", ',
            'ar = "الأجر"',
            "rights[1].title",
            "fr",
        ),
        ("draft = true", "draught = true", "draft", "", "unknown field"),
        ("draft = true", "draft = true\ndraft = true", "draft = true", "the file", "expected TOML"),
        ("[[objections]]", "[[objections]]\nwithin = 0", "within = 0", "objections[0].within", ">= 1"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(good: str, bad: str, where: str, key: str, expected: str) -> None:
    assert good in SAMPLE
    text = SAMPLE.replace(good, bad, 1)
    told = faults(text)
    assert any(fault.startswith("content.toml:") and key in fault and expected in fault for fault in told), told
    if where in text and key and key != "the file":
        assert any(fault.startswith(f"content.toml:{line(text, where)}:") for fault in told), told


def test_every_mistake_is_told_at_once() -> None:
    text = SAMPLE.replace('use = "help"', 'use = "bar"').replace('picture = "lab"', 'picture = "flask"')
    assert len(faults(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "mon 25:00-26:00",
        "mon 8:00-14:60",
        "thu-mon 08:00-14:00",
        "daily 8:00-9:00",
        "mon 9:00-8:00",
        "mon 8:00-10:00,9:00-11:00",
    ],
)
def test_what_is_no_week_is_told(text: str) -> None:
    with pytest.raises(NotHours, match="expected like"):
        read_week(text)


def test_a_week_is_read() -> None:
    assert read_week("mon-tue 07:30-14:00,15:00-17:00; fri closed; sat 8:00-24:00") == (
        ((450, 840), (900, 1020)),
        ((450, 840), (900, 1020)),
        (),
        (),
        (),
        ((480, 1440),),
        (),
    )


@pytest.mark.parametrize("key", ["answered", "not_answered"])
def test_no_topic_takes_a_key_that_counts_answers(key: str) -> None:
    told = faults(SAMPLE.replace('key = "wages"', f'key = "{key}"'))
    assert any("counts answers" in fault for fault in told), told
