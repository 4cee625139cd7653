"""A gateway that is absent, slow, silent, refusing, talking nonsense, or gone in the middle: nothing lost, and told."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from central_api.notify import Gateway, send_next, sms_settings
from central_api.notify.gateway import Away, Outcome, Refused, Taken, Unsure
from central_api.notify.sender import REFUSED_SECONDS, UNSURE_SECONDS, Sender
from central_api.store import open_office, outbox
from central_api.store.outbox import Delivery
from tests.central_api.notify.kannel import free_port
from tests.central_api.notify.offices import completed, configure, how_many
from tests.central_api.web.running import until

YES = b"HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n0: Accepted for delivery"
Talk = Callable[[socket.socket], None]


@contextmanager
def gateway(talk: Talk) -> Iterator[str]:
    """Something that takes connections, reads a request and answers as it likes; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connected, _ = listening.accept()
                except TimeoutError:
                    continue
                with connected:
                    connected.settimeout(5)
                    request = connected.recv(65536)
                    while b"\r\n\r\n" not in request:
                        request += connected.recv(65536)
                    with suppress(OSError):  # the sender hung up
                        talk(connected)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/cgi-bin/sendsms"
        finally:
            ended.set()
            thread.join()


def says(*pieces: bytes) -> Talk:
    return lambda connected: [connected.sendall(piece) for piece in pieces] and None


def status(line: str, body: bytes = b"") -> Talk:
    return says(f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body)


def is_silent(connected: socket.socket) -> None:
    connected.recv(65536)
    connected.recv(65536)


def drips(connected: socket.socket) -> None:
    connected.sendall(b"HTTP/1.1 202 Accepted\r\nX: ")
    while True:
        connected.sendall(b"x")
        time.sleep(0.05)


def floods(connected: socket.socket) -> None:
    connected.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 99999999\r\n\r\n")
    while True:
        connected.sendall(b"0" * 65536)


def resets(connected: socket.socket) -> None:
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


FAULTS: dict[str, tuple[Talk, type[Outcome]]] = {
    "silent": (is_silent, Unsure),
    "drips": (drips, Unsure),
    "floods": (floods, Unsure),
    "resets": (resets, Unsure),
    "closes": (lambda _: None, Unsure),
    "half an answer": (says(YES[:40]), Unsure),
    "garbage": (says(bytes(range(256)) * 16), Unsure),
    "a page of somebody else's": (status("200 OK", b"<html>It works!</html>"), Unsure),
    "another yes": (status("202 Accepted", b"Sent."), Unsure),
    "an error of its own": (status("500 Internal Server Error"), Unsure),
    "a proxy's": (status("504 Gateway Timeout"), Unsure),
    "busy": (status("503 Service Unavailable", b"Temporal failure, try again later."), Away),
    "another password": (status("403 Forbidden", b"Authorization failed for sendsms"), Away),
    "another address": (status("404 Not Found"), Away),
    "refuses": (status("400 Bad Request", b"rejected"), Refused),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_gateway_does_the_message_is_kept_and_goes_when_it_is_well(tmp_path: Path, fault: str):
    now, (talk, outcome) = [int(time.time())], FAULTS[fault]
    data = tmp_path / "office"
    with open_office(data, clock=lambda: now[0]) as office:
        completed(office)
        with gateway(talk) as url:
            configure(data, url, timeout=0.5)
            # One deadline for the whole of an answer, however it comes: by drips, this would never end.
            assert isinstance(send_next(office, Gateway(sms_settings(data))), outcome)
        (kept,) = outbox.messages(office.own_reader)
        assert kept.state is Delivery.QUEUED
        assert kept.why
        with gateway(says(YES)) as url:
            configure(data, url)
            well = Gateway(sms_settings(data))
            if outcome is not Away:
                assert send_next(office, well) is None
                now[0] += max(REFUSED_SECONDS[0], UNSURE_SECONDS[0])
            assert send_next(office, well) == Taken()
        assert how_many(office, Delivery.SENT) == 1


def test_a_gateway_that_is_not_there_costs_nothing(tmp_path: Path):
    data = tmp_path / "office"
    with open_office(data) as office:
        completed(office)
        configure(data, f"http://127.0.0.1:{free_port()}/")
        for _ in range(3):
            assert isinstance(send_next(office, Gateway(sms_settings(data))), Away)
        (kept,) = outbox.messages(office.own_reader)
        assert (kept.state, kept.attempts) == (Delivery.QUEUED, 0)


def test_nonsense_for_ever_ends_with_three_attempts(tmp_path: Path):
    now, data = [int(time.time())], tmp_path / "office"
    with open_office(data, clock=lambda: now[0]) as office, gateway(status("200 OK", b"?")) as url:
        completed(office)
        configure(data, url)
        asks = Gateway(sms_settings(data))
        for _ in range(3):
            assert isinstance(send_next(office, asks), Unsure)
            now[0] += max(UNSURE_SECONDS)
        assert send_next(office, asks) is None
        (kept,) = outbox.messages(office.own_reader)
        assert (kept.state, kept.attempts, kept.why) == (Delivery.GIVEN_UP, 3, "http_200")


def test_a_sender_waits_for_a_gateway_that_is_away_and_ends_at_once_when_told(tmp_path: Path):
    data, port = tmp_path / "office", free_port()
    with open_office(data) as office:
        configure(data, f"http://127.0.0.1:{port}/")
        for _ in range(5):
            completed(office)
        sender = Sender(office, Gateway(sms_settings(data)))
        sender.start()
        until(lambda: any(kept.why for kept in outbox.messages(office.own_reader)))
        sender.stop()
        # While it is away it is asked with one message, not with all of them.
        assert sum(bool(kept.why) for kept in outbox.messages(office.own_reader)) == 1
        assert how_many(office, Delivery.QUEUED) == 5
        assert sender.crashed is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_the_sender_is_a_crash_that_its_server_hears_of(tmp_path: Path):
    data = tmp_path / "office"
    with open_office(data) as office:
        completed(office)
        configure(data, "http://127.0.0.1:1/")

        class Broken(Gateway):
            def send(self, phone: str, text: str, report: bytes, attempt: int) -> Outcome:
                raise ZeroDivisionError

        sender, heard = Sender(office, Broken(sms_settings(data))), threading.Event()
        sender.on_crash = heard.set
        sender.start()
        assert heard.wait(20)
        sender.stop()
        assert isinstance(sender.crashed, ZeroDivisionError)
