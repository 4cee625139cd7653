"""How long after an officer's key a step of a file stands on the screen of a terminal that is on, and in its vault."""

import re
import secrets
import tempfile
import time
from pathlib import Path

from central_api.store.deeds import seen_of
from kiosk.sync import POLL_EVERY, POLL_JITTER
from tests.central_api.console.staff import hire, sign_in
from tests.central_api.web.running import running
from tests.journeys.people import in_vault, standing, version_at, wait_for

from .figures import Figure, percentile

FILES = 8


def run() -> list[Figure]:
    screen: list[float] = []
    vault: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-steps-") as name:
        folder = Path(name)
        with running(folder / "office", "--loopback-terminals") as served, standing(folder, served.url) as terminal:
            office = served.office
            nada = hire(office, "nada", "registry/beirut")
            assert sign_in(office, nada, served.url).status_code == 200
            terminal.ready()
            csrf = re.findall(r'name="csrf" value="([^"]*)"', nada.get("/").text)[0]
            for _ in range(FILES):
                given = served.submit(language="ar")
                before = wait_for("the file in the vault", lambda slip=given.slip: in_vault(terminal.data, slip))
                terminal.ready()
                pressed = time.monotonic()
                form = {
                    "csrf": csrf,
                    "form": secrets.token_hex(8),
                    "seen": seen_of(office.known(given.tracking).standing),
                }
                assert nada.post(f"/files/{given.tracking}/accept", **form).url.endswith("done=accept")
                wait_for("the step", lambda s=given.slip, b=before: version_at(served.url, s) > b[0])
                # Once: the same code again within two seconds is the same slip under the beam.
                terminal.scanner.reads(given.slip_url)
                terminal.sees("ShowStatus", done=1)
                screen.append(time.monotonic() - pressed)
                terminal.presses("finish")
                wait_for("the step in the vault", lambda s=given.slip, b=before: in_vault(terminal.data, s) != b)
                vault.append(time.monotonic() - pressed)
    words = "an officer's form sent, until the status of his step is drawn: the slip comes once it is published"
    most = POLL_EVERY * (1 + POLL_JITTER)
    fed = f"over the feed, which is asked every {most:g} s at most"
    return [
        Figure("step on the terminal's screen, p95", percentile(screen, 95), "s", words, 2),
        Figure("step in the terminal's vault, p95", percentile(vault, 95), "s", fed, most + 1),
    ]
