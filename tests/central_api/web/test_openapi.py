"""The route table's own document, judged by schemathesis against the running server."""

import json
import subprocess
import sys

from .running import Running


def test_the_running_server_keeps_what_its_document_says(served: Running):
    # A made-up number rarely has its check digit, so well-formed JSON may still be refused: that one check is left out.
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json", "--checks=all"]
    options = ["--exclude-checks=positive_data_acceptance", "--max-examples=12", "--seed=1", "--no-color"]
    # It makes no CBOR: what these answer to any bytes is in test_terminals.py, test_cards.py and beside them.
    cbor = ("heartbeats", "readiness", "cards/judgements", "cards/codes", "cards/openings", "readers", "help")
    options += [f"--exclude-path=/v1/{path}" for path in cbor]
    # It leaves a folder of its own where it runs.
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, cwd=served.data.parent)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 25" in done.stdout


def test_every_route_is_in_the_document_and_says_who_may_ask(served: Running):
    paths = json.loads(served.get("/openapi.json").content)["paths"]
    terminals = {path for path, methods in paths.items() for one in methods.values() if one["x-caller"] != "anyone"}
    assert terminals == {
        "/v1/feed",
        "/v1/snapshot",
        "/v1/lookups",
        "/v1/enrolments",
        "/v1/enrolment",
        "/v1/settings",
        "/v1/heartbeats",
        "/v1/readiness",
        "/v1/key",
        "/v1/cards/challenges",
        "/v1/cards/judgements",
        "/v1/readers",
        "/v1/help",
        "/v1/cards/codes",
        "/v1/cards/openings",
        "/v1/imports",
    }
    assert "/v1/statuses/{slot}" in paths
