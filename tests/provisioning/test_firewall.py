"""Whom a terminal may call: its office and its printer, and nobody where the settings are wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import Settings
from provisioning.firewall import elements, peers_of

RULES = Path("provisioning/appliance/usr/share/istilam/firewall.nft")


@pytest.mark.parametrize(
    ("office", "printer", "expected"),
    [
        ("https://office.example", "none", ["ports { 443 }"]),
        ("http://192.0.2.7:8400", "none", ["peers4 { 192.0.2.7 . 8400 }"]),
        (
            "https://[2001:db8::7]",
            "tcp:192.168.7.20:9100",
            ["peers6 { 2001:db8::7 . 443 }", "peers4 { 192.168.7.20 . 9100 }"],
        ),
        ("http://office.example", "tcp:printer:9100", ["ports { 80 }", "ports { 9100 }"]),
        ("https://office.example:8443", "file:/tmp/paper", ["ports { 8443 }"]),
    ],
)
def test_office_and_printer_are_let_through(office: str, printer: str, expected: list[str]) -> None:
    peers = peers_of(Settings(office, Path("/var/lib/istilam"), printer=printer), office)
    assert elements(peers).splitlines() == [f"add element inet istilam {element}" for element in expected]


def test_an_enrolled_terminal_calls_the_office_it_was_enrolled_at() -> None:
    assert peers_of(Settings("http://127.0.0.1:8400", Path("data")), "https://192.0.2.9") == [("192.0.2.9", 443)]


@given(
    st.sampled_from(["https", "http"]),
    st.one_of(st.ip_addresses().map(lambda a: f"[{a}]" if a.version == 6 else str(a)), st.just("office.example")),
    st.integers(1, 65535),
)
def test_every_office_is_one_element(scheme: str, host: str, port: int) -> None:
    office = f"{scheme}://{host}:{port}"
    (element,) = elements(peers_of(Settings(office, Path("data")), office)).splitlines()
    assert element.endswith(f"{port} }}")
    assert ("ports" in element) == (host == "office.example")


@pytest.mark.parametrize("text", [None, "", "\0\0", '[office]\nurl = "ftp://x"\n'])
def test_settings_that_are_wrong_open_nothing(tmp_path: Path, text: str | None) -> None:
    settings = tmp_path / "terminal.toml"
    if text is not None:
        settings.write_text(text)
    command = [sys.executable, "-m", "provisioning.firewall", "--settings", settings, "--rules", RULES, "--show"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no office and no printer may be reached" in done.stderr
    assert "policy drop" in done.stdout
    assert "add element" not in done.stdout
