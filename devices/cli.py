"""The commands of `python -m devices`."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

app = App(name="devices", help="Printers and scanners of a terminal or a desk, and a virtual printer.")


@app.command
def printer(
    *,
    listen: str,
    paper: Path,
    fault: str = "none",
    speed: float = 250.0,
    roll: int | None = None,
    width: int = 576,
    control: str | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Run a virtual receipt printer until it is interrupted.

    Parameters
    ----------
    listen: HOST:PORT; port 0 takes a free one. The first line printed is JSON with the real address.
    paper: folder for the pictures of the papers that come out.
    fault: none, paper-out, paper-out-mid, near-end, cover-open, cover-open-mid, silent, no-confirm, cut-connection,
        reset, garbage, slow or stuck.
    speed: mm/s; 0 prints as fast as it can.
    roll: mm of paper on the roll; without it the roll never ends.
    width: dots of the head: 576 or 512.
    control: HOST:PORT for lines that change the fault while it runs: fault NAME, clear, roll MM, state.
    json_: a JSON line for each paper.
    """
    from devices.simulators.printer import FAULTS, Settings
    from devices.simulators.serve import serve

    if fault not in FAULTS:
        print(f"--fault must be one of {', '.join(FAULTS)}", file=sys.stderr)
        raise SystemExit(2)
    settings = Settings(paper, width, speed, roll, FAULTS[FAULTS.index(fault)])
    try:
        serve(settings, listen, control, every_event=json_)
    except (OSError, ValueError) as failed:
        print(f"the virtual printer cannot start: {failed}", file=sys.stderr)
        raise SystemExit(1) from failed
