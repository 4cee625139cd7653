"""`python docs/sample_content.py`: write kiosk/sample_content.cbor, the office's sample as a terminal reads it.

For the terminal's pictures and tests, which know nothing of the office. A test fails when it is stale.
"""

from dataclasses import replace
from pathlib import Path

from central_api.content import join_tables, read_content, sample
from central_api.contract.content_bytes import encode_content
from central_api.workflow import shipped_tables

FILE = Path(__file__).resolve().parent.parent / "kiosk/sample_content.cbor"
SINCE = 1_793_520_000  # 1 November 2026, as the samples' other dates


def made() -> bytes:
    """Return the bytes of the sample, unsigned."""
    content = join_tables(read_content(sample(), "sample.toml"), shipped_tables())
    return encode_content(replace(content, number=7, effective=SINCE))


if __name__ == "__main__":
    FILE.write_bytes(made())
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")
