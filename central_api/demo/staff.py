"""The demo's officers: one for each step in Beirut, a counter, who keeps accounts and who audits; see staff.json."""

import json
import secrets
from typing import Final

from central_api.store import Office, people
from central_api.store.founding import write_secret
from central_api.workflow import Duty

_PEOPLE: Final[dict[str, tuple[str, str]]] = {
    "rita": ("ريتا سماحة", "intake/beirut"),
    "nada": ("ندى خوري", "registry/beirut"),
    "rami": ("رامي حداد", "head_of_department/beirut"),
    "maya": ("مايا سلامة", "head_of_service"),
    "karim": ("كريم عيد", "director_general"),
    "minister": ("الوزير", "minister"),
    "admin": ("سامي عون", ""),
    "auditor": ("هدى ناصر", ""),
}
_DUTIES: Final = {"admin": Duty.ADMINISTRATOR, "auditor": Duty.AUDITOR}


def hire_staff(office: Office) -> None:
    """Make the accounts, and write logins, passwords and their phones' secrets beside the register (mode 0600)."""
    told = {login: _hire(office, login, name, unit) for login, (name, unit) in _PEOPLE.items()}
    write_secret(office.data / "staff.json", json.dumps(told, ensure_ascii=False, indent=1).encode())


def _hire(office: Office, login: str, name: str, unit: str) -> dict[str, str]:
    from central_api.store import credentials

    now, password, totp = office.clock(), secrets.token_urlsafe(12), credentials.new_totp()
    units, duty = [people.unit_named(unit)] if unit else [], _DUTIES.get(login, Duty.OFFICER)
    by = people.COMMAND_LINE
    code = office.execute_write(lambda c: people.add(c, login, name, duty, units, by=by, now=now)).result()
    hashed = credentials.hash_password(password)
    # With the digits of a moment ago, so that the phone's present ones are still good for signing in.
    digits, data = credentials.digits_at(totp, now - 30), office.data
    office.execute_write(
        lambda c: credentials.join(
            c, data, login, code, password=password, hashed=hashed, totp=totp, digits=digits, now=now
        )
    ).result()
    return {"name": name, "unit": unit, "password": password, "totp": totp}
