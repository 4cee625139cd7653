"""Whole visits: an office that moves a file, a visitor with a slip, a terminal, a printer."""

import base64
from pathlib import Path

import pytest
from PIL import Image

from .people import LobbyTerminal, OfficeDesk, printer


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_slip_shows_where_the_application_is_and_leaves_on_paper(
    open_office: OfficeDesk, terminal: LobbyTerminal, tmp_path: Path, language: str
) -> None:
    slip = open_office.files(language=language)
    open_office.approves_up_to(slip, "head_of_service")
    with printer(tmp_path) as lobby_printer:
        shots = tmp_path / "shots"
        visit = terminal.visited_with(slip, language=language, printer=lobby_printer.address, shots=shots)
        assert (visit["outcome"], visit["state"], visit["printed"]) == ("status", "under_review", "confirmed")
        screens = [Path(shot).name.partition("-")[2] for shot in visit["shots"]]
        assert [screens[0], screens[-1]] == ["home.png", "home.png"]
        assert {"showstatus.png", "printed.png"} < set(screens)
        assert all(Image.open(shot).size == (1080, 1920) for shot in visit["shots"])
        (sheet,) = lobby_printer.sheets()
        receipt = lobby_printer.receipt_on(sheet)
    assert open_office.verifies(receipt)["receipt"] == "holds"
    forged = receipt[:-9] + ("A" if receipt[-9] != "A" else "B") + receipt[-8:]
    open_office.verifies(forged, expect=1)


def test_every_signature_in_order_completes_it_and_none_is_skipped(office: OfficeDesk) -> None:
    slip = office.files()
    refused = office.acts(slip, "approve", "minister", expect=1)
    assert "registry" in str(refused)
    for role in ("registry", "head_of_department", "head_of_service", "director_general", "minister"):
        office.acts(slip, "approve", role)
    office.acts(slip, "approve", "minister", expect=1)
    office.verifies()


def test_a_returned_file_says_so(open_office: OfficeDesk, terminal: LobbyTerminal) -> None:
    slip = open_office.files("recruitment", "prior_approval")
    open_office.approves_up_to(slip, "registry")
    open_office.acts(
        slip, "return", "head_of_department", *("--reason", "document_missing", "--document", "passport_copy")
    )
    visit = terminal.visited_with(slip, language="fr")
    assert (visit["outcome"], visit["state"], visit["printed"]) == ("status", "returned", "no")


def test_with_the_office_gone_the_terminal_answers_from_its_vault_and_tells_the_age(
    office: OfficeDesk, terminal: LobbyTerminal, tmp_path: Path
) -> None:
    slip = office.files()
    office.approves_up_to(slip, "head_of_department")
    with office.open():
        before = terminal.visited_with(slip)
    with printer(tmp_path) as lobby_printer:
        after = terminal.visited_with(slip, printer=lobby_printer.address)
        assert (after["outcome"], after["printed"], after["link_cut"]) == ("status", "confirmed", True)
        assert (after["state"], after["version"]) == (before["state"], before["version"])
        assert after["signed_at"] >= before["signed_at"] > 0
        receipt = lobby_printer.receipt_on(lobby_printer.sheets()[-1])
    assert office.verifies(receipt)["receipt"] == "holds"


def test_a_slip_that_this_terminal_never_heard_of_is_not_called_unknown_while_the_office_is_gone(
    office: OfficeDesk, terminal: LobbyTerminal
) -> None:
    known = office.files()
    with office.open():
        terminal.visited_with(known)
    unheard = office.files()
    assert terminal.visited_with(unheard)["outcome"] == "unreachable"
    with office.open():
        assert terminal.visited_with(unheard)["outcome"] == "status"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("WIFI:S:lobby;T:WPA;P:12345678;;", "not_a_slip"),
        ("HTTPS://TAX.EXAMPLE/#26318283312.4QGAJILAD2KC7MNBDKPN2E4XU4", "foreign"),
        ("HTTPS://FOLLOW.LABOUR.EXAMPLE/#26318283312.4QGAJILAD2KC7MN", "damaged"),
        ("HTTPS://FOLLOW.LABOUR.EXAMPLE/#26318283312.4QGAJILAD2KC7MNBDKPN2E4XU4", "unknown"),
    ],
)
def test_what_is_no_slip_of_ours_gets_its_own_answer(
    open_office: OfficeDesk, terminal: LobbyTerminal, text: str, outcome: str
) -> None:
    open_office.files()
    assert terminal.visited_with(text, language="en")["outcome"] == outcome


def test_number_and_code_are_typed_on_the_screen_by_themselves(
    open_office: OfficeDesk, terminal: LobbyTerminal
) -> None:
    slip = open_office.files()
    open_office.approves_up_to(slip, "registry")
    visit = terminal.visited_with((slip.tracking, slip.secret_code), language="fr")
    assert (visit["outcome"], visit["state"]) == ("status", "under_review")
    assert slip.secret_code not in str(visit)


def test_a_reissued_slip_makes_the_old_one_worthless(open_office: OfficeDesk, terminal: LobbyTerminal) -> None:
    from .people import run

    slip = open_office.files()
    renewed = run("central_api", "slip", "reissue", "--data", str(open_office.data), slip.tracking, "--json")
    assert terminal.visited_with(slip)["outcome"] == "replaced"
    assert terminal.visited_with(renewed["slip_url"])["outcome"] == "status"


def test_without_paper_it_never_says_printed(open_office: OfficeDesk, terminal: LobbyTerminal, tmp_path: Path) -> None:
    slip = open_office.files()
    with printer(tmp_path, "--fault", "paper-out") as lobby_printer:
        visit = terminal.visited_with(slip, printer=lobby_printer.address)
    assert (visit["outcome"], visit["printed"]) == ("status", "no")


def test_one_changed_byte_in_the_register_is_named(office: OfficeDesk) -> None:
    import sqlite3

    for _ in range(3):
        office.approves_up_to(office.files(), "registry")
    office.verifies()
    with sqlite3.connect(office.data / "office.db") as register:
        position, body = register.execute(
            "SELECT position, body FROM event ORDER BY position LIMIT 1 OFFSET 2"
        ).fetchone()
        register.execute("UPDATE event SET body = ? WHERE position = ?", (body[:-1] + bytes([body[-1] ^ 1]), position))
    said = office.verifies(expect=1)
    assert str(position) in str(said)


def test_nothing_of_the_visitor_remains_on_the_terminals_disk(open_office: OfficeDesk, terminal: LobbyTerminal) -> None:
    slip = open_office.files()
    terminal.visited_with(slip)
    tracking = slip.tracking.encode()
    shown = f"{slip.tracking[:2]}-{slip.tracking[2:6]}-{slip.tracking[6:10]}-{slip.tracking[10]}".encode()
    key = slip.url.rpartition(".")[2].encode()
    needles = [
        spelling
        for secret in (tracking, shown, key, slip.secret_code.encode(), b"+96171123456", b"71123456")
        for spelling in (secret, secret.hex().encode(), base64.b64encode(secret), secret.decode().encode("utf-16-le"))
    ]
    files = [path for path in terminal.data.rglob("*") if path.is_file()]
    assert any(path.stat().st_size for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [needle for needle in needles if needle in content], path.name
