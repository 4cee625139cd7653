"""The virtual printer before clients that are not ours."""

import socket

import pytest
from escpos.printer import Network
from PIL import Image

from devices import Ready
from devices.address import Tcp
from devices.printer.printer import open_printer
from tests import forked
from tests.devices.peers import WAIT, new_printer, receipt, wait_until

__all__ = ["new_printer"]


def test_python_escpos_prints_an_image_and_asks_for_the_paper(new_printer):
    peer = new_printer()
    picture = Image.new("1", (200, 120), 1)
    picture.paste(0, (20, 20, 60, 100))
    client = Network(peer.host, peer.port, timeout=10)
    client.image(picture, impl="bitImageRaster")
    client.cut()
    wait_until(lambda: len(peer.papers()) == 1)
    assert client.paper_status() == 2  # adequate
    assert client.is_online()
    client.close()

    paper = peer.papers()[0].to_image()
    box = paper.convert("L").point(lambda light: 255 - light).getbbox()
    assert box is not None
    assert (box[0], box[2] - box[0], box[3] - box[1]) == (20, 40, 80)


def test_python_escpos_is_told_of_an_empty_roll(new_printer):
    peer = new_printer("--fault", "paper-out")
    client = Network(peer.host, peer.port, timeout=10)
    client.open()
    assert client.paper_status() == 0
    assert not client.is_online()
    client.close()


def test_its_buffer_is_as_small_as_a_real_one(new_printer):
    """A printer without paper takes a few kilobytes and no more: "sent" is not "printed"."""
    peer = new_printer("--fault", "paper-out")
    with socket.create_connection((peer.host, peer.port), timeout=0.5) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with pytest.raises(TimeoutError):
            client.sendall(b"\n" * 400_000)
        assert peer.state["received"] == peer.state["buffered"] == 4096


def test_it_tells_what_it_is_and_counts_what_it_does_not_know(new_printer):
    peer = new_printer()
    with socket.create_connection((peer.host, peer.port), timeout=WAIT) as client:
        client.sendall(b"\x1dI\x43" + b"\x1d\xff" + b"\x1d(k\x03\x00\x01\x02\x03" + b"Hi\n" + b"\x1dr\x01")
        expected = b"_VIRTUAL-80\x00\x00"
        assert client.makefile("rb").read(len(expected)) == expected
    state = peer.state
    assert state["not_known"] == {"1d ff": 1, "1d 28 6b": 1}
    assert state["text_bytes"] == 2


def test_a_roll_ends_and_what_hangs_out_is_kept(new_printer):
    peer = new_printer("--roll", "20")
    with socket.create_connection((peer.host, peer.port), timeout=WAIT) as client:
        client.sendall(b"\x1dv0\x00\x01\x00\xff\x00" + b"\xff" * 255)
        wait_until(lambda: peer.state["paper_out"])
    peer.process.terminate()
    peer.process.wait(WAIT)
    assert [path.name for path in peer.paper.iterdir()] == ["paper-0001-uncut.png"]


def test_the_control_port_refuses_what_it_does_not_know(new_printer):
    peer = new_printer()
    assert "error" in peer.command("fault earthquake")
    assert peer.command("fault near-end")["near_end"]
    assert peer.command("roll 500")["near_end"]
    assert not peer.command("clear")["near_end"]


def test_the_program_refuses_wrong_use(tmp_path):
    base = ("devices", "printer", "--paper", str(tmp_path))
    wrong = forked.run(*base, "--listen", "127.0.0.1:0", "--fault", "earthquake")
    assert wrong.returncode == 2
    assert "paper-out" in wrong.stderr
    taken = socket.create_server(("127.0.0.1", 0))
    with taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        busy = forked.run(*base, "--listen", address)
    assert busy.returncode == 1
    assert "cannot start" in busy.stderr


def test_two_clients_take_turns(new_printer):
    peer = new_printer()
    first = open_printer(Tcp(peer.host, peer.port))
    assert first.connect() == Ready()
    first.print(receipt(80), lambda: None, lambda rows: None)
    first.close()
    second = open_printer(Tcp(peer.host, peer.port))
    assert second.connect() == Ready()
    second.print(receipt(80), lambda: None, lambda rows: None)
    second.close()
    assert len(peer.papers()) == 2
