"""Lies first on the path of the dock's processes: while a file is there, every driver that starts is a liar.

The liar answers "ready" and does nothing (tests/faults/always_ready.py).
"""

import os
import sys
from pathlib import Path

if "devices.driver" in sys.orig_argv and Path(os.environ["ISTILAM_TEST_LIAR"]).exists():
    at = sys.orig_argv.index("devices.driver")
    os.execv(sys.executable, [sys.executable, "-m", "tests.faults.always_ready", *sys.orig_argv[at + 1 :]])
