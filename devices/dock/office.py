"""An office with invented applications, as a process, where none runs yet."""

import json
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from devices.simulators.card.pki import trusted

STOP_SECONDS: Final = 10.0


class OfficeFailed(Exception):
    """The office did not start; says what it wrote last."""


@contextmanager
def demonstration_office(data: Path, log: Path, *, port: int = 0, cards: Path | None = None) -> Generator[str]:
    """Its URL, until the block ends. Raises OfficeFailed.

    port: on loopback, 0 takes a free one. cards: folder of a country of virtual passports, which it will believe.
    """
    command = [sys.executable, "-m", "central_api", "serve", "--demo", "--data", str(data), "--port", str(port)]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        said = cast(IO[str], process.stdout)
        line = next((line for line in said if line.startswith("{")), "")
        if not line:
            raise OfficeFailed(log.read_text()[-1000:].strip())
        if cards is not None:
            shutil.copytree(trusted(cards), data / "csca", dirs_exist_ok=True)
        yield "http://" + json.loads(line)["listening"].removeprefix("http://").rstrip("/")
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
