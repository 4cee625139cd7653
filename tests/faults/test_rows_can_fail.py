"""The fault table is worth something only if a driver that lies turns it red."""

import os
import subprocess
import sys

ROWS = (
    "tests/faults/test_scanner_rows.py",
    "tests/faults/test_keypad_rows.py",
    "tests/faults/test_camera_rows.py",
    "tests/devices/card/test_reader_faults.py",
)


def test_a_driver_that_always_answers_ready_turns_every_row_red() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "tests.faults.always_ready", "-p", "no:cacheprovider", "-n", "4"]
    # What fails at once covers nothing, and each of its processes would take care to count it.
    uncounted = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [*command, "--no-cov", "-rA", "--tb=no", "-m", "fault", *ROWS],
        env=uncounted,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    results = [line.split()[0] for line in done.stdout.splitlines() if line.startswith(("PASSED", "FAILED", "ERROR"))]
    assert results.count("FAILED") >= 60, done.stdout + done.stderr
    assert "PASSED" not in results, done.stdout  # that its peers ended in time besides is no row
