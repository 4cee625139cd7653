"""The head that is posted each day: what bears witness against a register whose tail was cut, or that was forked."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from central_api.__main__ import main
from central_api.publish import Broken, Intact, audit_verify, publish_pending
from central_api.publish.heads import due, heads_in, post_head, send_heads
from central_api.store import NoOffice, Office, open_office
from central_api.web import nightly
from central_api.web.desk import Desk
from central_api.workflow.calendar import BEIRUT
from tests.central_api.web.running import running, until

from .conftest import Clock


def submit(office: Office, times: int = 1) -> None:
    for _ in range(times):
        office.submit("work_permits", "renewal", region="north", phone=None)
    publish_pending(office)


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BEIRUT).timestamp())


def verify(office: Office) -> Intact | Broken:
    return audit_verify(office, None, heads_in(office.data / "heads").values())


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-22T18:00", "2026-11-22"),
        ("2026-11-22T23:59", "2026-11-22"),
        ("2026-11-23T17:59", "2026-11-22"),
        ("2026-03-29T01:30", "2026-03-28"),  # the night in which an hour is left out
        ("2026-01-01T00:00", "2025-12-31"),
    ],
)
def test_from_the_hour_on_the_day_has_its_head(now: str, day: str):
    assert due(moment(now), 18) == day


def test_a_cut_tail_is_found_by_any_later_head_although_no_receipt_of_it_is_known(office: Office, clock: Clock):
    submit(office, 3)
    assert post_head(office, "2026-11-20")
    assert not post_head(office, "2026-11-20")
    submit(office, 2)
    assert post_head(office, "2026-11-21")
    assert (office.data / "heads" / "2026-11-21.txt").read_text().startswith(due(clock.now, 0))
    assert isinstance(verify(office), Intact)
    for sql in (
        "DELETE FROM event WHERE seq = 5",
        "DELETE FROM personal WHERE event = 5",
        "DELETE FROM application WHERE id = 5",
        "DELETE FROM sealed WHERE version = 5",
    ):
        office.execute_write(lambda c, sql=sql: c.execute(sql)).result()
    # Cut whole, the register looks as if the fifth had never been: only the witness knows.
    assert isinstance(audit_verify(office), Intact)
    found = verify(office)
    assert isinstance(found, Broken)
    assert found.event == 5


def test_a_forked_history_is_found_by_the_head_of_the_other_branch(office: Office, tmp_path: Path):
    submit(office, 2)
    office.close()
    shutil.copytree(office.data, tmp_path / "fork")
    with open_office(office.data) as ours, open_office(tmp_path / "fork") as theirs:
        submit(ours, 2)
        submit(theirs, 3)
        assert isinstance(audit_verify(ours), Intact)
        assert isinstance(audit_verify(theirs), Intact)
        post_head(theirs, "2026-11-22")
        shutil.copytree(theirs.data / "heads", ours.data / "heads")
        found = verify(ours)
        assert isinstance(found, Broken)
        assert found.event == 5
        submit(ours, 4)
        found = verify(ours)
        assert isinstance(found, Broken)
        assert "rewritten" in found.what


def test_serve_posts_it_by_itself_and_the_command_holds_the_register_to_it(tmp_path: Path):
    data, posted = tmp_path / "office", tmp_path / "elsewhere"
    with open_office(data) as office:
        submit(office)
    settings = data / "office.toml"
    settings.write_text(settings.read_text().replace('folder = ""', f'folder = "{posted}"'))
    with running(data) as served:
        until(lambda: len(list(posted.glob("*.head"))) == 1)
        until(lambda: "head posted" in served.logged())
    assert main(["audit", "verify", "--data", str(data), "--json"]) == 0
    with open_office(data) as office:
        office.execute_write(lambda c: c.execute("UPDATE event SET body = body || x'00' WHERE seq = 1")).result()
    assert main(["audit", "verify", "--data", str(data), "--head", str(posted)]) == 1


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path):
    data = tmp_path / "office"
    with open_office(data):
        (data / "heads").write_text("a file where the folder should be")
    with running(data) as served:
        until(lambda: "head not posted" in served.logged())
        assert served.get("/v1/health").status_code == 200


def test_a_witness_that_was_taken_away_is_said_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data, posted = tmp_path / "office", tmp_path / "elsewhere"
    with open_office(data) as office:
        submit(office)
    # Nothing was posted yet: said, and no fault.
    assert main(["audit", "verify", "--data", str(data)]) == 0
    assert "NO HEAD BEARS WITNESS" in capsys.readouterr().out
    for gone in (posted, tmp_path):
        assert main(["audit", "verify", "--data", str(data), "--head", str(gone), "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert (told["error"], told["intact"], told["heads"]) == ("no_witness", True, 0)
    settings = data / "office.toml"
    settings.write_text(settings.read_text().replace('folder = ""', f'folder = "{posted}"'))
    assert main(["audit", "verify", "--data", str(data)]) == 1
    assert "is not there" in capsys.readouterr().err
    with open_office(data) as office:
        post_head(office, "2026-11-22")
    assert main(["audit", "verify", "--data", str(data)]) == 0
    assert "heads held: 1, the newest 2026-11-22" in capsys.readouterr().out


class Keeper(ThreadingHTTPServer):
    """A server of somebody else that keeps what it is sent; `answer` is its status."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.answer = 201
        super().__init__(("127.0.0.1", 0), Keeping)


class Keeping(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        keeper = self.server
        assert isinstance(keeper, Keeper)
        body = self.rfile.read(int(self.headers["content-length"]))
        if keeper.answer == 201:
            keeper.kept[self.path] = body
        self.send_response(keeper.answer)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with Keeper() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_second_witness_gets_every_head_once_it_can_be_reached(
    tmp_path: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
):
    data = tmp_path / "office"
    with open_office(data) as office:
        submit(office)
    settings, address = data / "office.toml", f"http://127.0.0.1:{keeper.server_port}/labour"
    settings.write_text(settings.read_text().replace('witness = ""', f'witness = "{address}"'))
    monkeypatch.setattr(nightly, "LOOK_SECONDS", 0.02)
    with open_office(data) as office:
        post_head(office, "2026-11-20")
        keeper.answer = 503
        with pytest.raises(OSError, match="503"):
            send_heads(office)
        post_head(office, "2026-11-21")
        keeper.answer = 201
        thread = nightly.Nightly(Desk(office))
        thread.start()
        until(lambda: len(keeper.kept) == 2)
        thread.stop()
        assert send_heads(office) == []
        assert keeper.kept == {f"/labour/{day}.head": body for day, body in heads_in(data / "heads").items()}


def test_an_address_that_is_none_is_named(tmp_path: Path):
    with open_office(tmp_path):
        settings = tmp_path / "office.toml"
    settings.write_text(settings.read_text().replace('witness = ""', 'witness = "elsewhere"'))
    with pytest.raises(NoOffice, match=r"heads\.witness"):
        open_office(tmp_path)
