"""A key in a TPM 2.0: swtpm, a whole one in software, through the same tools as a real one."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.contract.enrolment import parse_enrolment
from kiosk import tpm
from kiosk.identity import Identity, IdentityWrong
from provisioning.enrolment import Enrolling
from provisioning.failures import EnrolmentFailed, Why
from provisioning.keys import HANDLES, best_place
from provisioning.renewal import renew_key

from .enrolled import EnrolledTerminal
from .enrolling_office import EnrollingOffice


def two_free_ports() -> int:
    """Return a free port whose next one is free as well: the tools look for the control channel there."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture
def chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    state = tmp_path / "chip"
    state.mkdir()
    port = two_free_ports()
    command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}", "--flags", "not-need-init,startup-clear"]
    command += ["--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={port + 1}"]
    running = subprocess.Popen(command)
    monkeypatch.setenv("TPM2TOOLS_TCTI", f"swtpm:host=127.0.0.1,port={port}")
    until = time.monotonic() + 20
    while True:
        try:
            tpm.run("tpm2_getcap", "handles-persistent")
            break
        except tpm.TPMFailed:
            assert time.monotonic() < until, "no TPM"
            time.sleep(0.02)
    yield
    running.kill()
    running.wait()


def enrol(office: EnrollingOffice, data: Path, **how) -> Identity:
    code = parse_enrolment(office.code())
    return Enrolling(data, code, lambda _: None, sleep=lambda _: None, **how).run()


@pytest.mark.usefixtures("chip")
def test_the_key_never_leaves_the_chip(office: EnrollingOffice, tmp_path: Path) -> None:
    assert best_place() == "tpm"
    identity = enrol(office, tmp_path / "data")
    assert identity.key == "tpm"
    assert identity.handle in HANDLES
    assert {path.name for path in identity.folder.iterdir()} == {"identity.json", "ca.pem", "keys.cbor"}
    terminal = EnrolledTerminal(office, tmp_path / "data")
    assert terminal.round(), "signed by the chip, judged by the office"
    terminal.close()


@pytest.mark.usefixtures("chip")
def test_a_key_in_the_chip_is_renewed_there(office: EnrollingOffice, tmp_path: Path) -> None:
    identity = enrol(office, tmp_path / "data")
    renewed = renew_key(tmp_path / "data")
    assert renewed.handle != identity.handle
    assert renewed.keyid != identity.keyid
    with pytest.raises(tpm.TPMFailed):
        tpm.public_point(identity.handle)
    terminal = EnrolledTerminal(office, tmp_path / "data")
    assert terminal.round()
    terminal.close()


@pytest.mark.usefixtures("chip")
def test_keys_that_a_killed_enrolment_left_in_the_chip_are_freed(office: EnrollingOffice, tmp_path: Path) -> None:
    for turn in range(len(HANDLES) + 2):
        data = tmp_path / f"machine-{turn}"
        enrol(office, data)  # of whose folder the chip knows nothing: as if it had been wiped
    assert len(tpm.run("tpm2_getcap", "handles-persistent").splitlines()) == 1


@pytest.mark.usefixtures("chip")
def test_a_chip_that_was_cleared_is_said(office: EnrollingOffice, tmp_path: Path) -> None:
    identity = enrol(office, tmp_path / "data")
    tpm.run("tpm2_evictcontrol", "-Q", "-C", "o", "-c", hex(identity.handle))
    read = Identity.read(tmp_path / "data")
    assert read is not None
    with pytest.raises(IdentityWrong, match="not in the TPM"):
        read.sign(b"")


def test_a_chip_that_does_not_answer_is_said_and_a_file_may_do(
    office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TPM2TOOLS_TCTI", "swtpm:host=127.0.0.1,port=1")
    with pytest.raises(EnrolmentFailed) as failed:
        enrol(office, tmp_path / "data")
    assert failed.value.why is Why.TPM
    assert enrol(office, tmp_path / "data", place="file").key == "file"


def test_without_a_chip_or_its_tools_the_key_lies_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TPM2TOOLS_TCTI", "swtpm")
    monkeypatch.setenv("PATH", "/nowhere")
    assert best_place() == "file"
    with pytest.raises(tpm.TPMFailed, match="FileNotFoundError"):
        tpm.run("tpm2_getcap", "handles-persistent")
