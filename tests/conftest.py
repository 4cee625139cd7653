"""For every test: hypothesis judges no example by a clock, because no test asserts how long something takes."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

LONGEST = (
    "journeys",
    "devices/dock",
    "faults",
    "devices",
    "provisioning",
    "kiosk/test_random_visits.py",
    "kiosk/test_app.py",
    "central_api/console",
    "central_api/web",
)
"""What starts programs, windows and browsers, the longest first."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the long files where processes share them: one that began last would leave one alone at work."""
    if not hasattr(config, "workerinput"):
        return

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((at for at, start in enumerate(LONGEST) if path.startswith(start)), len(LONGEST))

    items.sort(key=rank)


IN_MEMORY = Path("/dev/shm")
ROOM = 2 << 30


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory, where it has room and lets programs run; `--basetemp` says where else.

    Office and terminal flush each change to the disk, thousands of times in these tests. Nothing here takes the disk's
    power away: who is killed leaves the same behind in memory.
    """
    if config.option.basetemp is not None or hasattr(config, "workerinput") or not _has_room():
        return
    folder = tempfile.mkdtemp(prefix="tests-", dir=IN_MEMORY)
    config.option.basetemp = folder
    config.stash[_FOLDER] = folder


_FOLDER = pytest.StashKey[str]()


def _has_room() -> bool:
    if not (os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM):
        return False
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        program = shutil.copy("/bin/true", folder)
        try:
            return subprocess.run([program], check=False).returncode == 0
        except PermissionError:
            return False


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing in memory: whoever wants to look at what a test wrote says `--basetemp`."""
    if (folder := config.stash.get(_FOLDER, None)) is not None:
        shutil.rmtree(folder, ignore_errors=True)
