"""python -m central_api slip: the slip of an application, again, anew, or many at once."""

import sqlite3
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from central_api.contract.catalogue import catalogue
from central_api.contract.numbers import show_tracking_number
from central_api.publish import publish_pending
from central_api.store import Filed, Office, Submitted, find_all, find_row, open_office
from central_api.store.codes import code_of

from .answers import Data, Failed, Json, counted, given_of, say

app = App(name="slip", help="Slips: print the present one again, or give out a new one.")


def _png_or_pdf(_type: object, path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in {".png", ".pdf"}:
        raise ValueError("a slip is a .png or a .pdf")


Slip = Annotated[Path | None, Parameter(validator=_png_or_pdf, help="Draw the slip to this file, PNG or PDF.")]


@app.default
def slip_again(
    tracking: str, *, data: Data, legacy: str | None = None, slip: Slip = None, as_json: Json = False
) -> None:
    """Print the present slip again: its QR code only, since the secret code is shown once.

    With --legacy SYSTEM, TRACKING is the number that this older system gave the application.
    """
    with open_office(data, create=False) as office:
        filed = office.known(tracking) if legacy is None else _of_legacy(office, legacy, tracking)
        given = office.slip_again(filed)
        if slip is not None:
            _draw(office, slip, given)
    shown: dict[str, object] = {"tracking": given.tracking, "slip_url": given.slip_url}
    words = "the secret code is shown once, on the first print; `slip reissue` gives a new slip and code"
    say(shown, as_json, f"slip {show_tracking_number(given.tracking)}: {words}")


@app.command(name="reissue")
def slip_reissue(tracking: str, *, data: Data, slip: Slip = None, as_json: Json = False) -> None:
    """Give an application a new slip and code; the old ones are worthless from now on."""
    with open_office(data, create=False) as office:
        given = office.reissue(tracking)
        publish_pending(office)
        draw_given(office, slip, given)
    say_given(given, as_json, "has a new slip")


def _of_legacy(office: Office, system: str, number: str) -> Filed:
    """Return the file that an older system gave a number. Raises Failed."""
    found = find_all(office.own_reader, [(code_of(catalogue().systems, "system", system), number)], ())
    if not found:
        raise Failed({"error": "unknown_number"}, f"no application has this number of {system}")
    return found[0]


@app.command(name="run")
def slip_run(
    *,
    data: Data,
    system: str,
    out: Path,
    most: Annotated[int, Parameter(name="--most", validator=validators.Number(gte=1))] = 1_000,
    as_json: Json = False,
) -> None:
    """Draw slips with their codes, as PDF into the folder OUT, for files of an older system that never had one.

    Killed, it goes on where it was; the files are named by nothing that says whose they are.
    """
    from central_api.documents.slip import paper_of, write_slip

    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_office(data, create=False) as office:
        code, count = code_of(catalogue().systems, "system", system), 0
        query = "SELECT id FROM application WHERE system = ? AND id NOT IN (SELECT application FROM slip_drawn) LIMIT ?"
        for (row,) in office.own_reader.execute(query, (code, most)).fetchall():
            filed = find_row(office.own_reader, row)
            write_slip(out / f"slip-{row}.pdf", paper_of(office, office.given(filed)))
            office.execute_write(lambda c, row=row: _drawn(c, row)).result()
            count += 1
    say({"slips": count}, as_json, f"{counted(count, 'slip')} drawn")


def _drawn(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("INSERT OR IGNORE INTO slip_drawn VALUES (?)", (row,))


def draw_given(office: Office, path: Path | None, given: Submitted) -> None:
    """Draw a first slip. What fails here must not lose the secret code: it is given out once."""
    if path is None:
        return
    try:
        _draw(office, path, given)
    except (OSError, RuntimeError) as error:
        number = show_tracking_number(given.tracking)
        words = (
            f"the slip of {number} was not drawn ({error}); print it by `slip`; the secret code is {given.secret_code}"
        )
        raise Failed({"error": "no_slip", **given_of(given)}, words) from None


def _draw(office: Office, path: Path, given: Submitted) -> None:
    # Here, since what draws takes longer to load than most commands take.
    from central_api.documents.slip import paper_of, write_slip

    write_slip(path, paper_of(office, given))


def say_given(given: Submitted, as_json: bool, done: str) -> None:
    say(given_of(given), as_json, f"{show_tracking_number(given.tracking)} {done}; secret code {given.secret_code}")
