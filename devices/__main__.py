"""python -m devices: see `--help`."""

from cyclopts import CycloptsError

from devices.cli import app


def main() -> None:
    try:
        app(exit_on_error=False)
    except CycloptsError as wrong_use:
        raise SystemExit(2) from wrong_use


if __name__ == "__main__":
    main()
