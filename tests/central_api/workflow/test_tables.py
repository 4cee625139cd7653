"""A table is validated whole; each fault names file, line, key and what was expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.catalogue import catalogue
from central_api.workflow import InvalidTable, Role, read_table, shipped_sources, shipped_tables
from central_api.workflow.draw import draw
from central_api.workflow.lines import line_of

SOURCES = dict(shipped_sources())
COMPANIES = SOURCES["companies.toml"]


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidTable) as invalid:
        read_table(text, "companies.toml")
    return [str(fault) for fault in invalid.value.faults]


def line(text: str, wanted: str, nth: int = 0) -> int:
    return [number for number, words in enumerate(text.splitlines(), 1) if wanted in words][nth]


def test_the_shipped_tables_cover_every_service_of_the_catalogue() -> None:
    words = catalogue()
    assert {table.key for table in shipped_tables()} == set(words.services)
    for table in shipped_tables():
        assert {kind.key: kind.code for kind in table.kinds.values()} == words.services[table.key].codes


def test_the_minister_signs_last_in_every_chain() -> None:
    for table in shipped_tables():
        for kind in table.kinds.values():
            assert [step.role for step in kind.steps] == list(Role)[1:]


def test_roles_have_the_numbers_of_the_catalogue() -> None:
    assert {role.word: int(role) for role in Role} == catalogue().roles.codes


@pytest.mark.parametrize(
    ("good", "bad", "where", "key", "expected"),
    [
        ("limit = 5", 'limit = "5"', "limit =", "steps[0].limit", "Expected 'int', got 'str'"),
        ("limit = 5", "limit = 0", "limit = 0", "steps[0].limit", ">= 1"),
        ("limit = 5", "limit = 2", "limit = 2", "steps[0].limit", "at least the usual 3 days"),
        ("expected = [1, 3]", "expected = [3, 1]", "expected = [3, 1]", "steps[0].expected", "least not above most"),
        ('role = "minister"', 'role = "king"', '"king"', "steps[4].role", "one of intake, registry"),
        ('role = "minister"', 'role = "registry"', 'role = "registry"', "steps[4].role", "once in the chain"),
        ('action = "accept"', 'action = "sign"', 'action = "sign"', "steps[0].action", "'accept' for registry"),
        ('action = "accept"', 'action = "bless"', '"bless"', "steps[0].action", "one of submit, accept"),
        ('family = "companies"', 'family = "circus"', "circus", "family", "one of work_permits, companies"),
        ("version = 2", "version = 0", "version", "version", ">= 1"),
        ("[kinds.renewal]", "[kinds.rental]", "[kinds.rental]", "kinds.rental", "one of approval_in_principle"),
        ('"employees_list"]\nrequires = ["permit"]', '"menu"]\nrequires = ["permit"]', '"menu"', "documents", "'menu'"),
        ('requires = ["prior_approval"]', 'requires = ["luck"]', '"luck"', "kinds.permit.requires", "'luck'"),
        ("documents = [", "document = [", "document = [", "kinds.approval_in_principle", "unknown field"),
    ],
)
def test_a_fault_is_named_by_file_line_and_key(good: str, bad: str, where: str, key: str, expected: str) -> None:
    assert good in COMPANIES
    text = COMPANIES.replace(good, bad) if bad == 'limit = "5"' else COMPANIES.replace(good, bad, 1)
    found = faults(text)
    numbers = [number for number, words in enumerate(text.splitlines(), 1) if where in words]
    # An unknown key of a table is told at the table's own line.
    near = {*numbers, *(number - 1 for number in numbers)}
    assert any(
        fault.startswith(tuple(f"companies.toml:{number}: " for number in near)) and key in fault and expected in fault
        for fault in found
    ), found


@pytest.mark.parametrize(
    ("good", "bad", "line_with", "expected"),
    [
        ("days = 15", "days = 0", "days = 0", ">= 1"),
        ('received_by = "registry"', 'received_by = "minister"', "received_by", "which has a counter"),
        ('decided_by = "director_general"', 'decided_by = "registry"', "decided_by", "after its first"),
        ('decided_by = "director_general"', 'decided_by = "judge"', "decided_by", "one of intake, registry"),
    ],
)
def test_a_fault_of_the_objection_is_named(good: str, bad: str, line_with: str, expected: str) -> None:
    text = COMPANIES.replace(good, bad)
    (found,) = faults(text)
    assert found.startswith(f"companies.toml:{line(text, line_with)}: objection")
    assert expected in found


# In Nabatieh the Head of Service has no part: a chain of its own.
NABATIEH = (
    COMPANIES.replace("version = 2", "version = 3")
    + """
