"""A hurried crowd at one terminal: hands everywhere, slip after slip, languages amid everything, paper that tears."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

from .people import FiledSlip, LobbyPrinter, OfficeDesk, StandingTerminal, printer, standing, wait_for

DEEDS = 150


class Crowd:
    """Does what it likes, the same in every run of a seed; only what is on the screen by then may differ."""

    def __init__(self, terminal: StandingTerminal, lobby: LobbyPrinter, slips: list[FiledSlip], seed: int) -> None:
        self._terminal = terminal
        self._lobby = lobby
        self._slips = slips
        self._random = random.Random(seed)

    def does_something(self) -> None:
        often = (self.slips, self.prints, self.leaves, self.language, self.taps)
        now_and_then = (self.strikes, self.two_fingers, self.palm, self.key_held, self.no_slip, self.paper)
        self._random.choice((*often * 3, *now_and_then))()

    def taps(self) -> None:
        self._strike(self._place())

    def prints(self) -> None:
        self._taps_if_there("print")

    def leaves(self) -> None:
        self._taps_if_there("comfort.back")
        self._taps_if_there("finish")

    def strikes(self) -> None:
        """Ten times at one place, whatever comes to lie under it."""
        place = self._place()
        for _ in range(10):
            self._strike(place)

    def two_fingers(self) -> None:
        """On two targets, while somebody may show a slip: lifted the other way round."""
        one, other = self._place(), self._place()
        self._terminal.touched_by(("begin", 1, *one), ("begin", 2, *other))
        if self._random.random() < 0.5:
            self.slips()
        self._terminal.touched_by(("end", 2, *other), ("end", 1, *one))

    def palm(self) -> None:
        """Six places at once, that slide."""
        places = [(self._random.random(), self._random.random()) for _ in range(6)]
        slid = [(0.9 * x, 0.9 * y) for x, y in places]
        for move, where in (("begin", places), ("update", slid), ("end", slid)):
            self._terminal.touched_by(*((move, finger, *place) for finger, place in enumerate(where)))

    def key_held(self) -> None:
        """Over a screen that changes."""
        self._terminal.holds_key(self._random.choice(("ok", "down", "left")))
        self.slips()
        self._terminal.lets_go()

    def slips(self) -> None:
        for _ in range(self._random.choice((1, 1, 4))):
            self._terminal.scanner.reads(self._random.choice(self._slips).url)

    def no_slip(self) -> None:
        self._terminal.scanner.reads(self._random.choice(("WIFI:S:x;;", self._slips[0].url[:-6], "4006381333931")))

    def language(self) -> None:
        targets = self._terminal.touched_by()
        offered = sorted(name for name in targets if name.startswith("language."))
        if offered:
            self._strike(targets[self._random.choice(offered)])

    def paper(self) -> None:
        """Runs out under the next row, or is there again."""
        self._lobby.told(self._random.choice(("fault paper-out-mid", "clear", "clear")))

    def _taps_if_there(self, name: str) -> None:
        if (place := self._terminal.touched_by().get(name)) is not None:
            self._strike(place)

    def _place(self) -> tuple[float, float]:
        targets = sorted(self._terminal.touched_by().items())
        return self._random.choice(targets)[1] if targets else (0.5, 0.5)

    def _strike(self, place: tuple[float, float]) -> None:
        self._terminal.touched_by(("begin", 1, *place), ("end", 1, *place))


def test_a_hurried_crowd_leaves_nothing_and_every_paper_once(open_office: OfficeDesk, tmp_path: Path) -> None:
    slips = [open_office.files(language=language) for language in ("ar", "fr", "en")]
    with (
        printer(tmp_path) as lobby,
        standing(tmp_path, open_office.url, printer=lobby.address) as terminal,
    ):
        terminal.ready(printer="ok")
        crowd = Crowd(terminal, lobby, slips, seed=5)
        for _ in range(DEEDS):
            crowd.does_something()
        lobby.told("clear")
        wait_for("home", lambda: _is_home(terminal, crowd))
        terminal.ready(printer="ok")
        terminal.scanner.reads(slips[0].url)  # the next visitor is served as ever
        terminal.sees("ShowStatus", tracking=slips[0].tracking)
        terminal.presses("print")
        terminal.sees("Printed")
        terminal.presses("finish")
        terminal.sees("Home")
        for slip in slips:
            number = slip.tracking
            shown = f"{number[2:6]}-{number[6:10]}"
            assert [terminal.remembers(text) for text in (number, shown, slip.url.rpartition(".")[2])] == [0, 0, 0]
        assert terminal.left()["sheets"] == 0
        journal = terminal.data / "print-journal"
        wait_for("the void marks", lambda: _facts(journal)["begun"] == len(lobby.sheets()))
    assert "Traceback" not in terminal.journal
    everybodys = {slip.tracking for slip in slips}
    for screen in terminal.screens:
        theirs = {*screen.get("files", ()), screen.get("tracking")}
        assert everybodys & set(screen["numbers"]) <= theirs, screen
    void = sum(map(lobby.says_void, lobby.sheets()))
    assert {"ended": len(lobby.sheets()) - void, "voided": void} == {
        fact: _facts(journal)[fact] for fact in ("ended", "voided")
    }
    assert _came_to("Printed", terminal) <= len(lobby.sheets()) - void


def _is_home(terminal: StandingTerminal, crowd: Crowd) -> bool:
    """Tell whether home is on the screen; where it is not, what leaves is pressed."""
    crowd.leaves()
    return terminal.screens[-1]["drawn"] == "Home" and "comfort.back" not in terminal.touched_by()


def _facts(journal: Path) -> Counter[str]:
    """How many papers were begun, ended whole, voided."""
    return Counter(line.partition(" ")[0] for line in journal.read_text().splitlines())


def _came_to(kind: str, terminal: StandingTerminal) -> int:
    """How often this screen came, however often it was drawn then."""
    drawn = [screen["drawn"] for screen in terminal.screens]
    return sum(now == kind != before for before, now in pairwise(drawn))
