"""Settings are judged as a whole, and a mistake is told with file, line and key."""

from pathlib import Path

import pytest

from kiosk.settings import Settings, SettingsWrong, read_settings

WHOLE = """\
[terminal]
name = "T-03"
language = "fr"
data = "/var/lib/istilam"
screen = [1080, 1920]

[office]
url = "http://127.0.0.1:8400/"
hosts = ["follow.labour.example"]

[devices]
scanner = "serial:/dev/ttyACM0"
printer = "tcp:192.168.7.20:9100"
width_dots = 512
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "terminal.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, WHOLE)) == Settings(
        office_url="http://127.0.0.1:8400",
        data=Path("/var/lib/istilam"),
        name="T-03",
        language="fr",
        screen=(1080, 1920),
        hosts=frozenset({"FOLLOW.LABOUR.EXAMPLE"}),
        scanner="serial:/dev/ttyACM0",
        printer="tcp:192.168.7.20:9100",
        width_dots=512,
    )


def test_a_file_that_windows_saved_is_read(tmp_path: Path) -> None:
    """Its byte order mark was told as an invalid statement in line 1, where nothing wrong can be seen."""
    file = tmp_path / "terminal.toml"
    file.write_bytes(b'\xef\xbb\xbfversion = 1\r\n[terminal]\r\nname = "T-05"\r\n')
    assert read_settings(file).name == "T-05"


def test_a_file_that_sets_nothing_has_defaults_that_work(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "version = 1")) == Settings(
        "http://127.0.0.1:8400", Path("/var/lib/istilam")
    )


def test_office_and_folder_are_enough(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, '[office]\nurl = "http://[::1]:8400"\n[terminal]\ndata = "data"\n'))
    assert settings == Settings("http://[::1]:8400", Path("data"))


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        (2, 'name = "two words"', "2: terminal.name: expected up to 16"),
        (2, "name = 3", "2: terminal.name: expected text"),
        (3, 'language = "de"', "3: terminal.language: expected ar, fr, en, am, bn or fil"),
        (5, "screen = [0, 1]", "5: terminal.screen: expected [width, height]"),
        (5, "colour = 1", "5: terminal.colour: is not a setting"),
        (8, 'url = "office"', "8: office.url: expected an address"),
        (4, "volume = 101", "4: terminal.volume: expected a number from 0 to 100"),
        (4, "volume = true", "4: terminal.volume: expected a number"),
        (4, "rotation = 45", "4: terminal.rotation: expected 0, 90, 180 or 270"),
        (4, 'languages = ["de"]', "4: terminal.languages: expected a list of ar, fr, en, am, bn and fil"),
        (4, 'languages = ["ar", "ar"]', "4: terminal.languages: expected a list of ar, fr, en, am, bn and fil"),
        (4, 'languages = ["ar", "en"]', "3: terminal.language: fr is not among terminal.languages"),
        (4, "panel_mm = [476, 268]", "4: terminal.panel_mm: does not have the shape of terminal.screen, 1080 x 1920"),
        (5, "scren = [1080, 1920]", "5: terminal.scren: is not a setting; did you mean terminal.screen?"),
        (5, 'printer = "none"', "5: terminal.printer: is not a setting; did you mean devices.printer?"),
        (1, "volume = 3", "1: volume: is not a setting; did you mean terminal.volume?"),
        (1, "version = 2", "1: version: expected 1, the only one known here"),
        (7, "[offices]", "7: offices: is not a table of settings"),
        (14, 'printer_profile = "No such"', "14: devices.printer_profile: no printer profile 'No such'"),
        (9, 'hosts = "one"', "9: office.hosts: expected a list"),
        (9, 'hosts = ["a b"]', "9: office.hosts: expected hosts such as"),
        (12, 'scanner = "usb"', "12: devices.scanner: 'usb' is not serial:PATH"),
        (13, 'printer = "tcp:nowhere"', "13: devices.printer: 'nowhere' is not HOST:PORT"),
        (14, "width_dots = 577", "14: devices.width_dots: expected a multiple of 8"),
        (14, "width_dots = true", "14: devices.width_dots: expected a multiple of 8"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(tmp_path: Path, line: int, wrong: str, told: str) -> None:
    lines = WHOLE.splitlines()
    lines[line - 1] = wrong
    path = written(tmp_path, "\n".join(lines))
    with pytest.raises(SettingsWrong) as caught:
        read_settings(path)
    assert str(caught.value).startswith(f"{path}:{told}")


def test_every_mistake_is_told_at_once_in_the_order_of_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'office.url = "nowhere"\n[terminal]\nvolume = "loud"\nname = ""\n[devices]\nwidth_dots = 5\n'
    )
    with pytest.raises(SettingsWrong) as caught:
        read_settings(path)
    assert [(mistake.line, mistake.key) for mistake in caught.value.mistakes] == [
        (1, "office.url"),
        (3, "terminal.volume"),
        (4, "terminal.name"),
        (6, "devices.width_dots"),
    ]
    assert str(caught.value).count(f"{path}:") == 4


def test_what_each_allows_but_not_both_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE.replace("512", '576\nprinter_profile = "TM-T88IV"'))
    with pytest.raises(SettingsWrong, match=r"devices\.printer_profile: TM-T88IV has a head of 512 dots, not 576"):
        read_settings(path)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ":1: is empty"),
        (b"  \n\n", ":1: is empty"),
        (b"\0" * 64, ":1: is not text"),
        (b"version = 1\n\xff\xfe", ":2: is not text"),
        (b"version = 1\n[terminal]\nname = \n", ":3: Invalid value"),
        (b"version = 2\n[hologram]\nx = 1\n", ":1: version: expected 1"),
    ],
    ids=["empty", "blank", "zeros", "binary", "cut off", "next version"],
)
def test_a_file_that_a_power_cut_or_a_later_edition_left_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "terminal.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsWrong) as caught:
        read_settings(path)
    assert str(caught.value).startswith(f"{path}{told}")
    assert len(caught.value.mistakes) == 1


def test_a_panel_of_known_size_tells_its_pixels_a_millimetre(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, WHOLE.replace("[office]", "panel_mm = [135, 240]\n[office]")))
    assert settings.pixels_per_mm == 8.0
    assert read_settings(written(tmp_path, WHOLE)).pixels_per_mm is None


@pytest.mark.parametrize("text", ["[terminal", "office = 1", "\ud800"])
def test_what_is_no_settings_file_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "terminal.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsWrong, match=str(path)):
        read_settings(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="No such file"):
        read_settings(tmp_path / "none.toml")
