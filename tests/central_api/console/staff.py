"""People of a real office for the tests: invited by its own code, joined, and signed in over HTTP."""

import re
from dataclasses import dataclass, field

import pyotp
import requests

from central_api.store import Office, credentials, people
from central_api.workflow import Duty

PASSWORD = "cedars-of-the-north"


@dataclass
class Person:
    """Somebody with an account; `totp` is what his phone knows."""

    login: str
    row: int
    totp: str
    url: str = ""
    web: requests.Session = field(default_factory=requests.Session)

    def digits(self, now: int) -> str:
        return pyotp.TOTP(self.totp).at(now)

    def get(self, path: str, **options) -> requests.Response:
        return self.web.get(f"{self.url}/console{path}", timeout=20, **options)

    def post(self, path: str, origin: str | None = None, **fields) -> requests.Response:
        headers = {"origin": self.url if origin is None else origin}
        return self.web.post(f"{self.url}/console{path}", data=fields, headers=headers, timeout=20)

    def form(self, page: str, path: str, **fields) -> requests.Response:
        """Send a form with the hidden fields of the page that it stands on."""
        shown = self.get(page).text
        hidden = dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', shown))
        return self.post(path, **{**hidden, **fields})


def hire(
    office: Office, login: str, *units: str, duty: Duty = Duty.OFFICER, language: str = "en", name: str = "", **own
) -> Person:
    """Make an account and let its person join."""
    now, totp = office.clock(), credentials.new_totp()
    held = [people.unit_named(unit) for unit in units]
    shown = name or login.title()

    def add(connection):
        return people.add(
            connection, login, shown, duty, held, language=language, by=people.COMMAND_LINE, now=now, **own
        )

    code = office.execute_write(add).result()
    hashed = credentials.hash_password(PASSWORD)
    # Of the step before, so that the present one is still good for signing in.
    digits = pyotp.TOTP(totp).at(now - 30)

    def join(connection):
        return credentials.join(
            connection, office.data, login, code, password=PASSWORD, hashed=hashed, totp=totp, digits=digits, now=now
        )

    return Person(login, office.execute_write(join).result().row, totp)


def sign_in(office: Office, person: Person, url: str, password: str = PASSWORD) -> requests.Response:
    person.url = url
    return person.post("/sign-in", login=person.login, password=password, digits=person.digits(office.clock()))
