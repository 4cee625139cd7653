"""A large file of which a tenth is wrong: every good row counts, every wrong one comes back, in constant memory.

ISTILAM_IMPORT_ROWS says how many rows (`make soak`: a million).
"""

import csv
import os
import tracemalloc
from pathlib import Path

from central_api.imports import import_file
from central_api.store import Office

ROWS = int(os.environ.get("ISTILAM_IMPORT_ROWS", "6000"))
WRONG = (
    "legacy_permits,{0},submit,not a time,work_permits,renewal,beirut",
    "legacy_permits,{0},submit,2026-03-02T09:30:00+02:00,work_permits,nothing,beirut",
    "legacy_permits,{0},approve,2026-03-02T09:30:00+02:00,,,",
    "nobody,{0},submit,2026-03-02T09:30:00+02:00,work_permits,renewal,beirut",
    'legacy_permits,{0},"submit',
)


def test_a_tenth_is_refused_with_its_reason_and_the_rest_counts(office: Office, tmp_path: Path):
    path = tmp_path / "old.csv"
    with path.open("w") as file:
        file.write("system,legacy_number,action,at,family,kind,region\n")
        for number in range(ROWS):
            # An open quotation swallows what follows it, so it stands last.
            wrong = WRONG[number // 10 % 4] if number < ROWS - 1 else WRONG[4]
            good = "legacy_permits,{0},submit,2026-03-02T09:30:00+02:00,work_permits,renewal,beirut"
            file.write((wrong if number % 10 == 9 else good).format(f"P-{number}") + "\n")
    tracemalloc.start()
    done = import_file(office, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (done.read, done.applied, done.refused) == (ROWS, ROWS - ROWS // 10, ROWS // 10)
    assert most < 24 << 20
    assert done.refused_file is not None
    with done.refused_file.open(newline="") as file:
        refused = list(csv.reader(file))[1:]
    assert [int(row[0]) for row in refused] == list(range(11, ROWS + 2, 10))
    assert all(row[1] for row in refused)
    again = import_file(office, path)
    assert (again.applied, again.unchanged, again.refused) == (0, done.applied, done.refused)
