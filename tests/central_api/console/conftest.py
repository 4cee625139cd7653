from collections.abc import Iterator

import pytest

from central_api.workflow import Duty
from tests.central_api.web.running import Running, running

from .staff import Person, hire, sign_in


class House:
    """A real office that serves, with people of its own, each signed in."""

    def __init__(self, served: Running) -> None:
        self.served = served
        self.office = served.office
        self.people: dict[str, Person] = {}

    def add(self, login: str, *units: str, **details) -> Person:
        person = hire(self.office, login, *units, **details)
        assert sign_in(self.office, person, self.served.url).status_code == 200
        self.people[login] = person
        return person

    def filed(self, **details) -> str:
        """A file at the Head of Department in Beirut."""
        wanted = {"region": "beirut", "phone": "+96171999888", **details}
        tracking = self.office.submit("work_permits", "renewal", **wanted).tracking
        self.office.act(tracking, "accept", role="registry")
        return tracking


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house") / "office", "--loopback-terminals") as served:
        house = House(served)
        house.add("rita", "intake/beirut", name="Rita Samaha")
        house.add("nada", "registry/beirut", name="Nada Khoury")
        house.add("rami", "head_of_department/beirut", name="Rami Haddad")
        house.add("maya", "head_of_service", name="Maya Salameh")
        house.add("sami", duty=Duty.ADMINISTRATOR)
        house.add("huda", duty=Duty.AUDITOR)
        yield house
