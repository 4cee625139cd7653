"""escpos-tools (PHP) reads our bytes to the same dots as our virtual printer: `make judges`, which brings it."""

import socket
import subprocess
from pathlib import Path

import pytest

from devices import Raster
from devices.address import File
from devices.printer.printer import open_printer
from devices.testpage import page
from tests.devices.peers import WAIT, new_printer, receipt, wait_until

__all__ = ["new_printer"]

FOLDER = Path(__file__).parents[2] / "build/judges/escpos-tools"


def _inked(raster: Raster) -> list[bytes]:
    """Its rows with ink, without their blank edges: where an image stands, only a printer knows."""
    width = raster.row_bytes
    rows = (raster.data[at : at + width].strip(b"\0") for at in range(0, len(raster.data), width))
    return [row for row in rows if row]


def _judged(job: Path, folder: Path) -> list[bytes]:
    folder.mkdir()
    command = ["php", f"{FOLDER}/escimages.php", "--file", str(job), "--pbm", "-o", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=WAIT)
    inked: list[bytes] = []
    for picture in sorted(folder.iterdir(), key=lambda path: int(path.stem.rsplit("-", 1)[1])):
        _, size, data = picture.read_bytes().split(b"\n", 2)
        width, rows = map(int, size.split())
        inked += _inked(Raster(width, rows, data))
    return inked


@pytest.mark.parametrize("document", [receipt(700), page(576, "tcp:192.0.2.1:9100")], ids=["receipt", "test page"])
def test_it_sees_the_very_dots(document: Raster, new_printer, tmp_path: Path) -> None:
    job = tmp_path / "job.bin"
    open_printer(File(job)).print(document, lambda: None, lambda rows: None)
    peer = new_printer()
    with socket.create_connection((peer.host, peer.port)) as client:
        client.sendall(job.read_bytes())
        wait_until(lambda: len(peer.papers()) == 1)
    assert _judged(job, tmp_path / "pictures") == _inked(peer.papers()[0])
