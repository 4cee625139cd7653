"""Files of a system that names things its own way, read by a profile that is kept under a name."""

import json
from pathlib import Path

import pytest

from central_api.__main__ import main
from central_api.imports import WrongFile, WrongProfile, import_file, profile_of, read_profile
from central_api.imports.profiles import EXAMPLE
from central_api.store import Office

PROFILE = (
    EXAMPLE
    + """
[words.family]
"إجازات عمل" = "work_permits"
[words.kind]
"تجديد" = "renewal"
[words.role]
"الديوان" = "registry"
[words.region]
"بيروت" = "beirut"
"""
)
COLUMNS = """
family = "الباب"
kind = "النوع"
role = "الجهة"
region = "المنطقة"
"""
WHOLE = PROFILE.replace("[fixed]", COLUMNS + "\n[fixed]")
HEADER = "رقم الملف;الحركة;التاريخ;الباب;النوع;الجهة;المنطقة;ملاحظات"
ROWS = (
    "ب/١٢;تسجيل;٠٢/٠٣/٢٠٢٦ 09:30;إجازات عمل;تجديد;;بيروت;لا شيء",
    "ب/١٢;موافقة;04/03/2026 09:30;;;الديوان;بيروت;",
    "ب/١٣;موافقة;31/02/2026 09:30;;;الديوان;بيروت;تاريخ",
)


def old(tmp_path: Path, *rows: str, name: str = "old.csv") -> Path:
    path = tmp_path / name
    path.write_bytes("\n".join([HEADER, *rows, ""]).encode("windows-1256", errors="replace"))
    return path


def test_a_file_in_another_encoding_than_its_profile_says_is_refused_whole(office: Office, tmp_path: Path):
    with pytest.raises(WrongFile, match="utf-16"):
        import_file(office, old(tmp_path, *arabic_digits_apart(ROWS)), profile=read_profile('encoding = "utf-16"'))


def arabic_digits_apart(rows: tuple[str, ...]) -> list[str]:
    """Windows' Arabic code page has no Arabic digits: who writes in it writes 0-9."""
    return [row.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")) for row in rows]


def test_a_file_in_its_own_words_dates_and_encoding_is_read_and_refused_rows_go_back_as_they_were(
    office: Office, tmp_path: Path
):
    path, profile = old(tmp_path, *arabic_digits_apart(ROWS)), read_profile(WHOLE)
    tried = import_file(office, path, dry_run=True, profile=profile)
    assert (tried.applied, tried.refused) == (2, 1)
    done = import_file(office, path, profile=profile)
    assert (done.applied, done.unchanged, done.refused) == (2, 0, 1)
    assert done.refused_file is not None
    refused = done.refused_file.read_bytes().decode("windows-1256").splitlines()
    assert refused[0] == "line;reason;" + HEADER
    assert refused[1].endswith("ب/13;موافقة;31/02/2026 09:30;;;الديوان;بيروت;تاريخ")
    # Mended in place, it is sent again by the same profile.
    text = done.refused_file.read_bytes().replace("31/02".encode("windows-1256"), b"03/03").replace(b"/13;", b"/12;")
    mended = tmp_path / "mended.csv"
    mended.write_bytes(text)
    assert import_file(office, mended, profile=profile).refused == 1  # by the chain's own order, not by its form
    again = import_file(office, path, profile=profile)
    assert (again.applied, again.unchanged) == (0, 2)


def test_objects_are_read_by_their_keys(office: Office, tmp_path: Path):
    path = tmp_path / "old.jsonl"
    names = HEADER.split(";")
    path.write_text("".join(json.dumps(dict(zip(names, row.split(";"), strict=True))) + "\n" for row in ROWS[:2]))
    done = import_file(office, path, profile=read_profile(WHOLE))
    assert (done.applied, done.refused) == (2, 0)


def test_a_profile_is_kept_by_name_and_named_in_the_command(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source, data = tmp_path / "profile.toml", str(office.data)
    source.write_text(WHOLE)
    assert main(["feeder", "profile", "set", "permits", str(source), "--data", data]) == 0
    assert profile_of(office, "permits") == read_profile(WHOLE)
    assert profile_of(office, "") is None
    with pytest.raises(WrongFile):
        profile_of(office, "nothing")
    path = str(old(tmp_path, *arabic_digits_apart(ROWS)))
    capsys.readouterr()
    assert main(["import", path, "--profile", "permits", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["applied"] == 2
    source.write_text("nonsense = 1")
    assert main(["feeder", "profile", "set", "permits", str(source), "--data", data]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "nonsense = 1",
        'encoding = "klingon"',
        'encoding = "rot13"',
        'encoding = "undefined"',
        'zone = "Mars/Base"',
        'zone = "../../etc"',
        '[columns]\nnothing = "x"',
    ],
)
def test_what_is_no_profile_is_refused_in_words(text: str):
    with pytest.raises(WrongProfile):
        read_profile(text)


def test_a_file_without_the_columns_that_are_needed_is_refused_whole(office: Office, tmp_path: Path):
    with pytest.raises(WrongFile):
        import_file(office, old(tmp_path, *ROWS), profile=read_profile("[fixed]\nsystem = 'legacy_permits'"))
