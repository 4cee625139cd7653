"""The same visits by touch, by five keys, and by five keys without sight: each a table, played three times.

A line of a table is what the visitor does, the screen that follows, and what somebody at the headphones hears of it:
a key of the catalogue. `press NAME  LABEL` goes to what has this name, where LABEL is what an ear is told of it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.speech.spoken import spoken
from kiosk.words import Words, words_of
from tests.devices.card.peers import READER, Card, Pcscd, new_card, pcscd, pki  # noqa: F401 - fixtures

from .people import FiledSlip, OfficeDesk, StandingTerminal, TactileKeypad, printer, run, standing
from .test_by_card import BY_PASSPORT, country, let_in  # noqa: F401 - a fixture

JOURNEYS = {
    "slip": """
        scan    slip          -                       ShowStatus        answer.with.head_of_department
        press   print         button.print            Printed           printed.text
        press   finish        button.finish           Home              home.answer_follows
    """,
    "number and code": """
        press   way.number    home.way.number         EnterNumber       entry.number.title
        type    number        -                       EnterNumber       -
        press   confirm       button.continue         EnterCode         entry.code.title
        type    code          -                       EnterCode         -
        press   confirm       button.continue         ShowStatus        answer.with.head_of_department
        press   finish        button.finish           Home              home.answer_follows
    """,
    "several slips": """
        scan    slip          -                       ShowStatus        answer.with.head_of_department
        press   add           button.add_slip         AddSlip           add.title
        scan    other         -                       AddSlip:taken     add.added.title
        press   list          button.done             ShowList          list.group.under_way
        press   file.1        -                       ShowStatus        chain.title
        press   list          button.list             ShowList          list.group.under_way
        press   print         button.print_summary    Printed           printed.text
        press   list          button.list             ShowList          list.group.under_way
        press   finish        button.finish           Home              home.answer_follows
    """,
    "what a service asks for": """
        press   way.other_services  home.way.other_services  OtherServices     home.way.other_services
        press   services      guide.services          Families          guide.which_family
        press   family.1      -                       Kinds             guide.which_kind
        press   kind.3        -                       ShowRequirements  requirements.documents
        press   print         button.print_requirements  Printed        printed.text.requirements
        press   finish        button.finish           Home              home.answer_follows
    """,
    "workers' rights": """
        press   way.other_services  home.way.other_services  OtherServices     home.way.other_services
        press   rights        guide.rights            Topics            guide.rights
        press   topic.passport  -                     ShowTopic         -
        press   back          button.return           Topics            guide.rights
        press   finish        button.finish           Home              home.answer_follows
    """,
    "a paper is checked": """
        scan    receipt       -                       ShowPaper         paper.latest.title
        press   number        button.details          EnterCode         entry.code.title
        press   finish        button.home             Home              home.answer_follows
    """,
    "help": """
        hold    way.help      home.way.help           HelpCalled        -
        press   finish        button.home             Home              home.answer_follows
    """,
    "card": """
        press   way.card      home.way.card           PlaceCard         card.place.title
        card    put           -                       TypeKey           card.type.number
        press   can           button.can              TypeKey           card.type.access_number
        type    can           -                       TypeKey           -
        press   enter         button.enter            ShowStatus        chain.title
        press   finish        button.finish           TakeCard          card.take.title
        card    taken         -                       Home              home.answer_follows
    """,
}


BY_KEYS = set(JOURNEYS) if os.environ.get("ISTILAM_THREE_WAYS") == "whole" else {"slip"}
"""By five keys with an eye on them: by ear is by the same keys, and plays all of it."""

AT_THE_BOTTOM = {"print", "finish", "add", "list", "confirm", "number", "can", "enter", "back"}
"""Who begins at the top, and hears what there is, comes to the actions soonest by going round."""

PASSING = {"Reading", "AskingOffice", "Printing", "ReadingCard"}
"""Screens that are drawn only where a machine takes its time."""


HOW: dict[str, dict[str, Any]] = {"taken": {"open": False, "refused": None}}


@dataclass(frozen=True)
class Step:
    """One line of a table."""

    act: str
    what: str
    label: str
    screen: str
    hears: str


def steps(table: str) -> Iterator[Step]:
    for line in table.strip().splitlines():
        yield Step(*line.split())


@dataclass
class Visitor:
    """Somebody before the terminal, by touch: with slips, a paper of before, and a passport in his pocket."""

    terminal: StandingTerminal
    texts: dict[str, str]
    typed: dict[str, str]
    passport: Card

    def plays(self, table: str) -> list[str]:
        """Do what a table says; gives the screens that came."""
        begin = len(self.terminal.screens)
        for step in steps(table):
            self.does(step)
            screen, _, how = step.screen.partition(":")
            self.terminal.sees(screen, **HOW.get(how, {}))
            self.listens(step)
        names = [screen["drawn"] for screen in self.terminal.screens[begin:]]
        shown = [name for name in names if name not in PASSING]
        return [name for at, name in enumerate(shown) if at == 0 or name != shown[at - 1]]

    def does(self, step: Step) -> None:
        match step.act:
            case "scan":
                self.terminal.scanner.reads(self.texts[step.what])
            case "press":
                self.presses(step.what, step.label)
            case "hold":
                self.holds(step.what, step.label)
            case "type":
                self.types(self.typed[step.what])
            case "card" if step.what == "put":
                self.passport.insert()
            case "card":
                self.passport.remove()
            case _:
                raise AssertionError(step)

    def presses(self, name: str, label: str) -> None:
        self.terminal.presses(name)

    def holds(self, name: str, label: str) -> None:
        self.terminal.holds(name)

    def types(self, digits: str) -> None:
        for digit in digits:
            self.presses(f"key.{digit}", "-")

    def listens(self, step: Step) -> None:
        """By eye there is nothing to hear."""
        self.terminal.lets_go()


class ByKeys(Visitor):
    """By five keys, with an eye on the ring of the focus."""

    def presses(self, name: str, label: str) -> None:
        self.terminal.goes_to(name)

    def holds(self, name: str, label: str) -> None:
        self.terminal.walks_to(name)
        self.terminal.holds_key("ok")

    def types(self, digits: str) -> None:
        """Six by the five keys; what is longer, all but the last two by a keyboard that is plugged in."""
        if len(digits) > 6:
            self.terminal.writes(digits[:-2])
            digits = digits[-2:]
        super().types(digits)


class ByEar(ByKeys):
    """By five keys and the headphones alone: what is pressed was said before, and so is what comes."""

    words: Words = words_of("en")

    def presses(self, name: str, label: str) -> None:
        self.terminal.walks_to(name, by="up" if name in AT_THE_BOTTOM else "down")
        self.hears(label)
        self.terminal.keys("ok")

    def holds(self, name: str, label: str) -> None:
        self.terminal.walks_to(name)
        self.hears(label)
        self.terminal.holds_key("ok")

    def listens(self, step: Step) -> None:
        self.terminal.lets_go()
        if step.act != "type":
            self.hears(step.hears)

    def hears(self, key: str) -> None:
        self.terminal.hears("" if key == "-" else spoken(self.words(key), self.words))


@pytest.mark.timeout(600)
def test_each_journey_goes_alike_by_touch_by_five_keys_and_by_ear(
    open_office: OfficeDesk,
    country: Callable[..., Card],  # noqa: F811
    tmp_path: Path,
) -> None:
    slip, other = (open_office.files(language="en") for _ in range(2))
    open_office.files(language="en", opened_by=BY_PASSPORT)
    open_office.approves_up_to(slip, "registry")
    shown = run("central_api", "content", "show", "--data", str(open_office.data), "--json")
    (tmp_path / "content.toml").write_text(shown["source"], encoding="utf-8")
    run("central_api", "content", "publish", str(tmp_path / "content.toml"), "--data", str(open_office.data), "--json")
    passport = country("passport", "--out")
    let_in(tmp_path / "terminal", open_office)
    keypad = TactileKeypad(tmp_path / "keypad")
    with (
        printer(tmp_path) as paper,
        standing(
            *(tmp_path, open_office.url, "--card", f"pcsc:{READER}", "--keypad", keypad.address, "--language", "en"),
            printer=paper.address,
        ) as terminal,
    ):
        terminal.sees("Home", ways=["card", "help", "number", "other_services"], printer="ok")
        texts = {"slip": slip.url, "other": other.url}
        came: dict[str, list[list[str]]] = {name: [] for name in JOURNEYS}
        for visitor in (Visitor, ByKeys, ByEar):
            if visitor is ByEar:
                keypad.headphones(True)
                terminal.hears(words_of("en")("home.answer_follows"))
            someone = visitor(terminal, texts, typed(slip), passport)
            for name, table in JOURNEYS.items():
                if visitor is ByKeys and name not in BY_KEYS:
                    continue
                came[name].append(someone.plays(table))
                texts.setdefault("receipt", paper.receipt_on(paper.sheets()[0]))
                assert terminal.left()["sheets"] == 0, (name, visitor.__name__)
    for name, (by_touch, *otherwise) in came.items():
        assert all(screens == by_touch for screens in otherwise), name
        assert by_touch[-1] == "Home"


def typed(slip: FiledSlip) -> dict[str, str]:
    return {"number": slip.tracking, "code": slip.secret_code, "can": "314159"}