[[regions.nabatieh]]
role = "registry"
action = "accept"
regional = true
expected = [1, 1]
limit = 2

[[regions.nabatieh]]
role = "director_general"
action = "approve"
regional = false
expected = [4, 8]
limit = 12

[[regions.nabatieh]]
role = "minister"
action = "sign"
regional = false
expected = [2, 5]
limit = 10
"""
)


def test_a_region_may_have_a_chain_of_its_own() -> None:
    table = read_table(NABATIEH, "companies.toml")
    code, region = table.kinds[1].code, catalogue().regions.codes
    roles = [step.role.word for step in table.kind(code, region["nabatieh"]).steps]
    assert roles == ["registry", "director_general", "minister"]
    assert len(table.kind(code, region["north"]).steps) == 5
    assert table.kind(code, region["nabatieh"]).checks == table.kind(code, region["north"]).checks
    assert 'subgraph "Nabatieh"' in draw(table)


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        ("[[regions.nabatieh]]", "[[regions.atlantis]]", "regions.atlantis: expected one of beirut"),
        ("limit = 2\n", "limit = 0\n", "regions.nabatieh[0].limit"),
    ],
)
def test_a_fault_of_a_regions_chain_is_named(good: str, bad: str, expected: str) -> None:
    assert any(expected in fault for fault in faults(NABATIEH.replace(good, bad)))


def test_who_signs_last_and_who_judges_an_objection_are_in_every_chain() -> None:
    without_minister = NABATIEH[: NABATIEH.rindex("[[regions")]
    assert any("expected minister last, as in the other regions" in fault for fault in faults(without_minister))
    director = NABATIEH.index("[[regions", NABATIEH.index("[[regions") + 1)
    without_judge = NABATIEH[:director] + NABATIEH[NABATIEH.rindex("[[regions") :]
    assert any("objection.decided_by" in fault for fault in faults(without_judge))


def test_a_diagram_has_the_chain_the_objection_and_what_comes_before() -> None:
    table = read_table(COMPANIES, "companies.toml")
    drawn = draw(table)
    assert "s4 -- sign --> done" not in drawn  # a step is drawn with its name
    assert "-- sign --> done" in drawn
    assert 'ended -. "objection within 15, at Registry" .-> judge' in drawn
    assert "judge -. dismiss .-> ended" in drawn
    assert "k2 -- before --> k3" in drawn
    strict = read_table(COMPANIES.replace("version = 2", "version = 3\nstrict = true"), "companies.toml")
    assert "k2 -- must be shown before --> k3" in draw(strict)


def test_all_faults_are_told_at_once() -> None:
    text = COMPANIES.replace("limit = 5", "limit = 0").replace('"signatories"', '"sonnets"')
    assert len(faults(text)) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("family = ", "companies.toml:1: the file: expected TOML"),
        ('family = "companies"\nversion = 1\n\n\nsteps = = 2\n', "companies.toml:5: the file: expected TOML"),
        ("", "missing required field 'family'"),
        ('family = "companies"\nversion = 1\nsteps = []\n[kinds]\n', "companies.toml:3: steps: expected 1 to 16 steps"),
        ('family = "companies"\nversion = 1\nsteps = 3\n[kinds]\n', "companies.toml:3: steps: Expected 'array'"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(text: str, expected: str) -> None:
    assert any(expected in fault for fault in faults(text)), faults(text)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_faults(text: str) -> None:
    with pytest.raises(InvalidTable):
        read_table(text, "any")


def test_lines_of_keys_in_headers_arrays_and_comments() -> None:
    text = '# a = 1\n[x]\na = 1\n[[s]]\nk = 1\n[[s]] # two\n"k" = 2\n[x.y]\nb.c = 3\n'
    assert line_of(text, ("x", "a")) == 3
    assert line_of(text, ("s", 0, "k")) == 5
    assert line_of(text, ("s", 1, "k")) == 7
    assert line_of(text, ("s", 1, "gone", 3)) == 6
    assert line_of(text, ("x", "y", "b", "c")) == 9
    assert line_of(text, ("nowhere",)) == 1
