"""The power of a machine, as the kernel tells of it in /sys/class/power_supply: a folder that stands for it."""

from pathlib import Path


class Machine:
    """A mains adapter and a battery, in `folder`/sys/class/power_supply."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._adapter = folder / "sys/class/power_supply/AC"
        self._battery = folder / "sys/class/power_supply/BAT0"
        for supply, kind in ((self._adapter, "Mains"), (self._battery, "Battery")):
            supply.mkdir(parents=True)
            (supply / "type").write_text(f"{kind}\n")
        (self._battery / "capacity").write_text("80\n")
        self.feed(True)

    def feed(self, mains: bool) -> None:
        """Mains on, or lost with the battery taking over."""
        (self._adapter / "online").write_text(f"{int(mains)}\n")
        (self._battery / "status").write_text("Full\n" if mains else "Discharging\n")
