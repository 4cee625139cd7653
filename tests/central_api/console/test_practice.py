"""An office to learn in: its own data and keys, a frame around every page, and slips that a live terminal refuses."""

import json
from pathlib import Path

import pytest
import requests

from central_api.contract.errors import ContractError
from central_api.contract.slips import parse_slip
from central_api.demo import build_demo
from central_api.store import open_office
from tests.central_api.web.running import running

from .staff import Person, sign_in


def test_practice_has_its_own_data_and_keys_and_a_frame(tmp_path: Path):
    data = tmp_path / "office"
    with open_office(data) as live:
        host, root = live.settings.host, live.root_public
    # Smaller than the one that `serve --practice` makes by itself: that takes longer than the rest of this.
    build_demo(data / "practice", today=1_795_000_000, applications=600, reported=60, host=f"PRACTICE.{host}")
    with running(data, "--practice") as served:
        page = requests.get(served.url + "/console/sign-in?lang=en", timeout=20).text
        assert '<body class="practice">' in page
        assert "nothing here is real" in page
        assert requests.get(served.url + "/v1/office", timeout=20).json()["root_key"] != root.hex()
        with open_office(data / "practice") as practice:
            given = practice.submit("work_permits", "renewal", region="beirut", phone=None)
            with pytest.raises(ContractError):
                parse_slip(given.slip_url, [host])
            rita = json.loads((data / "practice" / "staff.json").read_text())["rita"]
            person = Person("rita", 1, rita["totp"], served.url)
            assert sign_in(practice, person, served.url, rita["password"]).status_code == 200
        assert (data / "practice" / "staff.json").stat().st_mode & 0o077 == 0
    with open_office(data) as live:
        assert live.own_reader.execute("SELECT count(*) FROM application").fetchone() == (0,)
