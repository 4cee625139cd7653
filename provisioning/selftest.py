"""`python -m provisioning selftest`: what works on this terminal, and what to do about the rest."""

import json
import select
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from central_api.contract.readiness import Outcome, Part
from kiosk.settings import DEFAULT_FILE, Settings, SettingsWrong, read_settings
from kiosk.visit_state import ScreenLanguage

from .settings import FileOption, JsonOption

if TYPE_CHECKING:
    from kiosk.identity import Identity
    from kiosk.selftest.bench import Bench
    from kiosk.selftest.findings import Finding

PartName = Literal["panel", "touch", "scanner", "printer", "card_reader", "sound", "clock", "disk", "network", "power"]
HANDS_WITHIN: Final = 30.0
"""Seconds for somebody to show a code, put in a card or answer a question."""

_ISOLATES: Final = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def selftest(
    *,
    file: FileOption = DEFAULT_FILE,
    language: Annotated[ScreenLanguage | None, Parameter(help="of findings and paper")] = None,
    part: Annotated[list[PartName] | None, Parameter(negative=(), help="only this; may be said again")] = None,
    paper: Annotated[bool, Parameter(help="print: the code for the scanner, and the readiness slip")] = True,
    json_: JsonOption = False,
) -> None:
    """Test this terminal part by part, print the readiness slip and send it to the office.

    At a console it asks for hands and ears; elsewhere it answers "cannot tell" where it would have to. A test of single
    parts makes no slip. While the terminal runs, its scanner and printer are in use: stop it first.
    """
    try:
        settings = read_settings(file)
    except SettingsWrong as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(1) from None
    from kiosk.selftest.bench import Bench

    wanted = {Part[name.upper()] for name in part} if part else set(Part)
    interactive = not json_ and sys.stdin.isatty() and sys.stdout.isatty()
    bench = Bench(settings, _identity(settings))
    bench.start()
    try:
        talk = _Talk(bench, language or "en", aloud=not json_, interactive=interactive)
        findings = talk.machine(wanted)
        talk.hands(findings, language or settings.language, paper=paper)
        told = _report(bench, findings, language or settings.language, paper=paper) if not part else {}
    finally:
        bench.stop()
    talk.end(findings, told)
    raise SystemExit(1 if any(found.outcome is Outcome.FAILED for found in findings.values()) else 0)


class _Talk:
    """What is said at the console, and asked."""

    def __init__(self, bench: "Bench", language: ScreenLanguage, *, aloud: bool, interactive: bool) -> None:
        from kiosk.words import words_of

        self._bench = bench
        self._words = words_of(language)
        self._aloud = aloud
        self._interactive = interactive

    def machine(self, wanted: Iterable[Part]) -> "dict[Part, Finding]":
        """Run every check that needs no hands, all at once."""
        checks = {part: check for part, check in self._bench.machine_checks().items() if part in wanted}
        with ThreadPoolExecutor(len(checks)) as pool:
            running = [pool.submit(check) for check in checks.values()]
            return {found.part: found for found in (done.result() for done in as_completed(running))}

    def hands(self, findings: "dict[Part, Finding]", language: ScreenLanguage, *, paper: bool) -> None:
        """Go on with the parts that are there: paper first, then what somebody must show, put in or hear."""

        def untried(part: Part, detail: str = "not_tried") -> bool:
            return part in findings and findings[part].detail == detail

        if paper and untried(Part.PRINTER):
            findings[Part.PRINTER] = self._bench.print_code(language)
        if not self._interactive:
            return
        if untried(Part.SCANNER):
            printed = Part.PRINTER in findings and findings[Part.PRINTER].outcome is Outcome.PASSED
            self._say(self._words("selftest.scan.title" if printed else "selftest.scan.any"))
            findings[Part.SCANNER] = self._bench.read_code(HANDS_WITHIN)
        if untried(Part.CARD_READER, "no_card"):
            self._say(self._words("selftest.card.title"))
            findings[Part.CARD_READER] = self._bench.read_card(HANDS_WITHIN)
        if untried(Part.SOUND, "not_asked"):
            findings[Part.SOUND] = self._listen()

    def _listen(self) -> "Finding":
        from kiosk.selftest.findings import Finding

        played = self._bench.play_tone()
        if played.detail != "not_asked":
            return played
        match self._ask(self._words("selftest.tone.title")):
            case True:
                return Finding(Part.SOUND, "good")
            case False:
                return Finding(Part.SOUND, "not_heard")
            case None:
                return played

    def _ask(self, question: str) -> bool | None:
        """Ask for y or n; None where nobody answered in time, or neither."""
        print(f"{self._plain(question)} [y/n] ", end="", flush=True)
        ready, _, _ = select.select([sys.stdin], [], [], HANDS_WITHIN)
        answer = sys.stdin.readline().strip().lower()[:1] if ready else ""
        return {"y": True, "o": True, "n": False}.get(answer)

    def end(self, findings: "Mapping[Part, Finding]", told: Mapping[str, object]) -> None:
        """Say what was found of every part."""
        from kiosk.selftest.papers import verdict
        from kiosk.selftest.saying import outcome_name, part_name, said

        if not self._aloud:
            parts = [
                {
                    "part": part.name.lower(),
                    "outcome": found.outcome.name.lower(),
                    "detail": found.detail,
                    "said": self._plain(said(found, self._words)),
                }
                for part, found in sorted(findings.items())
            ]
            failed = any(found.outcome is Outcome.FAILED for found in findings.values())
            print(json.dumps({"ready": not failed, "parts": parts, **told}, ensure_ascii=False))
            return
        for part, found in sorted(findings.items()):
            self._say(f"{part_name(part, self._words)} · {outcome_name(found, self._words)}")
            self._say(f"    {said(found, self._words)}")
        if told:  # of some parts alone nothing follows for the whole
            self._say(verdict(findings, self._words))
        for key, what in told.items():
            if what != "none":
                self._say(self._words(f"selftest.{key}.{what}"))

    def _say(self, text: str) -> None:
        if self._aloud:
            print(self._plain(text), flush=True)

    def _plain(self, text: str) -> str:
        """Leave out the signs that keep numbers in order inside Arabic, where there is none."""
        return text if self._words.language == "ar" else text.translate(_ISOLATES)


def _report(
    bench: "Bench", findings: "Mapping[Part, Finding]", language: ScreenLanguage, *, paper: bool
) -> dict[str, object]:
    """Print the slip and send the result; says what became of both."""
    from kiosk.selftest.endings import Slip

    now = int(time.time())
    prints = paper and bench.settings.printer != "none"
    slip = bench.print_slip(findings, language, now) if prints else Slip.NONE
    return {"slip": slip.value, "sending": bench.send(findings, now).value}


def _identity(settings: Settings) -> "Identity | None":
    from kiosk.identity import Identity, IdentityWrong

    try:
        return Identity.read(settings.data)
    except IdentityWrong as wrong:
        print(f"{settings.data}: {wrong}", file=sys.stderr)
        return None
