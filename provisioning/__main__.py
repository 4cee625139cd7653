"""`python -m provisioning`: how a machine becomes a terminal, and stays one. Exits 0, 1 (it failed, and why) or 2."""

from cyclopts import App, CycloptsError

from devices.outlet import whose_reader_may_leave

from . import enrol, settings
from .selftest import selftest
from .staff_pin import staff_pin

app = App(name="python -m provisioning", help="Identity, settings, vault and self-test of a terminal.")
for command in (enrol.enrol, enrol.renew, enrol.status, enrol.seed):
    app.command(command)
app.command(settings.app)
app.command(selftest)
app.command(staff_pin)


def main() -> None:
    try:
        with whose_reader_may_leave():
            app(exit_on_error=False)
    except CycloptsError as wrong_use:
        raise SystemExit(2) from wrong_use


if __name__ == "__main__":
    main()
