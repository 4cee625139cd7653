"""`python -m provisioning.package`: build the terminal's Debian package from this source tree."""

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

from .build import build

SOURCE = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the command line; returns 0, or 1 when a tool failed, whose words are then shown."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.package", description=__doc__)
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parser.add_argument("--version", default=project["version"], help="of the package, as Debian writes it")
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder for the package")
    parser.add_argument("--commit", default="HEAD", help="what is packed; changes that are not committed never are")
    options = parser.parse_args()
    try:
        package = build(SOURCE, options.commit, options.version, options.out)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))}\n{error.stdout}{error.stderr}", file=sys.stderr)
        return 1
    print(package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
