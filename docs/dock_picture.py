"""`make pictures`: the dock in a real Chromium, with a receipt that came out, for the README."""

import io
import json
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright


def main(url: str, out: Path) -> None:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        page = browser.new_page(viewport={"width": 1500, "height": 1150})
        page.goto(f"{url}?lang=en")
        page.locator("#glass[data-screen=Home][data-frame]").wait_for()
        page.click("#slips button[value='under-review-en.png']")
        page.locator("#glass[data-screen=ShowStatus]").wait_for()
        page.locator("#targets button[aria-label=print]").click()
        page.locator("#papers img.cut").first.wait_for()
        page.locator("#glass[data-screen=Printed]").wait_for()
        page.wait_for_function("document.querySelector('#papers img.cut').naturalWidth > 0")
        shot = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    half = shot.convert("RGB").resize((shot.width * 2 // 3, shot.height * 2 // 3), Image.Resampling.LANCZOS)
    half.quantize(96).save(out, optimize=True)


def at_a_dock(out: Path) -> None:
    command = [sys.executable, "-m", "devices", "dock", "--folder", "build/dock-picture", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dock:
        assert dock.stdout is not None
        try:
            main(json.loads(dock.stdout.readline())["listening"], out)
        finally:
            dock.terminate()


if __name__ == "__main__":
    at_a_dock(Path(sys.argv[1]))
