"""python -m devices: see `--help`."""

from devices.cli import app

if __name__ == "__main__":
    app()
