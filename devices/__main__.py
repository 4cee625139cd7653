"""python -m devices: see `--help`."""

from cyclopts import CycloptsError

from devices.cli import app
from devices.outlet import whose_reader_may_leave


def main() -> None:
    try:
        with whose_reader_may_leave():
            app(exit_on_error=False)
    except CycloptsError as wrong_use:
        raise SystemExit(2) from wrong_use


if __name__ == "__main__":
    main()
