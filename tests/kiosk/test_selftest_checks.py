"""The checks of the self-test: the machine's files are made up, disks, offices and processes are real."""

import os
import socket
import subprocess
import threading
import wave
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from central_api.contract.readiness import Outcome, Part, Readiness, Result, decode_readiness
from devices.raster import Raster
from kiosk.link import OfficeLink
from kiosk.receipts import PrintedAt
from kiosk.selftest.deadlines import within
from kiosk.selftest.disk import check_disk
from kiosk.selftest.findings import DETAILS, Finding, readiness_of
from kiosk.selftest.office import Contact, check_clock, check_network
from kiosk.selftest.panel import check_panel, check_touch_present, millimetres_in
from kiosk.selftest.papers import lay_out_code, lay_out_slip, new_code, verdict
from kiosk.selftest.power import check_power
from kiosk.selftest.reports import KEPT, keep, send_waiting, waiting
from kiosk.selftest.saying import said
from kiosk.selftest.sound import check_sound_present, play_tone, tone
from kiosk.selftest_samples import selftest_findings, signed_readiness
from kiosk.settings import Settings
from kiosk.visit_state import SCREEN_LANGUAGES, ScreenLanguage
from kiosk.words import words_of
from tests.small_disk import small_disk_at

from .feed_office import ServedOffice
from .terminal import served

__all__ = ["served"]  # fixtures

SETTINGS = Settings("http://127.0.0.1:9", Path("/nowhere"))


