"""The dock's card slot before a real pcscd."""

import threading
from pathlib import Path
from typing import Any

import pytest

from devices.dock.board import Board
from devices.dock.cards import CardSlot
from devices.dock.reader import VirtualReader
from tests.devices.card.peers import MOUNTS, Pcscd, pcscd  # noqa: F401 - a fixture
from tests.journeys.people import free_port, wait_for


def told(board: Board) -> dict[str, Any]:
    news = board.wait(0, 0, 0)
    return {} if news is None else news.parts["card"]


def test_a_card_is_inserted_and_taken_out(pcscd: Pcscd, tmp_path: Path) -> None:  # noqa: F811
    board = Board()
    slot = CardSlot(pcscd.vpcd, tmp_path / "pki", board)
    wait_for("the reader", lambda: told(board)["reader"])
    assert slot.insert("uid", "none")
    wait_for("the card in the reader", lambda: told(board)["connected"])
    assert told(board)["kind"] == "uid"
    assert slot.insert("mute", "slow")
    wait_for("the other card", lambda: told(board)["connected"] and told(board)["kind"] == "mute")
    slot.remove()
    assert not told(board)["inserted"]
    slot.close()


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
def test_a_reader_that_was_mended_outlives_the_page_that_mended_it(tmp_path: Path) -> None:
    board, reader = Board(), VirtualReader(None, tmp_path / "pcsc")
    slot = CardSlot(reader.vpcd, tmp_path / "pki", board)
    closed = threading.Event()
    page = threading.Thread(target=lambda: (reader.change("stopped"), reader.change("none"), closed.wait()))
    page.start()
    wait_for("the reader", lambda: told(board)["reader"])
    closed.set()
    page.join()
    wait_for("the page's end", lambda: not Path(f"/proc/self/task/{page.native_id}").exists())
    assert slot.insert("uid", "none")
    wait_for("the card in the reader", lambda: told(board)["connected"])
    slot.close()
    reader.close()


def test_without_a_reader_no_card_goes_in(tmp_path: Path) -> None:
    board = Board()
    slot = CardSlot(f"127.0.0.1:{free_port()}", tmp_path / "pki", board)
    assert not slot.insert("uid", "none")
    assert not told(board)["reader"]
    slot.remove()
    slot.tear()
    slot.close()


@pytest.mark.parametrize("where", ["no port", "127.0.0.1:99999"])
def test_what_is_no_address_is_refused(tmp_path: Path, where: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        CardSlot(where, tmp_path, Board())
