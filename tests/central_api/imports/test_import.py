"""What older systems report: applied once, in order, as reports; what cannot be is told with line and reason."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_api.contract.numbers import new_tracking_number
from central_api.contract.status import State
from central_api.imports import Imported, WrongFile, import_file, importer
from central_api.imports.files import MOST_LINE, CsvRows
from central_api.imports.rows import COLUMNS, Row, RowRefused, read_row
from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import Filed, Office, find_all, register
from central_api.store.pace import publishing
from tests.central_api.reads import reads_before_turns

from .conftest import CHAIN

HEADER = "system,legacy_number,action,role,at,family,kind,region,language,phone,reasons,documents,deadline,acting\n"


def submit(number: str, at: str = "2026-02-01T09:00:00+02:00", **more: str) -> dict[str, str]:
    given = {"system": "legacy_permits", "legacy_number": number, "action": "submit", "at": at}
    return {**given, "family": "work_permits", "kind": "renewal", "region": "north", **more}


def act(number: str, action: str, role: str, at: str, **more: str) -> dict[str, str]:
    return {"system": "legacy_permits", "legacy_number": number, "action": action, "role": role, "at": at, **more}


def whole_chain(number: str) -> list[dict[str, str]]:
    acts = [act(number, "approve", role, f"2026-02-{day:02d}T09:00:00Z") for day, role in enumerate(CHAIN, 3)]
    return [submit(number), *acts]


def csv_of(path: Path, rows: list[dict[str, str]], *, bom: bool = False, delimiter: str = ",") -> Path:
    lines = [delimiter.join(COLUMNS), *(delimiter.join(row.get(name, "") for name in COLUMNS) for row in rows)]
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + "\n".join(lines).encode() + b"\n")
    return path


def jsonl_of(path: Path, rows: list[dict[str, str]], *, bom: bool = False) -> Path:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + lines.encode())
    return path


def counts(done: Imported) -> tuple[int, int, int, int]:
    return done.read, done.applied, done.unchanged, done.refused


def filed(office: Office, number: str) -> Filed:
    (found,) = find_all(office.reader(), {(1, number)}, ())
    return found


def test_a_phone_is_kept_beside_its_event_and_stands_there_as_a_digest_alone(office: Office, tmp_path: Path) -> None:
    rows = [submit("A-1", phone="٠٣/123456"), submit("A-2", phone="+96171123456"), submit("A-3")]
    assert counts(import_file(office, csv_of(tmp_path / "phones.csv", rows))) == (3, 3, 0, 0)
    kept = office.own_reader.execute("SELECT event, value FROM personal ORDER BY event").fetchall()
    assert kept == [(1, "+9613123456"), (2, "+96171123456")]
    publish_pending(office)
    assert isinstance(audit_verify(office), Intact)


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("suffix", ["csv", "semicolons", "jsonl"])
def test_a_file_is_applied_once(office: Office, tmp_path: Path, suffix: str, bom: bool) -> None:
    rows = [*whole_chain("A-1"), *whole_chain("A-2")[:3]]
    match suffix:
        case "csv":
            path = csv_of(tmp_path / "old.csv", rows, bom=bom)
        case "semicolons":
            path = csv_of(tmp_path / "old.csv", rows, bom=bom, delimiter=";")
        case _:
            path = jsonl_of(tmp_path / "old.jsonl", rows, bom=bom)
    assert counts(import_file(office, path)) == (9, 9, 0, 0)
    assert counts(import_file(office, path)) == (9, 0, 9, 0)
    assert not list(tmp_path.glob("*refused*"))
    publish_pending(office)
    assert isinstance(audit_verify(office), Intact)
    status = office.status_of(filed(office, "A-1"))
    assert status.state is State.COMPLETED
    assert {step.reported_by for step in status.steps} == {1}
    assert not status.document_waits


def test_the_same_row_spelled_otherwise_is_the_same_row(office: Office, tmp_path: Path) -> None:
    first = csv_of(
        tmp_path / "a.csv", [submit("A-123", language="fr"), act("A-123", "accept", "registry", "2026-02-03T07:00:00Z")]
    )
    rows = [
        submit("A-١٢٣", "2026-02-01T07:00:00Z", language="FR"),
        act(" A-۱۲۳", "Accept", "registry ", "٢٠٢٦-٠٢-٠٣T09:00:00+02:00"),
    ]
    assert counts(import_file(office, first)) == (2, 2, 0, 0)
    assert counts(import_file(office, jsonl_of(tmp_path / "b.jsonl", rows))) == (2, 0, 2, 0)


def test_good_rows_are_applied_and_bad_ones_told(office: Office, tmp_path: Path) -> None:
    ours = office.submit("work_permits", "permit", region="beirut", phone="71123456", at=1_770_000_000).tracking
    when = "2026-02-10T09:00:00+02:00"
    bad = [
        (act("A-1", "approve", "minister", when), "turn of head_of_department"),
        (act("A-1", "approve", "king", when), "expected as role one of intake"),
        (act("A-1", "bless", "registry", when), "expected as action one of submit"),
        (act("A-1", "approve", "head_of_department", "2026-02-10T09:00:00"), "needs its zone"),
        (act("A-1", "approve", "head_of_department", "yesterday"), "expected a time like"),
        (act("A-1", "approve", "head_of_department", "2126-02-10T09:00:00Z"), "not of our days"),
        (act("A-1", "approve", "head_of_department", "2036-02-10T09:00:00Z"), "in the future"),
        (act("A-1", "approve", "head_of_department", "2026-02-01T09:00:00Z"), "before the last change"),
        (act("A-1", "return", "head_of_department", when), "needs a reason"),
        (act("A-1", "return", "head_of_department", when, documents="menu"), "expected as document one of"),
        (act("A-1", "return", "head_of_department", when, documents="lab_tests", deadline="soon"), "expected a date"),
        (act("A-1", "return", "head_of_department", when, documents="lab_tests", deadline="0026-04-01"), "our days"),
        (act("A-1", "approve", "head_of_department", when, region="beirut"), "in north"),
        (act("A-1", "approve", "head_of_department", when, acting="perhaps"), "expected as acting"),
        (act("A-9", "accept", "registry", when), "first row of a legacy_number is its submit"),
        (act("", "accept", "registry", when), "expected a legacy_number"),
        (act("", "accept", "registry", when, tracking="26318283313"), "not a tracking number of ours"),
        (act("A-2", "accept", "registry", when, tracking=ours) | {"system": "abacus"}, "expected as system one of"),
        (submit("A-1", when), "taken in already"),
        (submit("A-1", kind="permit"), "taken in already"),
        (submit("A-3", kind="circus"), "unknown kind"),
        (submit("A-3", family="circus"), "unknown family"),
        (submit("A-3", phone="12"), "phone"),
        (submit("A-3", region=""), "needs the region"),
        (submit(""), "expected a legacy_number"),
        (submit("x" * 65), "at most 64"),
        (submit("A-\u0000"), "printable"),
    ]
    good = [submit("A-1"), act("A-1", "accept", "registry", "2026-02-03T09:00:00Z", acting="yes")]
    more = [act("", "accept", "registry", when, tracking=f"{ours[:2]}-{ours[2:]}")]
    path = jsonl_of(tmp_path / "old.jsonl", [*good, *(row for row, _words in bad), *more])
    done = import_file(office, path)
    assert counts(done) == (len(bad) + 3, 3, 0, len(bad))
    assert done.refused_file == tmp_path / "old.refused.jsonl"
    told = [json.loads(line) for line in done.refused_file.read_text().splitlines()]
    assert [row["line"] for row in told] == list(range(3, len(bad) + 3))
    for row, (sent, words) in zip(told, bad, strict=True):
        assert words in row.pop("reason"), words
        row.pop("line")
        assert row == sent
    assert office.status_of(filed(office, "A-1")).steps[0].acting


def test_a_refused_file_can_be_mended_and_sent_again(office: Office, tmp_path: Path) -> None:
    rows = [submit("A-1"), act("A-1", "accept", "registri", "2026-02-03T09:00:00Z")]
    done = import_file(office, csv_of(tmp_path / "old.csv", rows))
    assert done.refused_file is not None
    text = done.refused_file.read_text()
    assert text.splitlines()[0].startswith("line,reason,system")
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("registri,", "registry,"))
    assert counts(import_file(office, mended)) == (1, 1, 0, 0)


def test_two_numbers_of_one_application_must_agree(office: Office, tmp_path: Path) -> None:
    import_file(office, csv_of(tmp_path / "a.csv", [submit("A-1"), submit("A-2")]))
    tracking = filed(office, "A-1").tracking
    rows = [
        act("A-2", "accept", "registry", "2026-02-03T09:00:00Z", tracking=tracking),
        act("A-1", "accept", "registry", "2026-02-03T09:00:00Z", tracking=tracking),
        act("A-1", "approve", "head_of_department", "2026-02-04T09:00:00Z"),
    ]
    done = import_file(office, csv_of(tmp_path / "b.csv", rows))
    assert counts(done) == (3, 2, 0, 1)
    assert office.status_of(filed(office, "A-1")).current == 2


def test_a_file_of_many_chunks(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "CHUNK", 7)
    rows = [row for number in range(12) for row in whole_chain(f"A-{number}")]
    told: list[int] = []
    path = csv_of(tmp_path / "old.csv", rows)
    assert counts(import_file(office, path, told.append)) == (72, 72, 0, 0)
    assert told[-1] == path.stat().st_size
    assert told == sorted(told)


def test_chunks_are_short_while_an_office_serves(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("CHUNK", 10), ("SHORT", 2)):
        monkeypatch.setattr(importer, name, value)
    path, upto = csv_of(tmp_path / "old.csv", [submit(f"A-{number}") for number in range(30)]), list[int]()
    with ExitStack() as served:

        def told(_bytes: int) -> None:
            upto.append(office.own_reader.execute("SELECT count(*) FROM event").fetchone()[0])
            if upto[-1] == 10:
                served.enter_context(publishing(office.data))
            elif upto[-1] == 24:
                served.close()

        assert counts(import_file(office, path, told)) == (30, 30, 0, 0)
    # The next chunk is read while this one is written.
    assert upto == [10, 20, 22, 24, 26, 30]


def test_what_a_chunk_touches_is_read_before_its_turn_while_an_office_serves(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(office, csv_of(tmp_path / "old.csv", [submit("A-1")]))
    read, before = reads_before_turns(office, monkeypatch)
    rows = [submit("A-2", phone="+96171000002"), act("A-1", "accept", "registry", "2026-03-03T09:00:00+02:00")]
    with publishing(office.data):
        assert counts(import_file(office, csv_of(tmp_path / "served.csv", rows))) == (2, 2, 0, 0)
    read.clear()
    assert counts(import_file(office, csv_of(tmp_path / "alone.csv", [submit("A-3")]))) == (1, 1, 0, 0)
    served, alone = before
    for place in ("+96171000002", "WHERE tracking IN", "FROM event WHERE application", "WHERE unit = "):
        assert any(place in one for one in served), place
    # Where nobody acts, nobody waits, and what is read once more is for nothing.
    assert alone == []


def test_a_number_that_was_drawn_ahead_and_taken_meanwhile_is_drawn_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (new_tracking_number(2026, lambda _below, n=n: n) for n in (1, 2))
    monkeypatch.setattr(register, "new_tracking_number", Mock(side_effect=[first, first, second]))
    write_chunk = office.write_chunk

    def write(work: Callable[[sqlite3.Connection], object]) -> object:
        given = office.submit("work_permits", "renewal", region="north", phone=None)
        assert given.tracking == first
        return write_chunk(work)

    monkeypatch.setattr(office, "write_chunk", write)
    with publishing(office.data):
        assert counts(import_file(office, csv_of(tmp_path / "old.csv", [submit("A-1")]))) == (1, 1, 0, 0)
    assert filed(office, "A-1").tracking == second


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("old.txt", "", r"\.csv or \.jsonl"),
        ("old.csv", "", "no column system"),
        ("old.csv", "system,action,at,mood\n", "unknown column 'mood'"),
        ("old.csv", "\x00\xff", "unknown column"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(
    office: Office, tmp_path: Path, name: str, text: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(WrongFile, match=words):
        import_file(office, path)


def test_lines_that_are_no_rows_are_told_and_the_rest_goes_on(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    good = json.dumps(submit("A-1")).encode()
    lines = [b"{", b"[]", b"\xff\xfe", b'{"system": 3}', b'{"mood": "x"}', b"", good, b"x" * (MOST_LINE + 10)]
    path.write_bytes(b"\n".join(lines))
    done = import_file(office, path)
    assert (done.applied, done.refused) == (1, 7)
    path = tmp_path / "old.csv"
    path.write_bytes(HEADER.encode() + b"a,b\n\n" + b"\xff" + b"," * 13 + b'\n"' + b"x" * 200_000 + b"\n")
    done = import_file(office, path)
    assert done.applied == 0
    assert done.refused == done.read > 2
    assert done.refused_file is not None
    assert "expected 14 cells, found 2" in done.refused_file.read_text()


@settings(max_examples=80)
@given(
    st.dictionaries(st.sampled_from(COLUMNS[:-2]), st.text(max_size=30) | st.sampled_from(["submit", "legacy_permits"]))
)
def test_no_row_raises_anything_but_its_own_refusal(cells: dict[str, str]) -> None:
    try:
        read_row(Row(**cells), 1)  # type: ignore[arg-type]
    except RowRefused as refused:
        assert str(refused)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_bytes_stop_an_import(office: Office, tmp_path: Path, data: bytes) -> None:
    for path in (tmp_path / "any.jsonl", tmp_path / "any.csv"):
        path.write_bytes(HEADER.encode() + data if path.suffix == ".csv" else data)
        done = import_file(office, path)
        assert done.applied == 0
        assert done.refused == done.read


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "old.csv", whole_chain("A-1"))
    with path.open("rb") as file:
        rows = CsvRows(file).rows()
        line, row, _cells = next(rows)
        assert (line, isinstance(row, msgspec.Struct)) == (2, True)


def test_a_row_of_brackets_is_refused_like_any_other(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_text('{"line": ' + "[" * 50_000 + "\n" + json.dumps(submit("A-1")) + "\n")
    assert counts(import_file(office, path)) == (2, 1, 0, 1)