@pytest.fixture
def system(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Make a machine's files: system({"sys/class/...": "what it says"})."""

    def make(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "root" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "root"

    return make


# ---- words ----


def test_every_finding_has_words_in_every_language() -> None:
    values = selftest_findings()[Part.PANEL].values
    for language in SCREEN_LANGUAGES:
        words = words_of(language)
        for part, details in DETAILS.items():
            for detail in (*details, "too_late"):
                assert said(Finding(part, detail, values), words)


def test_the_verdict_counts_what_failed_before_what_was_not_tested() -> None:
    words = words_of("en")
    assert verdict(selftest_findings(), words) == "The terminal is ready"
    assert verdict(selftest_findings(sound="not_asked"), words) == "One part was not tested; the rest is in order"
    both = selftest_findings(sound="not_asked", disk="full", printer="offline")
    assert verdict(both, words).startswith("\u20662\u2069 parts need attention")


def test_the_office_is_told_outcomes_and_codes_and_nothing_else() -> None:
    told = readiness_of(selftest_findings(disk="full"), taken=7, terminal="T-03")
    assert told.results[0] == Result(Part.PANEL, Outcome.PASSED, "good")
    assert Result(Part.DISK, Outcome.FAILED, "full") in told.results
    assert [result.part for result in told.results] == sorted(Part)


# ---- deadlines ----


def test_a_check_that_hangs_is_told_as_such() -> None:
    forever = threading.Event()
    assert within(0.05, Part.DISK, lambda: _never(forever)) == Finding(Part.DISK, "too_late")
    forever.set()


def _never(forever: threading.Event) -> Finding:
    forever.wait()
    return Finding(Part.DISK, "good")


def test_a_bug_in_a_check_is_a_bug() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, Part.DISK, lambda: Finding(Part.DISK, "good", {"free": 1 // 0}))


# ---- disk ----


def test_a_disk_with_room_passes_and_nothing_is_left_on_it(tmp_path: Path) -> None:
    found = check_disk(tmp_path / "data", tmp_path)
    assert found.detail == "good"
    assert list((tmp_path / "data").iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, in memory."""
    with small_disk_at(tmp_path / "disk", "1m") as disk:
        yield disk


def test_a_disk_with_too_little_room_fails(small_disk: Path) -> None:
    assert check_disk(small_disk).detail == "full"
    (small_disk / "all").write_bytes(bytes(1 << 20))
    assert check_disk(small_disk) == Finding(Part.DISK, "full", {"free": 0})


def test_a_disk_that_is_read_only_fails(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert check_disk(small_disk).detail == "read_only"


def test_a_folder_that_cannot_be_made_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert check_disk(tmp_path / "file" / "data").detail == "failing"


@pytest.mark.parametrize(
    ("life", "found"),
    [
        ("0x01 0x02\n", "good_wear"),
        ("0x0a 0x01\n", "worn"),
        ("0x0b 0x0b\n", "worn"),
        ("0x00 0x00\n", "good"),
        ("?", "good"),
    ],
)
def test_a_worn_memory_tells_how_worn_it_is(system, tmp_path: Path, life: str, found: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    number = data.stat().st_dev
    root = system({"sys/devices/mmcblk0/device/life_time": life, "sys/devices/mmcblk0/mmcblk0p2/dev": ""})
    link = root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(root / "sys/devices/mmcblk0/mmcblk0p2")
    assert check_disk(data, root).detail == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (
            '{"smart_status": {"passed": true}, "nvme_smart_health_information_log": {"percentage_used": 3}}',
            "good_wear",
        ),
        ('{"smart_status": {"passed": true}, "nvme_smart_health_information_log": {"percentage_used": 97}}', "worn"),
        ('{"smart_status": {"passed": false}}', "failing"),
        ("no JSON at all", "good"),
    ],
)
def test_a_disk_that_smartctl_knows_is_asked(
    system, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, found: str
) -> None:
    data, tools = tmp_path / "data", tmp_path / "tools"
    data.mkdir()
    tools.mkdir()
    (tools / "smartctl").write_text(f"#!/bin/sh\necho '{told}'\nexit 4\n")
    (tools / "smartctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    number = data.stat().st_dev
    root = system({"sys/devices/nvme0n1/device/model": "a disk"})
    link = root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(root / "sys/devices/nvme0n1")
    assert check_disk(data, root).detail == found


# ---- panel, touch, sound, power ----

# The first 128 bytes of a monitor's EDID: 1920x1080, 527 x 296 mm in its first detailed timing.
EDID = bytes.fromhex("00ffffffffffff00") + bytes(46) + bytes.fromhex("023a801871382d40582c45000f2821") + bytes(59)


def connector(status: str = "connected", modes: str = "1920x1080\n1280x720\n") -> dict[str, str]:
    base = "sys/class/drm/card0-HDMI-A-1"
    return {f"{base}/status": f"{status}\n", f"{base}/modes": modes, f"{base}/edid": ""}


@pytest.fixture
def no_x(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


@pytest.mark.usefixtures("no_x")
def test_a_panel_that_stands_turned_is_the_one_of_the_settings(system) -> None:
    assert check_panel(SETTINGS, system=system(connector())).detail == "not_seen"


@pytest.mark.usefixtures("no_x")
def test_a_panel_of_another_size_fails(system) -> None:
    found = check_panel(SETTINGS, system=system(connector(modes="1280x1024\n")))
    assert (found.detail, found.values) == ("wrong_size", {"found": "1280 × 1024", "expected": "1080 × 1920"})


@pytest.mark.usefixtures("no_x")
def test_a_window_of_another_size_fails_turned_or_not(system) -> None:
    assert check_panel(SETTINGS, (1920, 1080), system({})).detail == "wrong_size"
    assert check_panel(SETTINGS, (1080, 1920), system({})).detail == "not_seen"


@pytest.mark.usefixtures("no_x")
def test_nothing_connected_and_nothing_known_are_not_the_same(system) -> None:
    assert check_panel(SETTINGS, system=system({})).detail == "unknown"
    assert check_panel(SETTINGS, system=system(connector("disconnected"))).detail == "no_display"


def test_a_panel_tells_its_size_in_millimetres() -> None:
    edid = bytearray(EDID)
    edid[66], edid[67], edid[68] = 0x0F, 0x28, 0x21
    assert millimetres_in(bytes(edid)) == (527, 296)
    assert millimetres_in(b"") is None
    assert millimetres_in(bytes(128)) is None


@pytest.mark.usefixtures("no_x")
def test_a_panel_on_which_buttons_would_be_too_small_fails(system) -> None:
    edid = bytearray(EDID)
    edid[66], edid[67], edid[68] = 0x0F, 0x28, 0x21
    root = system(connector())
    (root / "sys/class/drm/card0-HDMI-A-1/edid").write_bytes(edid)
    assert check_panel(SETTINGS, system=root).detail == "wrong_mm"  # 24 inches, not 21.5
    told = Settings("http://127.0.0.1:9", Path("/nowhere"), panel_mm=(296, 527))
    assert check_panel(told, system=root).detail == "not_seen"


@pytest.mark.parametrize(
    ("screen", "found"),
    [
        ("Virtual-1 connected primary 1080x1920+0+0 left (normal left inverted) 268mm x 476mm\n", "not_seen"),
        ("HDMI-1 connected 1280x1024+0+0 (normal left inverted) 376mm x 301mm\n", "wrong_size"),
        ("screen connected 1080x1920+0+0 0mm x 0mm\n", "not_seen"),
        ("HDMI-1 disconnected (normal left inverted)\n", "no_display"),
    ],
)
def test_where_there_is_a_display_server_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: str, found: str
) -> None:
    (tmp_path / "xrandr").write_text(f"#!/bin/sh\nprintf '%s' 'Screen 0: minimum 8 x 8\n{screen}'\n")
    (tmp_path / "xrandr").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":9")
    assert check_panel(SETTINGS).detail == found


def test_a_touch_panel_is_a_device_whose_place_is_the_picture_s(system) -> None:
    assert check_touch_present(system({})).detail == "unknown"
    assert check_touch_present(system({"sys/class/input/input0/properties": "0\n"})).detail == "absent"
    assert check_touch_present(system({"sys/class/input/input3/properties": "2\n"})).detail == "not_tried"


def test_sound_is_there_where_a_device_plays(system) -> None:
    assert check_sound_present(system({})).detail == "absent"
    assert play_tone(70, system({})).detail == "absent"
    assert check_sound_present(system({"sys/class/sound/pcmC0D0p/dev": ""})).detail == "not_asked"


@pytest.mark.parametrize(("does", "found"), [("cat >/dev/null", "not_asked"), ("exit 1", "refused")])
def test_the_tone_is_handed_to_the_player(
    system, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, found: str
) -> None:
    (tmp_path / "aplay").write_text(f"#!/bin/sh\n{does}\n")
    (tmp_path / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert play_tone(70, system({"sys/class/sound/pcmC0D0p/dev": ""})).detail == found


def test_without_a_player_nobody_can_tell(system, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert play_tone(70, system({"sys/class/sound/pcmC0D0p/dev": ""})).detail == "no_player"


def test_the_tone_is_as_loud_as_the_settings_say() -> None:
    def peak(volume: int) -> int:
        with wave.open(BytesIO(tone(volume))) as sound:
            frames = sound.readframes(sound.getnframes())
        return max(memoryview(frames).cast("h"))

    assert peak(0) == 0
    assert 0 < peak(35) < peak(70) < peak(100) < 1 << 15


SUPPLY = "sys/class/power_supply"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, "untold"),
        ({"AC/type": "Mains\n", "AC/online": "1\n"}, "mains"),
        (
            {"AC/type": "Mains\n", "AC/online": "1\n", "BAT0/type": "Battery\n", "BAT0/capacity": "64\n"},
            "mains_battery",
        ),
        ({"AC/type": "Mains\n", "AC/online": "0\n", "BAT0/type": "Battery\n", "BAT0/capacity": "64\n"}, "on_battery"),
        ({"BAT0/type": "Battery\n", "BAT0/capacity": "9\n", "BAT0/status": "Discharging\n"}, "on_battery"),
        ({"mouse/type": "Battery\n", "mouse/scope": "Device\n", "mouse/capacity": "9\n"}, "untold"),
    ],
)
def test_power_is_what_the_machine_tells(system, files: dict[str, str], found: str) -> None:
    assert check_power(system({f"{SUPPLY}/{name}": text for name, text in files.items()})).detail == found


# ---- office ----


def test_an_office_on_this_machine_that_answers_passes(served: ServedOffice) -> None:
    contact = Contact(served.url, None)
    found = check_network(contact)
    assert found.detail == "good" and found.values["ms"]
    then = check_clock(contact, system=lambda: served.office.time + 1)
    assert then.detail == "good"


def test_a_clock_that_was_lost_fails_by_so_many_seconds(served: ServedOffice) -> None:
    found = check_clock(Contact(served.url, None), system=lambda: 0.0)
    assert found.detail == "off"
    assert int(found.values["seconds"]) >= served.office.time - 60


def test_an_office_that_is_away_fails_and_the_clock_cannot_be_told() -> None:
    contact = Contact("http://127.0.0.1:9", None)
    assert check_network(contact) == Finding(Part.NETWORK, "no_answer", {"host": "127.0.0.1"})
    assert check_clock(contact).detail == "no_office"


def test_an_office_that_takes_the_call_and_says_nothing_ends_by_its_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        contact = Contact(f"http://127.0.0.1:{silent.getsockname()[1]}", None)
        assert within(30, Part.NETWORK, lambda: check_network(contact)).detail == "no_answer"


def test_a_name_that_nobody_has_is_told_as_a_name() -> None:
    found = check_network(Contact("http://office.invalid", None))
    assert found == Finding(Part.NETWORK, "no_name", {"host": "office.invalid"})


def test_something_else_at_the_office_s_address_is_told_as_such(served: ServedOffice) -> None:
    contact = Contact(served.url + "/elsewhere", None)
    assert check_network(contact).detail == "not_an_office"
    assert check_clock(contact).detail == "no_key"


# ---- papers ----


@pytest.mark.parametrize("width", [576, 512])
@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_code_can_be_read_off_its_paper(language, width: int) -> None:
    from devices.scanner.picture import read_codes

    code = new_code()
    paper = lay_out_code(code, language, width)
    assert paper.width_dots == width
    assert read_codes(paper.to_image()) == [code]
    assert new_code() != code


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_slip_has_a_mark_and_a_line_for_every_part(language) -> None:
    def slip(**details: str) -> Raster:
        printed_at = PrintedAt(1_795_000_000, trusted=True)
        findings = selftest_findings(**details)
        signed = signed_readiness(findings)
        return lay_out_slip(
            findings, language, width_dots=512, terminal="T-03", site="", printed_at=printed_at, signed=signed
        )

    ready, trouble = slip(), slip(disk="failing")
    assert ready.width_dots == 512
    assert any(ready.data) and ready.data != trouble.data


@pytest.mark.parametrize("width", [576, 512])
def test_the_code_of_the_result_can_be_read_off_its_paper_and_is_missing_where_nothing_signs(width: int) -> None:
    from devices.scanner.picture import read_codes

    findings = selftest_findings(network="not_an_office", touch="missed", clock="no_office")

    def codes(signed: str | None) -> list[bytes]:
        printed_at = PrintedAt(1_795_000_000, trusted=True)
        paper = lay_out_slip(
            findings, "ar", width_dots=width, terminal="T-03", site="", printed_at=printed_at, signed=signed
        )
        assert paper.width_dots == width
        return read_codes(paper.to_image())

    signed = signed_readiness(findings)
    assert codes(signed) == [signed.encode()]
    assert codes(None) == []


# ---- reports ----

NOTHING_YET = Readiness(1_795_000_000, "T-03", (Result(Part.DISK, Outcome.PASSED, "good"),))


def test_reports_wait_for_the_office_and_the_oldest_go_first(tmp_path: Path) -> None:
    for at in range(KEPT + 3):
        keep(tmp_path, Readiness(NOTHING_YET.taken + at, "T-03", NOTHING_YET.results))
    kept = [decode_readiness(path.read_bytes()).taken - NOTHING_YET.taken for path in waiting(tmp_path)]
    assert kept == list(range(3, KEPT + 3))
    link = OfficeLink("http://127.0.0.1:9")
    assert not send_waiting(tmp_path, link)
    assert len(waiting(tmp_path)) == KEPT
    link.close()


def test_two_reports_of_one_second_both_wait(tmp_path: Path) -> None:
    """A second self-test within the second replaced the report that the office had not taken."""
    other = Readiness(NOTHING_YET.taken, "T-03", (Result(Part.DISK, Outcome.FAILED, "full"),))
    for readiness in (NOTHING_YET, other):
        keep(tmp_path, readiness)
    assert [decode_readiness(path.read_bytes()) for path in waiting(tmp_path)] == [NOTHING_YET, other]


def test_a_disk_that_takes_no_report_says_so(small_disk: Path) -> None:
    (small_disk / "all").write_bytes(bytes(1 << 20))
    with pytest.raises(OSError, match="No space"):
        keep(small_disk, NOTHING_YET)
    assert waiting(small_disk) == []


@pytest.mark.parametrize(
    ("language", "two", "eleven"),
    [("ar", "بمقدار ثانيتين", "بمقدار 11 ثانية"), ("fr", "2 s", "11 s"), ("en", "2 s", "11 s")],
)
def test_what_a_check_counts_agrees_with_its_number(language: ScreenLanguage, two: str, eleven: str) -> None:
    """It said «2 ثانية», where Arabic has a dual."""
    for seconds, words in ((2, two), (11, eleven)):
        told = said(Finding(Part.CLOCK, "good", {"seconds": seconds}), words_of(language))
        assert words in told.translate(dict.fromkeys(range(0x2066, 0x206A)))
