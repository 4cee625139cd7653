"""The same pages in Chromium: home and a status as plain HTML of the same words, beside the terminal's own figures.

`chromium --kiosk` of the same size, without a display, as the terminal's own window is measured; both draw in software.
What a browser is spared here: scanner, vault, printer, speech, and the proof that nothing of a visit stays. What we are
spared: it lays out any page. Start is from the process to the second frame of home; a tap is from the event to the
second frame of the status, which stands ready in the page.
"""

import html
import json
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

from kiosk.account import tell
from kiosk.samples import sheets
from kiosk.words import words_of

from .figures import Figure, cpu_seconds, percentile, pss_kib

WIDTH, HEIGHT = 1080, 1920
STARTS, TAPS = 5, 60
SETTLES, IDLE_SECONDS = 10, 30
_SCRIPT = """
const drawn = then => requestAnimationFrame(() => requestAnimationFrame(then));
const tell = what => fetch('/told', {method: 'POST', body: JSON.stringify(what)});
let at = 0;
function show(name, then) {
  for (const page of document.querySelectorAll('main')) page.hidden = page.id !== name;
  drawn(then);
}
for (const button of document.querySelectorAll('button')) button.onclick = () => {
  const began = performance.now();
  show(button.dataset.to, () => tell({tap: performance.now() - began}));
};
drawn(() => tell({drawn: true}));
function taps(left) {
  if (!left) return;
  document.querySelector('main:not([hidden]) button').click();
  setTimeout(() => taps(left - 1), 200);
}
if (location.hash === '#taps') setTimeout(() => taps(%d), 1000);
"""
_STYLE = """body{margin:0;background:#f7f4ee;color:#16211d;font:32px 'Noto Sans Arabic','Noto Sans',sans-serif}
main{padding:56px}h1{font-size:64px;line-height:1.4}li{margin:24px 0}
button{font:inherit;font-weight:700;min-height:120px;width:100%;background:#0b5547;color:#fff;border:0;border-radius:28px}"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-chromium-") as folder:
        told: Queue[dict[str, float]] = Queue()
        server = _serve(told)
        address = f"http://127.0.0.1:{server.server_port}/"
        starts = [_start(address, Path(folder) / str(at), told) for at in range(STARTS)]
        with _chromium(address, Path(folder) / "rests") as browser:
            told.get(timeout=60)
            time.sleep(SETTLES)
            before = cpu_seconds(browser.pid)
            time.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(browser.pid) - before) / IDLE_SECONDS * 100
            memory = pss_kib(browser.pid) / 1024
        with _chromium(address + "#taps", Path(folder) / "taps"):
            told.get(timeout=60)
            taps = [told.get(timeout=60)["tap"] for _ in range(TAPS)]
        server.shutdown()
    of = "Chromium --kiosk, the same pages: "
    return [
        Figure(of + "start to home", statistics.median(starts) * 1000, "ms", "process to the second frame of home"),
        Figure(of + "memory", memory, "MB", "PSS of all its processes, home resting"),
        Figure(of + "idle", idle, "% of a core", f"processor time of all its processes over {IDLE_SECONDS} s"),
        Figure(of + "tap to picture, p95", percentile(taps, 95), "ms", "event to the second frame of the status"),
    ]


def pages() -> str:
    """Return home and a status in the words of the terminal's own screens, in Arabic."""
    words = words_of("ar")
    account = tell(sheets()["under-review"], words)
    home = "".join(f"<li>{html.escape(words(key))}</li>" for key in ("home.answer_follows", "home.way.number"))
    told = ((html.escape(step.title), html.escape(step.detail)) for step in account.steps)
    steps = "".join(f"<li><b>{title}</b><br>{detail}</li>" for title, detail in told)
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in (*account.details, *account.asked, account.age))
    return (
        f'<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>Istilam</title><style>{_STYLE}</style>'
        f'<main id="home"><h1>{html.escape(words("home.place_slip"))}</h1><ul>{home}</ul>'
        f'<button data-to="status">{html.escape(words("home.way.number"))}</button></main>'
        f'<main id="status" hidden><p>{html.escape(account.service)} {html.escape(account.number)}</p>'
        f"<h1>{html.escape(account.answer)}</h1>{lines}<ul>{steps}</ul>"
        f'<button data-to="home">{html.escape(words("button.finish"))}</button></main><script>{_SCRIPT % TAPS}</script>'
    )


def _serve(told: "Queue[dict[str, float]]") -> ThreadingHTTPServer:
    page = pages().encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _start(address: str, profile: Path, told: "Queue[dict[str, float]]") -> float:
    started = time.monotonic()
    with _chromium(address, profile):
        told.get(timeout=60)
        return time.monotonic() - started


@contextmanager
def _chromium(address: str, profile: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Chromium on a page, with a profile of its own; ended at the end."""
    options = ("--headless=new", "--kiosk", "--no-first-run", "--disable-extensions", "--no-sandbox")
    where = (f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", address)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(["chromium", *options, *where], **quiet)
    try:
        yield running
    finally:
        running.terminate()
        running.wait()
