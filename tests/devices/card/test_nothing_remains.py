"""What was read from a card is nowhere once the visit is over: no file, no log, and not the next process's memory."""

import re
from contextlib import suppress
from pathlib import Path

from devices.card.outcome import CardFault, CardNotRead, PassportRead
from devices.card.states import CardPresent, ReaderEmpty
from tests.devices.card.peers import FIELDS, Terminal, new_card, pcscd, pki, terminal
from tests.devices.peers import wait_until

__all__ = ["new_card", "pcscd", "pki", "terminal"]

TRACES = (b"L898902C3", b"ERIKSSON<<ANNA", bytes.fromhex("04AABBCCDDEEFF"))


def _memory(pid: int) -> bytes:
    """All that the process could still say: every writable page of it."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area:
                start, end = (int(edge, 16) for edge in area.groups())
                with suppress(OSError, ValueError):
                    memory.seek(start)
                    found.append(memory.read(end - start))
    return b"".join(found)


def _holds(data: bytes) -> list[bytes]:
    return [trace for trace in TRACES if trace in data]


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_passport_leaves_nothing(capfd, pcscd, new_card, tmp_path):
    lobby = Terminal()
    try:
        new_card("passport")
        lobby.meets("passport")
        reader = lobby.driver
        assert isinstance(lobby.reads(FIELDS, bytes(8)), PassportRead)
        assert _holds(_memory(reader))  # so that what follows means something
        links = [str(link.readlink()) for link in Path(f"/proc/{reader}/fd").iterdir() if int(link.name) > 2]
        assert [link for link in links if not link.startswith("socket:")] == []
        assert re.search(r"core file size +0 +0", Path(f"/proc/{reader}/limits").read_text())

        lobby.devices.forget()
        wait_until(lambda: _gone(reader))
        wait_until(lambda: _has_looked(lobby))
        assert _holds(_memory(lobby.driver)) == []
    finally:
        lobby.devices.stop()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert _holds(file.read_bytes()) == [], file
    said = capfd.readouterr()
    assert _holds((said.out + said.err).encode()) == []


def _has_looked(lobby: Terminal) -> bool:
    """The new process met the card that still lies there: it is asked, and says that it needs a key."""
    return lobby.reads(None) == CardNotRead(CardFault.NEEDS_KEY)


def test_a_contactless_number_leaves_with_the_visit(terminal, new_card):
    card = new_card("uid", "--uid", "04AABBCCDDEEFF")
    terminal.meets("uid")
    reader = terminal.driver
    card.remove()
    terminal.misses()
    terminal.devices.forget()
    wait_until(lambda: _gone(reader))
    wait_until(lambda: terminal.reads(None) == CardNotRead(CardFault.NO_CARD))
    assert _holds(_memory(terminal.driver)) == []


def test_a_read_that_the_visit_did_not_wait_for_is_forgotten(terminal, new_card):
    card = new_card("passport")
    terminal.meets("passport")
    reader = terminal.driver
    read = terminal.asks(FIELDS)
    terminal.devices.forget()
    next_visit = terminal.asks(FIELDS)
    assert terminal.hears(read) == CardNotRead(CardFault.FORGOTTEN)
    assert isinstance(terminal.hears(next_visit), PassportRead)
    assert _gone(reader)
    assert CardPresent("passport") == terminal.devices._card.state  # the card never left, and nobody said so
    card.remove()
    terminal.misses()


def test_a_process_that_met_no_card_stays(terminal, new_card):
    terminal.sees(ReaderEmpty())
    reader = terminal.driver
    terminal.devices.forget()
    new_card("chip")
    terminal.meets("chip")
    assert terminal.driver == reader
