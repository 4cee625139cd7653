"""What a machine tells of itself, from made-up trees of its system's files."""

from pathlib import Path

import pytest

from kiosk.machine import Power, boot_id, disk_free, machine_name, read_power, temperature


def supply(root: Path, name: str, **files: str) -> None:
    folder = root / "sys/class/power_supply" / name
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_text(content + "\n")


BATTERY = {"type": "Battery", "capacity": "63"}
MOUSE = BATTERY | {"scope": "Device", "capacity": "5"}


@pytest.mark.parametrize(
    ("supplies", "told"),
    [
        ({}, Power()),
        ({"AC": {"type": "Mains", "online": "1"}}, Power(mains=True)),
        ({"AC": {"type": "Mains", "online": "0"}, "BAT0": BATTERY}, Power(mains=False, battery=63)),
        ({"ups": BATTERY | {"status": "Discharging"}}, Power(mains=False, battery=63)),
        ({"ups": BATTERY | {"status": "Full"}, "ups2": BATTERY | {"capacity": "20"}}, Power(mains=True, battery=20)),
        ({"mouse": MOUSE}, Power()),
        ({"odd": {"type": "Battery", "capacity": "?"}}, Power()),
    ],
)
def test_mains_and_battery(tmp_path: Path, supplies: dict[str, dict[str, str]], told: Power) -> None:
    for name, files in supplies.items():
        supply(tmp_path, name, **files)
    assert read_power(tmp_path) == told


def test_the_warmest_place_counts(tmp_path: Path) -> None:
    assert temperature(tmp_path) is None
    for number, told in enumerate(("41500", "63900", "broken")):
        zone = tmp_path / "sys/class/thermal" / f"thermal_zone{number}"
        zone.mkdir(parents=True)
        (zone / "temp").write_text(told)
    assert temperature(tmp_path) == 639


def test_a_machine_is_named_for_one_office_alone(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    assert machine_name("a" * 32, tmp_path) == machine_name("a" * 32, tmp_path)
    assert machine_name("a" * 32, tmp_path) != machine_name("b" * 32, tmp_path)
    assert len(machine_name("a" * 32, tmp_path)) == 8


def test_this_machine(tmp_path: Path) -> None:
    assert boot_id() == boot_id() != ""
    assert (disk_free(tmp_path) or 0) > 0
    assert disk_free(tmp_path / "nowhere") is None
    assert boot_id(tmp_path) == ""
