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


def test_office_and_folder_are_enough(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, '[office]\nurl = "http://[::1]:8400"\n[terminal]\ndata = "data"\n'))
    assert settings == Settings("http://[::1]:8400", Path("data"))


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        (2, 'name = "two words"', "2: terminal.name: expected up to 16"),
        (2, "name = 3", "2: terminal.name: expected text"),
        (3, 'language = "de"', "3: terminal.language: expected ar, fr or en"),
        (5, "screen = [0, 1]", "5: terminal.screen: expected [width, height]"),
        (5, "colour = 1", "5: terminal.colour: is not a setting"),
        (8, 'url = "office"', "8: office.url: expected an address"),
        (8, "", "7: office.url: is missing"),
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


@pytest.mark.parametrize("text", ["[terminal", "office = 1", "\ud800"])
def test_what_is_no_settings_file_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "terminal.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsWrong, match=str(path)):
        read_settings(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="No such file"):
        read_settings(tmp_path / "none.toml")
