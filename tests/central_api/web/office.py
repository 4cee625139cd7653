"""A served office as its people command it, and what it says to whoever asks in vain."""

import json

import pytest
import requests

from central_api.__main__ import main
from central_api.contract.enrolment import NO_CA, Enrolment, parse_enrolment

from .machine import Machine
from .running import Running


class Office:
    """A running office, and its commands as staff give them."""

    def __init__(self, served: Running, capsys: pytest.CaptureFixture[str]) -> None:
        self.served = served
        self._capsys = capsys

    def __call__(self, *words: str, exits: int = 0):
        code = main([*words, "--data", str(self.served.data), "--json"])
        out, error = self._capsys.readouterr()
        assert code == exits, error
        return json.loads(out)

    def invites(self, *words: str) -> Enrolment:
        return parse_enrolment(self("terminal", "add", *words)["url"])

    def machine(self, **more) -> Machine:
        return Machine(self.served.url, **more)

    def lets_in(self, *words: str, **more) -> tuple[str, Machine]:
        """Enrol a new machine all the way; returns its name."""
        machine = self.machine(**more)
        told = machine.enrols(self.invites(*(words or ("--site", "hall")))).json()
        self("terminal", "accept", told["terminal"], machine.digits(self.root, NO_CA, told["nonce"]))
        return told["terminal"], machine

    @property
    def root(self) -> bytes:
        return self.served.office.root_public

    def state(self, name: str):
        return next(one for one in self("terminals")["terminals"] if one["terminal"] == name)


def problem(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]
