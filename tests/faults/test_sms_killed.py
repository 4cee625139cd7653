"""Killed at any point, senders lose no message, and double none of which the gateway could report in time."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from central_api.contract.status import Language
from central_api.notify import Gateway, send_next, sms_settings
from central_api.notify.gateway import Taken
from central_api.notify.texts import text_of
from central_api.store import Office, open_office, outbox
from central_api.store.outbox import LEASE_SECONDS, Delivery, Kind
from tests.central_api.notify.kannel import Kannel, free_port, kannel
from tests.central_api.notify.offices import completed, configure, how_many
from tests.central_api.web.running import running, until

from .sms_sender import fast_clock

CAUGHT, A_ROUND, MOST_MESSAGES = 4, 12, 240


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory):
    with kannel(tmp_path_factory.mktemp("gateway") / "kannel") as started:
        yield started


def started(data: Path, epoch: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.faults.sms_sender", str(data), str(epoch)])


def begun(office: Office) -> int:
    return office.own_reader.execute("SELECT sum(attempts) FROM message").fetchone()[0]


def held_by_the_dead(office: Office) -> int:
    """How many messages a sender had in its hands, after every sender was killed."""
    query = "SELECT count(*) FROM message WHERE state = 1 AND attempts > 0 AND due > 0"
    return office.own_reader.execute(query).fetchone()[0]


def test_senders_that_are_killed_again_and_again_send_everything_once(gateway: Kannel, tmp_path: Path):
    data, port, epoch, dice = tmp_path / "office", free_port(), time.time(), random.Random(7)
    phones: list[str] = []
    with open_office(data, clock=fast_clock(epoch)) as office:
        configure(data, gateway.url, f"http://127.0.0.1:{port}")
        with running(data, port=port):
            caught = 0
            while caught < CAUGHT:
                assert len(phones) < MOST_MESSAGES, "nobody is ever killed in the middle of a message"
                more = [f"+96170001{len(phones) + number:03d}" for number in range(A_ROUND)]
                phones += more
                with office.batch():
                    for phone in more:
                        completed(office, phone)
                seen, two = begun(office), [started(data, epoch) for _ in range(2)]
                until(lambda seen=seen: begun(office) > seen)
                time.sleep(dice.random() / 100)
                for process in two:
                    process.kill()
                    process.wait()
                caught += held_by_the_dead(office)
            survivor = started(data, epoch)
            until(lambda: how_many(office, Delivery.DELIVERED) == len(phones), 60)
            survivor.terminate()
            survivor.wait()
        text = text_of(Kind.COMPLETED, Language.AR, office.settings.names)
        received = Counter((sms.phone, sms.text) for sms in gateway.received())
        assert received == dict.fromkeys([(phone, text) for phone in phones], 1)
        assert {message.copies for message in outbox.messages(office.own_reader, most=MOST_MESSAGES)} == {1}


class _Killed(BaseException):
    pass


class _Deadly(Gateway):
    """Kills its sender once the gateway has the message: the one moment that nobody can make safe by himself."""

    def send(self, phone: str, text: str, report: bytes, attempt: int) -> Taken:
        assert super().send(phone, text, report, attempt) == Taken()
        raise _Killed


@pytest.mark.parametrize("reports", [True, False])
def test_between_the_gateways_yes_and_our_commit_only_its_report_saves_from_sending_twice(gateway, tmp_path, reports):
    now = [int(time.time())]
    data, port, phone = tmp_path / "office", free_port(), f"+9617000020{reports:d}"
    with open_office(data, clock=lambda: now[0]) as office:
        configure(data, gateway.url, f"http://127.0.0.1:{port}" if reports else "")
        with running(data, port=port):
            completed(office, phone)
            with pytest.raises(_Killed):
                send_next(office, _Deadly(sms_settings(data)))
            until(lambda: any(sms.phone == phone for sms in gateway.received()))
            if reports:
                until(lambda: how_many(office, Delivery.DELIVERED) == 1)
            next_sender = Gateway(sms_settings(data))
            assert send_next(office, next_sender) is None
            now[0] += LEASE_SECONDS
            assert send_next(office, next_sender) == (None if reports else Taken())
        until(lambda: sum(sms.phone == phone for sms in gateway.received()) == (1 if reports else 2))
        assert outbox.messages(office.own_reader)[0].attempts == (1 if reports else 2)
