"""`python -m provisioning.firewall`: let this terminal reach its office and its printer, and nothing else.

The rules are `/usr/share/istilam/firewall.nft`; the peers come from the terminal's settings, and from its identity once
it is enrolled. What is missing or wrong opens nothing: the rules are loaded all the same.
"""

import argparse
import subprocess
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from devices.address import Tcp, printer_address
from kiosk.identity import Identity, IdentityWrong
from kiosk.settings import Settings, SettingsWrong, read_settings

RULES: Final = Path("/usr/share/istilam/firewall.nft")
NFT: Final = "/usr/sbin/nft"


def main() -> int:
    """Load rules and peers in one transaction; returns 0, or 1 when the kernel did not take them."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.firewall", description=__doc__)
    parser.add_argument("--settings", type=Path, required=True, help="the terminal's settings (TOML)")
    parser.add_argument("--rules", type=Path, default=RULES, help="the rules that the peers are added to")
    parser.add_argument("--show", action="store_true", help="print what would be loaded")
    options = parser.parse_args()
    try:
        settings = read_settings(options.settings)
        identity = Identity.read(settings.data)
        peers = peers_of(settings, identity.office_url if identity else settings.office_url)
    except (SettingsWrong, IdentityWrong) as error:
        print(f"no office and no printer may be reached: {error}", file=sys.stderr)
        peers = []
    ruleset = options.rules.read_text(encoding="utf-8") + elements(peers)
    if options.show:
        print(ruleset)
        return 0
    return min(1, subprocess.run([NFT, "-f", "-"], input=ruleset, text=True, check=False).returncode)


def peers_of(settings: Settings, office_url: str) -> list[tuple[str, int]]:
    """Return host (a name or an address) and TCP port of everyone that a terminal calls."""
    office = urlsplit(office_url)
    peers = [(office.hostname or "", office.port or (443 if office.scheme == "https" else 80))]
    printer = printer_address(settings.printer)
    if isinstance(printer, Tcp):
        peers.append((printer.host, printer.port))
    return peers


def elements(peers: list[tuple[str, int]]) -> str:
    """Say the peers as elements of the rules' sets, one command a line.

    An address is let through with its port. A name is let through by its port alone: what it stands for changes while
    the terminal runs, and who answers there is known by its certificate and signatures, not by its address.
    """
    return "".join(f"add element inet istilam {_element(host, port)}\n" for host, port in peers)


def _element(host: str, port: int) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return f"ports {{ {port} }}"
    match address:
        case IPv4Address():
            return f"peers4 {{ {address} . {port} }}"
        case IPv6Address():
            return f"peers6 {{ {address} . {port} }}"


if __name__ == "__main__":
    sys.exit(main())
