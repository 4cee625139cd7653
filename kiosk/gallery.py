"""`python -m kiosk.gallery`: every screen in every state and language, and the paper, as pictures to look at.

Writes PNGs and an index.html. Exits 1, naming screen and language, where a string is missing or untranslated, text is
cut, has no glyph or letters that do not join, or something lies outside the screen or over something else; or where one
of the pictures that were looked at (`tests/kiosk/golden`) is not what is drawn now.
"""

import argparse
import html
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .card_samples import listing
from .comfort import Comfort, Contrast
from .frozen import frozen
from .guide_samples import requirements
from .samples import TERMINAL, SampleCamera, now, screens, sheets
from .selftest_samples import selftest_findings, selftest_screens, signed_readiness
from .selftest_state import SelfTestState
from .visit_state import ALL_LANGUAGES, CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage, VisitState
from .window import open_window, save_frame

if TYPE_CHECKING:
    from .speech.said import Said

PAPER_WIDTH: Final = 576
MANNERS: Final = {
    "usual": Comfort(),
    "dark": Comfort(contrast=Contrast.DARK),
    "high": Comfort(contrast=Contrast.HIGH),
    "large": Comfort(text=200),
    "easy": Comfort(easy=True),
    "low": Comfort(low_reach=True, easy=True),
    "choices": Comfort(choosing=True, headphones=True),
}
"""Ways in which a visitor may want the screens."""
CORE_VISIT: Final = (
    *("home", "status", "problem", "print", "sent", "not-", "still", "power", "out-of", "read"),
    *("help", "add", "list"),
)
"""How the names of the screens begin that are shown in the core languages too."""


@frozen
class Shot:
    """A picture to take: a screen's state, and which of its pages."""

    name: str
    language: ScreenLanguage
    state: VisitState | SelfTestState
    page: int = 0


