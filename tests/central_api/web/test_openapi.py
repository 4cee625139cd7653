"""The route table's own document, judged by schemathesis against the running server."""

import json
import subprocess
import sys

import requests

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


def test_a_stranger_is_refused_at_every_route_that_is_not_for_anyone(served: Running):
    """One who signs nothing and has no key, and whom a proxy brought: not even loopback helps him."""
    paths = json.loads(served.get("/openapi.json").content)["paths"]
    guarded = [
        (path, method, *told.get("requestBody", {}).get("content", ()))
        for path, methods in paths.items()
        for method, told in methods.items()
        # Whoever has an enrolment's code is a stranger still; the code is judged in test_terminals.py.
        if told["x-caller"] != "anyone" and (path, method) != ("/v1/enrolments", "post")
    ]
    assert len(guarded) >= 15
    for path, method, *kinds in guarded:
        headers = {"x-forwarded-for": "203.0.113.9", "content-type": kinds[0] if kinds else ""}
        answer = requests.request(method, served.url + path, data=b"{}", headers=headers, timeout=20)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
