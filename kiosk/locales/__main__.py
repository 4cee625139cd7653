"""`python -m kiosk.locales`: compile the catalogues; with `--wording FILE`, also write the table of all words."""

import argparse
from pathlib import Path

from .compiling import compile_catalogues
from .wording import wording

parser = argparse.ArgumentParser(prog="python -m kiosk.locales", description=__doc__)
parser.add_argument("--wording", type=Path, metavar="FILE", help="write docs/wording.md")
arguments = parser.parse_args()
compile_catalogues()
if arguments.wording:
    arguments.wording.write_text(wording(), encoding="utf-8")
print("The catalogues are compiled.")
