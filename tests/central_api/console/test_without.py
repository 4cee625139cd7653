"""Where the console is not installed, terminals and phones are served all the same."""

import json
import subprocess
import sys
from pathlib import Path

import requests

WITHOUT = """
import sys
for name in ("argon2", "jinja2", "pyotp", "python_multipart"):
    sys.modules[name] = None  # as if it were not installed
from central_api.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_an_office_without_the_console_serves_terminals_and_phones(tmp_path: Path):
    command = [sys.executable, "-c", WITHOUT, "serve", "--data", str(tmp_path / "office"), "--port", "0"]
    with subprocess.Popen([*command, "--loopback-terminals"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = json.loads(server.stdout.readline())["listening"]
            assert requests.get(url + "/v1/health", timeout=20).status_code == 200
            assert requests.get(url + "/v1/feed?after=0", timeout=20).status_code == 200
            assert requests.get(url + "/", timeout=20).status_code == 200
            assert requests.get(url + "/console/", timeout=20).status_code == 404
        finally:
            server.terminate()
    assert server.returncode == 0
    people = [sys.executable, "-c", WITHOUT, "people", "add", "x1", "--name", "X", "--data", str(tmp_path / "office")]
    assert subprocess.run(people, capture_output=True, check=False).returncode == 0
