"""The package's story: built twice, installed offline, booted, frozen, enrolled, upgraded, taken back, removed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from tests.provisioning.test_real_office import RealOffice, said

from .containers import Container, booted
from .roots import build_package, debian, install, run

UNITS = ("istilam-x", "istilam-kiosk", "istilam-firewall")
FIXED = ("state", "name", "keyid", "office", "statuses")
KEPT = ("vault.sqlite", "logbook.sqlite", "identity/identity.json", "identity/key.pem", "identity/ca.pem")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def next_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_package(tmp_path_factory.mktemp("next"), version="99.1")


@pytest.fixture(scope="module")
def terminal(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    folder = tmp_path_factory.mktemp("terminal")
    root = debian(folder / "root")
    install(root, package)
    with booted(root, folder / "boot.log") as container:
        yield container


@pytest.fixture(scope="module")
def office(terminal: Container, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealOffice]:
    """An office that the booted terminal can reach: on the loopback of its network, over TLS."""
    folder = tmp_path_factory.mktemp("office")
    network = ["nsenter", "--net", "-t", str(terminal.leader)]
    serve = [sys.executable, "-m", "central_api", "serve", "--data", str(folder / "data"), "--port", "0", "--tls"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([*network, *serve], stdout=subprocess.PIPE, stderr=log, text=True) as serving,
    ):
        try:
            yield RealOffice(folder / "data", said(serving)["listening"])
        finally:
            serving.terminate()


def test_two_builds_are_one_file(package: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    mask = os.umask(0o077)
    try:
        again = build_package(
            tmp_path / "out", TMPDIR=str(tmp_path / "elsewhere"), TZ="Asia/Beirut", LC_ALL="C", HOME=str(tmp_path)
        )
    finally:
        os.umask(mask)
    assert sha256(again.read_bytes()).hexdigest() == sha256(package.read_bytes()).hexdigest()


def test_it_holds_the_terminal_and_nothing_of_the_office(package: Path) -> None:
    listing = [line.split()[5] for line in run("dpkg-deb", "-c", package).splitlines()]
    libraries = "./usr/lib/istilam/lib/python3.11/site-packages/"
    ours = {name.removeprefix(libraries).split("/")[0] for name in listing if name.startswith(libraries)}
    assert {"kiosk", "devices", "provisioning", "central_api"} <= ours
    assert not ours & {"starlette", "uvicorn", "msgspec", "typst", "pip", "setuptools", "tests", "docs"}
    office = {name.split("/")[8] for name in listing if name.startswith(f"{libraries}central_api/") and name[-1] != "/"}
    assert office <= {"__init__.py", "__pycache__", "contract"}
    for name in listing:
        assert not name.startswith(("./var", "./opt", "./usr/local", "./home", "./etc")), name
        not_ours = tuple(f"{libraries}provisioning/{part}" for part in ("demo", "package", "appliance"))
        assert not name.startswith(not_ours), name


def test_it_starts_at_boot_and_says_that_home_is_drawn(terminal: Container) -> None:
    terminal.wait_for_home()
    assert terminal.shows("istilam-kiosk", "StatusText").startswith("showing ")
    assert terminal.shows("istilam-kiosk", "NRestarts") == "0"
    assert terminal.run("systemctl list-units --failed --no-legend --plain 'istilam*'") == ""


def test_without_settings_it_is_out_of_order_and_calm(terminal: Container) -> None:
    before = terminal.wait_for_home()
    terminal.wait("out of order", lambda: terminal.shows("istilam-kiosk", "StatusText") == "showing OutOfOrder")
    terminal.run("printf '\\0\\0\\0' > /etc/istilam/terminal.toml; systemctl restart istilam-kiosk")
    after = terminal.wait_for_home(other_than=before)
    terminal.wait("out of order", lambda: terminal.shows("istilam-kiosk", "StatusText") == "showing OutOfOrder")
    assert terminal.shows("istilam-kiosk", "MainPID") == after, "it goes on, and is not started again and again"
    assert "kiosk: /etc/istilam/terminal.toml:1: is not text" in terminal.run("journalctl -u istilam-kiosk --no-pager")
    terminal.run("cp /usr/share/istilam/terminal.toml /etc/istilam/terminal.toml; systemctl restart istilam-kiosk")
    terminal.wait_for_home(other_than=after)


def test_a_frozen_terminal_is_started_again(terminal: Container) -> None:
    frozen = terminal.wait_for_home()
    terminal.run(f"kill -STOP {frozen}")
    terminal.wait_for_home(other_than=frozen)
    assert "Failed with result 'watchdog'" in terminal.run("journalctl -u istilam-kiosk --no-pager")


def test_a_slow_terminal_is_not(terminal: Container) -> None:
    slow = terminal.wait_for_home()
    patience = int(terminal.shows("istilam-kiosk", "WatchdogUSec").removesuffix("s"))
    # Stopped for half of what the watchdog waits, twice: a sign of life in between is enough.
    for _ in range(2):
        terminal.run(f"kill -STOP {slow}")
        time.sleep(patience / 2)
        terminal.run(f"kill -CONT {slow}")
        time.sleep(2)
    assert terminal.shows("istilam-kiosk", "MainPID") == slow


def test_a_frozen_panel_is_started_again(terminal: Container) -> None:
    terminal.wait_for_home()
    panel = terminal.shows("istilam-x", "MainPID")
    before = terminal.shows("istilam-kiosk", "MainPID")
    terminal.run(f"kill -STOP {panel}")
    terminal.wait("another panel", lambda: terminal.shows("istilam-x", "MainPID") not in {"0", panel})
    terminal.wait_for_home(other_than=before)


def test_its_sandbox_is_tight_and_its_units_are_sound(terminal: Container) -> None:
    terminal.wait_for_home()
    for unit in UNITS:
        terminal.run(f"systemd-analyze security --no-pager --threshold=30 {unit}.service")
        terminal.run(f"systemd-analyze verify {unit}.service")
    process = terminal.shows("istilam-kiosk", "MainPID")
    status = terminal.run(f"cat /proc/{process}/status")
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert terminal.run("stat -c '%U %a' /var/lib/istilam") == "istilam 700"


def test_the_network_is_the_offices_alone(terminal: Container) -> None:
    terminal.wait_for_home()
    terminal.run("ip link add lan type veth peer name far; ip link set lan up; ip link set far up")
    terminal.run("ip address add 192.0.2.1/24 dev lan")
    terminal.run("istilam-provisioning settings set office.url http://192.0.2.7:8400; systemctl restart istilam-kiosk")
    call = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)"
    as_terminal = "setpriv --reuid=istilam --regid=istilam --clear-groups"
    as_technician = "setpriv --reuid=istilam --regid=istilam-setup --init-groups"

    def answer(who: str, host: str, port: int) -> str:
        return terminal.run(f"{who} python3 -c '{call}' {host} {port} 2>&1 | tail -n 1 || true")

    # Nobody is there: what is let out gets no answer, what is not is refused at once.
    refused = "ConnectionRefusedError"
    assert refused not in answer(as_terminal, "192.0.2.7", 8400)
    assert refused in answer(as_terminal, "192.0.2.7", 443)
    assert refused in answer(as_terminal, "192.0.2.8", 8400)
    assert refused in answer("", "192.0.2.7", 8400)
    assert refused not in answer(as_technician, "192.0.2.8", 443)
    assert "policy drop" in terminal.run("nft list chain inet istilam in")


def test_enrolled_it_is_its_offices_terminal_without_another_command(terminal: Container, office: RealOffice) -> None:
    office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    terminal.run("istilam-provisioning settings set devices.scanner frames:/srv")
    before = terminal.wait_for_home()
    code = office.staff("terminal", "add", "--site", "Beirut", "--name", "T-77")["url"]
    with terminal.starts(f"istilam-provisioning enrol --code '{code}' --json") as enrolling:
        office.staff("terminal", "accept", "T-77", said(enrolling)["digits"])
        assert said(enrolling)["enrolled"]
    terminal.wait_for_home(other_than=before)
    terminal.wait("home is shown", lambda: terminal.shows("istilam-kiosk", "StatusText") == "showing Home")
    terminal.wait("it reports", lambda: office.terminal("T-77")["heard"] is not None)
    terminal.wait("it has the statuses", lambda: standing(terminal)["statuses"] == 1)
    # The firewall was made anew with it.
    address, port = office.url.removeprefix("https://").split(":")
    assert f"{address} . {port}" in terminal.run("nft list set inet istilam peers4")


def test_upgrade_and_downgrade_keep_vault_key_and_settings(
    terminal: Container, office: RealOffice, package: Path, next_package: Path
) -> None:
    was, settings = standing(terminal), terminal.run("cat /etc/istilam/terminal.toml")
    for step in (next_package, package):
        version = step.name.split("_")[1]
        before = terminal.wait_for_home()
        (terminal.root / "srv" / step.name).write_bytes(step.read_bytes())
        terminal.run(f"DEBIAN_FRONTEND=noninteractive dpkg -i /srv/{step.name} </dev/null")
        terminal.wait_for_home(other_than=before)
        assert terminal.run("dpkg-query -W -f '${Version}' istilam-terminal") == version
        assert_kept(terminal)
        assert terminal.run("cat /etc/istilam/terminal.toml") == settings
        now = standing(terminal)
        assert {name: now[name] for name in FIXED} == {name: was[name] for name in FIXED}
        terminal.wait("the office hears it", partial(hears, office, version))


def test_removing_keeps_and_purging_forgets(terminal: Container, package: Path) -> None:
    terminal.run("dpkg -r istilam-terminal </dev/null")
    assert_kept(terminal)
    assert terminal.run("test -e /usr/lib/istilam || echo gone") == "gone"
    assert terminal.run("systemctl is-active istilam-kiosk || true") == "inactive"
    terminal.run(f"dpkg -i /srv/{package.name} </dev/null")
    terminal.wait_for_home()
    assert_kept(terminal)
    terminal.run("dpkg -P istilam-terminal </dev/null")
    for place in ("/usr/lib/istilam", "/var/lib/istilam", "/var/cache/istilam", "/etc/istilam"):
        assert terminal.run(f"test -e {place} || echo gone") == "gone", place


def hears(office: RealOffice, version: str) -> bool:
    return office.terminal("T-77")["report"]["version"] == version


def standing(terminal: Container) -> dict:
    return json.loads(terminal.run("istilam-provisioning status --json"))


def assert_kept(terminal: Container) -> None:
    for name in KEPT:
        assert terminal.run(f"stat -c '%U %a' /var/lib/istilam/{name}").startswith("istilam 6"), name
    assert terminal.run("stat -c %a /var/lib/istilam/identity/key.pem") == "600"
    assert 'scanner = "frames:/srv"' in terminal.run("cat /etc/istilam/terminal.toml")
