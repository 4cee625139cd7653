"""The dock's printer: the virtual printer on a port of loopback, and the paper that comes out of it."""

import asyncio
import io
from pathlib import Path
from typing import Any, Final

from devices.dock.board import Board
from devices.simulators.lines import listen
from devices.simulators.printer import RECEIVE_BUFFER, VirtualPrinter
from devices.simulators.settings import Fault, Settings

LOOK: Final = 0.15
"""Seconds between two looks at the paper, while it moves."""
PAPERS_SHOWN: Final = 6


class PaperTray:
    """For one asyncio loop. paper: folder for the pictures of what was cut off."""

    def __init__(self, paper: Path, speed: float, board: Board) -> None:
        self._folder = paper
        self._board = board
        self._printer = VirtualPrinter(Settings(paper, speed=speed), self._report)
        self._listener = listen("127.0.0.1:0", RECEIVE_BUFFER)
        self._papers: list[str] = []
        self.address = self._listener.address

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._printer.run(self._listener))
            tasks.create_task(self._watch())

    async def change(self, fault: Fault) -> None:
        await self._printer.change(fault)
        self._show()

    async def refill(self, millimetres: int | None) -> None:
        """A new roll, of so much paper; None for one without end. The cover is shut."""
        await self._printer.change("none", millimetres)
        self._show()

    async def hanging(self) -> bytes | None:
        """PNG of the paper that hangs out of the slot, not cut yet; None when there is none."""
        picture = self._printer.paper.hanging()
        if picture is None:
            return None
        file = io.BytesIO()
        await asyncio.to_thread(picture.to_image().save, file, format="PNG")
        return file.getvalue()

    def cut_off(self, name: str) -> Path | None:
        """The picture of a paper that came out in this run."""
        return self._folder / name if name in self._papers else None

    async def _watch(self) -> None:
        while True:
            self._show()
            await asyncio.sleep(LOOK)

    def _show(self) -> None:
        state: dict[str, Any] = self._printer.state()
        told = {name: state[name] for name in ("fault", "cover_open", "paper_out", "near_end", "connected", "rows")}
        hanging = self._printer.paper.hanging_rows
        self._board.show("printer", told | {"hanging": hanging, "papers": self._papers[-PAPERS_SHOWN:]})

    def _report(self, event: dict[str, Any]) -> None:
        name = Path(event["paper"]).name
        self._papers.append(name)
        self._board.note("paper_came_out", name)
        self._show()
