"""The paper: how long its layout takes, how many bytes go to the printer, against a bare raster of the same picture."""

import statistics

from devices.printer.escpos import bands
from kiosk.receipts import PrintedAt, lay_out
from kiosk.samples import TERMINAL, now, sheets
from kiosk.visit_state import SCREEN_LANGUAGES

from .figures import Figure, timed

LAYOUTS = 30
USUAL = "under-review"


def run() -> list[Figure]:
    sheet = sheets()[USUAL]
    printed_at = PrintedAt(now(), trusted=True)
    figures: list[Figure] = []
    for language in SCREEN_LANGUAGES:

        def lay(spoken=language):
            return lay_out(sheet, spoken, width_dots=576, terminal=TERMINAL, printed_at=printed_at)

        raster = lay()  # fonts are read once a process
        sent = sum(len(band.commands) for band in bands(raster))
        figures += [
            Figure(
                f"receipt layout, {language}",
                statistics.median(timed(lay) for _ in range(LAYOUTS)) * 1000,
                "ms",
                "a usual receipt from its sheet to a packed raster, words, Pango and QR code included; median",
                limit=25,
            ),
            Figure(
                f"receipt bytes, {language}",
                sent / 1000,
                "KB",
                f"what goes to the printer for {raster.rows / 8:.0f} mm, blank rows skipped and rows trimmed; "
                "the floor is the same raster as it lies in memory",
                limit=45,
                floor=len(raster.data) / 1000,
            ),
        ]
    return figures
