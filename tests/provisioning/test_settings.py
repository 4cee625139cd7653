"""`python -m provisioning settings`: a technician judges, reads and mends the file of a terminal."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_api.contract.enrolment import parse_enrolment
from central_api.contract.terminal_settings import TerminalSettings, sign_settings
from kiosk.settings import SettingsWrong, judge
from kiosk.settings_keys import KEYS
from provisioning.enrolment import Enrolling
from provisioning.settings import changed, replace
from tests import forked

from .enrolling_office import EnrollingOffice
from .test_duties import CONTENT, FeedWithContent

FILE = """\
# The terminal by the door.
version = 1

[terminal]
name = "T-03"   # painted on its side too

# no network yet
[office]
url = "https://office.example"
"""


def provisioning(*arguments: str) -> forked.Done:
    return forked.run("provisioning", *arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(FILE, encoding="utf-8")
    path.chmod(0o640)
    return path


def test_a_key_is_set_in_its_place_and_comments_and_mode_stay(file: Path) -> None:
    done = provisioning("settings", "set", "terminal.name", "T-04", "--settings", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_text() == FILE.replace("T-03", "T-04")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["terminal.toml"]


def test_a_value_that_cannot_be_changes_nothing(file: Path) -> None:
    done = provisioning("settings", "set", "terminal.screen", "[1080]", "--settings", str(file))
    assert done.returncode == 1
    assert "terminal.screen: expected [width, height] in pixels" in done.stderr
    assert file.read_text() == FILE


def test_a_key_that_is_none_changes_nothing_and_the_nearest_is_told(file: Path) -> None:
    done = provisioning("settings", "set", "devices.skanner", "none", "--settings", str(file))
    assert done.returncode == 1
    assert "did you mean devices.scanner?" in done.stderr
    assert file.read_text() == FILE


def test_mistakes_can_be_mended_one_by_one(file: Path) -> None:
    file.write_text(FILE + 'hosts = "one"\n[devices]\nwidth_dots = 3\n')
    done = provisioning("settings", "set", "devices.width_dots", "512", "--settings", str(file))
    assert done.returncode == 0
    assert "office.hosts: expected a list of hosts" in done.stderr and "width_dots" not in done.stderr
    assert "width_dots = 512" in file.read_text()


def test_check_tells_every_mistake_as_json_too(file: Path) -> None:
    assert provisioning("settings", "check", "--settings", str(file)).returncode == 0
    file.write_text("[terminal]\nvolume = -1\ncolour = 2\n")
    done = provisioning("settings", "check", "--settings", str(file), "--json")
    assert done.returncode == 1
    assert [(one["line"], one["key"]) for one in json.loads(done.stdout)["mistakes"]] == [
        (2, "terminal.volume"),
        (3, "terminal.colour"),
    ]


def test_what_never_ends_is_no_settings_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        done = provisioning("settings", "check", "--settings", str(path))
        assert (done.returncode, done.stderr) == (1, f"{path}: not a file\n")


def test_show_tells_where_each_value_comes_from(file: Path) -> None:
    shown = json.loads(provisioning("settings", "show", "--settings", str(file), "--json").stdout)["settings"]
    told = {row["key"]: (row["value"], row["from"]) for row in shown}
    assert told.keys() == {key.name for key in KEYS}
    assert told["terminal.name"] == ("T-03", "file")
    assert told["terminal.screen"] == ([1080, 1920], "default")


def test_wrong_use_is_two() -> None:
    assert provisioning("settings", "set", "terminal.name").returncode == 2


def test_what_the_documentation_says_is_what_the_code_does() -> None:
    told = subprocess.run([sys.executable, "docs/settings.py", "--check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_the_documentation_s_examples_are_right() -> None:
    for key in KEYS:
        table, _, name = key.name.partition(".")
        extra = "width_dots = 512\n" if name == "printer_profile" else ""
        judge(f"[{table}]\n{name} = {key.example}\n{extra}", Path("example.toml"))


def test_a_write_that_is_cut_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        replace(file, "version = 1\n")
    assert file.read_text() == FILE
    assert [path.name for path in file.parent.iterdir()] == ["terminal.toml"]


def test_a_file_behind_a_link_stays_behind_it(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "etc.toml"
    link.symlink_to(file)
    replace(link, "version = 1\n")
    assert link.is_symlink() and file.read_text() == "version = 1\n"


@given(
    st.sampled_from(KEYS),
    st.one_of(st.integers(-5, 9999), st.text(max_size=20), st.booleans(), st.lists(st.integers(0, 9999), max_size=3)),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_set_is_judged_or_kept_as_it_was_said(key, value) -> None:
    text = changed(FILE, key.name, value, Path("terminal.toml"))
    assert "# painted on its side too" in text
    try:
        judge(text, Path("terminal.toml"))
    except SettingsWrong as wrong:
        assert any(mistake.key == key.name for mistake in wrong.mistakes)


def test_show_tells_what_the_office_said(tmp_path: Path) -> None:
    """Name and address are an enrolled terminal's identity's; languages and volume the office's, while they hold."""
    office = EnrollingOffice(tmp_path / "office", feed=FeedWithContent(time=int(time.time())))
    data = tmp_path / "data"
    Enrolling(data, parse_enrolment(office.code()), lambda _: None, place="file").run()
    office.close()
    file = tmp_path / "terminal.toml"
    file.write_text(f'[terminal]\nname = "T-99"\nvolume = 10\ndata = "{data}"\n')
    kept = sign_settings(TerminalSettings(4, "T-07", languages=("fr", "hy"), volume=35), CONTENT)
    (data / "office-settings.cbor").write_bytes(kept)

    def shown() -> dict[str, tuple[object, str]]:
        told = json.loads(provisioning("settings", "show", "--settings", str(file), "--json").stdout)
        return {row["key"]: (row["value"], row["from"]) for row in told["settings"]}

    first = shown()
    assert first["terminal.name"] == ("T-07", "office")
    assert first["office.url"] == (office.url, "office")
    assert first["terminal.volume"] == (35, "office")
    assert first["terminal.languages"] == (["fr"], "office"), "a language without words here is passed over"
    assert first["terminal.language"] == ("ar", "default")
    (data / "office-settings.cbor").write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert shown()["terminal.volume"] == (10, "file")
