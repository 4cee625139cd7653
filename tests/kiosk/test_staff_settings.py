"""What was changed in the staff corner, against office and settings file: who counts, and for how long."""

import json
from pathlib import Path

from central_api.contract.terminal_settings import TerminalSettings
from kiosk.backlight import brightness, set_brightness
from kiosk.own_settings import OwnSettings
from kiosk.settings import Settings
from kiosk.settings_in_force import in_force
from kiosk.staff_settings import FILE, StaffSettings


def settings(data: Path, **changed: object) -> Settings:
    return Settings("http://127.0.0.1:9", data, **changed)  # type: ignore[arg-type]


def test_a_change_counts_until_the_office_or_the_file_says_something_else(tmp_path: Path) -> None:
    office: list[TerminalSettings | None] = [None]
    own = OwnSettings(settings(tmp_path), lambda: office[0])
    assert (own.volume(), own.languages()) == (70, ("ar", "fr", "en"))
    assert own.changes.change("volume", 30, own.usual_volume())
    assert own.changes.change("languages", ["ar"], list(own.usual_languages()))
    again = OwnSettings(settings(tmp_path), lambda: office[0])
    assert (again.volume(), again.languages()) == (30, ("ar",)), "also after a restart"
    office[0] = TerminalSettings(1, "T-01", 1, volume=70)
    assert again.volume() == 30, "what the office says is what it said"
    office[0] = TerminalSettings(2, "T-01", 1, volume=50, languages=("fr",))
    assert (again.volume(), again.languages()) == (50, ("fr",)), "the office has spoken since"
    edited = OwnSettings(settings(tmp_path, volume=90), lambda: None)
    assert (edited.volume(), edited.languages()) == (90, ("ar",)), "and so has who edits the file, for that key"


def test_settings_show_who_says_what(tmp_path: Path) -> None:
    StaffSettings(tmp_path).change("volume", 20, 70)
    said, given = in_force(settings(tmp_path), None)
    assert (said.volume, given) == (20, {"volume": "staff"})


def test_a_file_that_is_none_of_ours_counts_for_nothing(tmp_path: Path) -> None:
    for text in (
        "",
        "[]",
        "{",
        '{"volume": 3}',
        '{"volume": {"now": 300, "was": 70}}',
        '{"shell": {"now": 1, "was": 2}}',
    ):
        (tmp_path / FILE).write_text(text)
        broken = StaffSettings(tmp_path)
        assert broken.why_not
        assert (broken.volume(70), broken.brightness) == (70, None)
    assert broken.change("volume", 40, 70)
    assert json.loads((tmp_path / FILE).read_text()) == {"volume": {"now": 40, "was": 70}}


def test_a_change_back_to_what_is_usual_is_no_change(tmp_path: Path) -> None:
    changes = StaffSettings(tmp_path)
    changes.change("volume", 40, 70)
    changes.change("volume", 70, 70)
    assert StaffSettings(tmp_path).volume(50) == 50


def test_a_disk_that_takes_nothing_is_told_and_the_change_counts_for_this_run(tmp_path: Path) -> None:
    changes = StaffSettings(tmp_path / "gone")
    assert not changes.change("volume", 40, 70)
    assert changes.volume(70) == 40


def test_the_panels_light_where_there_is_one(tmp_path: Path) -> None:
    assert brightness(tmp_path) is None
    assert not set_brightness(50, tmp_path)
    light = tmp_path / "sys/class/backlight/intel_backlight"
    light.mkdir(parents=True)
    (light / "max_brightness").write_text("937\n")
    (light / "brightness").write_text("937\n")
    assert set_brightness(40, tmp_path)
    assert brightness(tmp_path) == 40
    (light / "max_brightness").write_text("0\n")
    assert brightness(tmp_path) is None