def main() -> int:
    """Run the command. Returns 0, or 1 where a picture has a fault."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/screens"))
    parser.add_argument("--language", choices=ALL_LANGUAGES, action="append")
    parser.add_argument("--size", type=_size, default=(1080, 1920), metavar="WIDTHxHEIGHT")
    parser.add_argument("--manner", choices=MANNERS, default="usual", help="as which visitor wants it")
    parser.add_argument("--golden", type=Path, help="folder of small pictures that were looked at, to compare with")
    parser.add_argument("--renew", action="store_true", help="write those pictures anew; look at them")
    parser.add_argument("--only", help="names of screens that contain this")
    options = parser.parse_args()
    shots = [
        Shot(name, language, state)
        for language in options.language or ALL_LANGUAGES
        for name, state in _states(language)
        if (not options.only or options.only in name) and (options.manner != "choices" or name == "home")
    ]
    if not shots:
        parser.error(f"no screen's name contains {options.only}")
    options.out.mkdir(parents=True, exist_ok=True)
    for old in options.out.glob("*.png"):
        old.unlink()
    gallery = _Gallery(options.size, options.out, shots, MANNERS[options.manner])
    gallery.take()
    if options.golden is not None:
        from .golden import differences

        gallery.faults += differences(options.golden, [path for _, path in gallery.taken], renew=options.renew)
    papers = (
        []
        if options.only or options.manner != "usual"
        else _papers(options.out, [one for one in options.language or SCREEN_LANGUAGES if one in SCREEN_LANGUAGES])
    )
    _write_index(options.out, gallery.taken, papers)
    write_contents(options.out)
    for fault in gallery.faults:
        print(fault, file=sys.stderr)
    print(f"{len(gallery.taken)} screens and {len(papers)} papers: {options.out / 'index.html'}")
    return 1 if gallery.faults else 0


def _states(language: ScreenLanguage) -> list[tuple[str, VisitState | SelfTestState]]:
    if language in CORE_LANGUAGES:
        return [(name, state) for name, state in screens(language).items() if name.startswith(CORE_VISIT)]
    return [*screens(language).items(), *_selftest(language)]


def _selftest(language: ScreenLanguage) -> list[tuple[str, SelfTestState]]:
    """Every screen once; what every part can be found to be is measured in the tests, not looked at."""
    states = selftest_screens(language).items()
    return [(f"selftest-{name}", state) for name, state in states if not name.startswith("ended-all")]


class _NoVoice:
    """Says nothing."""

    def begin(self, said: "Said", volume: int) -> None:
        return None


class _Gallery:
    """Draws one state after the other in a real window, and photographs each when its picture is complete."""

    def __init__(self, size: tuple[int, int], folder: Path, shots: list[Shot], manner: Comfort) -> None:
        self._manner = manner
        self.faults: list[str] = []
        self.taken: list[tuple[Shot, Path]] = []
        self._size = size
        self._folder = folder
        self._waiting = list(reversed(shots))
        self._flips = 0
        self._path: Path | None = None
        self._window: Any = open_window(*size)

    def take(self) -> None:
        """Take every picture; returns when all are on disk."""
        from kivy.base import runTouchApp
        from kivy.clock import Clock
        from kivy.uix.widget import Widget

        from .screens import Screens
        from .screens.selftest import SelfTestScreens

        self._screens = Screens(self._size, TERMINAL, clock=now, camera=SampleCamera())
        self._screens.suit(self._manner)
        if self._manner.headphones:  # the choices of an ear are shown where something speaks; here nobody does
            from .speech.beginning import let_speak

            let_speak(self._screens, (_NoVoice(),), lambda: 70)
        self._selftest = SelfTestScreens(self._screens)
        self._root: Any = Widget(size=self._size)
        self._window.bind(on_flip=self._flipped)
        # Not before the loop's first turn: home stands still for a start and some seconds only.
        Clock.schedule_once(lambda _: self._next())
        runTouchApp(self._root)

    def _next(self) -> None:
        from kivy.base import stopTouchApp

        from .screens.pages import Pages

        if not self._waiting:
            self._path = None
            stopTouchApp()
            return
        shot = self._waiting.pop()
        where = f"{shot.name} ({shot.language}, {self._size[0]}x{self._size[1]})"
        try:
            if isinstance(shot.state, SelfTestState):
                board = self._selftest.build(shot.state, lambda _: None)
            else:
                board = self._screens.build(shot.state, lambda _: None)
        except KeyError as missing:
            self.faults.append(f"{where}: {missing.args[0]}")
            self._next()
            return
        for widget in list(board.walk()):
            if not isinstance(widget, Pages) or widget.count == 1:
                continue
            widget.turn(shot.page)
            if shot.page == 0:
                self._waiting += [
                    Shot(shot.name, shot.language, shot.state, page) for page in range(widget.count - 1, 0, -1)
                ]
        self.faults += [f"{where}: {fault}" for fault in board.overflow()]
        self._root.clear_widgets()
        self._root.add_widget(board)
        page = f"-page{shot.page + 1}" if shot.page else ""
        self._path = self._folder / f"{shot.language}-{shot.name}{page}.png"
        self.taken.append((shot, self._path))
        self._flips = 2  # Kivy flips once before a new tree is drawn whole
        self._root.canvas.ask_update()

    def _flipped(self, *_: object) -> None:
        if self._path is None:
            return
        self._flips -= 1
        if self._flips:
            self._root.canvas.ask_update()
            return
        save_frame(self._window, self._path)
        self._next()


def _papers(folder: Path, languages: list[ScreenLanguage]) -> list[Path]:
    from .receipts import PrintedAt, lay_out
    from .requirements_paper import lay_out_any

    paths: list[Path] = []
    for language in languages:
        papers = {**sheets(), "several": listing(sheets(), 14)}
        for name, sheet in papers.items():
            printed_at = PrintedAt(now(), trusted=name != "clock-lost")
            paper = lay_out(sheet, language, width_dots=PAPER_WIDTH, terminal=TERMINAL, printed_at=printed_at)
            path = folder / f"{language}-paper-{name}.png"
            paper.to_image().save(path)
            paths.append(path)
        for name, sheet in requirements().items():
            printed_at = PrintedAt(now(), trusted=True)
            paper = lay_out_any(sheet, language, width_dots=PAPER_WIDTH, terminal=TERMINAL, printed_at=printed_at)
            paths.append(folder / f"{language}-paper-requirements-{name}.png")
            paper.to_image().save(paths[-1])
        paths += _selftest_papers(folder, language)
    return paths


def _selftest_papers(folder: Path, language: ScreenLanguage) -> list[Path]:
    from .receipts import PrintedAt
    from .selftest.papers import lay_out_code, lay_out_slip, new_code

    printed_at = PrintedAt(now(), trusted=True)
    trouble = selftest_findings(network="no_answer", scanner="other_code", clock="no_office")
    papers = {"code": lay_out_code(new_code(), language, PAPER_WIDTH)} | {
        name: lay_out_slip(
            findings,
            language,
            width_dots=PAPER_WIDTH,
            terminal=TERMINAL,
            site="المدخل الرئيسي",
            printed_at=printed_at,
            signed=None if name == "trouble" else signed_readiness(findings),
        )
        for name, findings in (("ready", selftest_findings()), ("trouble", trouble))
    }
    paths = [folder / f"{language}-paper-selftest-{name}.png" for name in papers]
    for path, paper in zip(paths, papers.values(), strict=True):
        paper.to_image().save(path)
    return paths


def _write_index(folder: Path, taken: list[tuple[Shot, Path]], papers: list[Path]) -> None:
    figures = [
        f'<figure><img src="{html.escape(path.name)}"><figcaption>{html.escape(path.stem)}</figcaption></figure>'
        for path in [*(path for _, path in taken), *papers]
    ]
    style = "body{font:16px sans-serif;background:#ddd}figure{display:inline-block;margin:8px}img{height:640px}"
    page = f'<!doctype html><meta charset="utf-8"><title>Istilam</title><style>{style}</style>' + "\n".join(figures)
    (folder / "index.html").write_text(page, encoding="utf-8")


def write_contents(folder: Path) -> None:
    """Write an index of the galleries that lie in folders beside each other."""
    links = [
        f'<li><a href="{html.escape(index.parent.name)}/index.html">{html.escape(index.parent.name)}</a></li>'
        for index in sorted(folder.glob("*/index.html"))
    ]
    page = '<!doctype html><meta charset="utf-8"><title>Istilam</title><ul>' + "\n".join(links) + "</ul>"
    (folder / "contents.html").write_text(page, encoding="utf-8")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


if __name__ == "__main__":
    sys.exit(main())
