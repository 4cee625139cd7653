"""Offices whose applications end, and their way to a gateway."""

from pathlib import Path

from central_api.store import Office, Submitted
from central_api.store.outbox import Delivery, counts

from .kannel import PASSWORD, USER

CHAIN = ("registry", "head_of_department", "head_of_service", "director_general", "minister")


def configure(data: Path, url: str, reports: str = "", *, password: str = PASSWORD, **more: object) -> None:
    """Write the office's sms.toml, and its password beside it."""
    (data / "secrets" / "sms-password").write_text(f"{password}\n")
    given = {"url": url, "username": USER, "sender": "MINLABOUR", "reports": reports}
    given |= {"password_file": "secrets/sms-password", **more}
    lines = [f'{key} = "{it}"' if isinstance(it, str) else f"{key} = {str(it).lower()}" for key, it in given.items()]
    (data / "sms.toml").write_text("\n".join(lines))


def submitted(office: Office, phone: str | None = "+96171123456", **more) -> Submitted:
    return office.submit("work_permits", "renewal", region="beirut", phone=phone, **more)


def completed(office: Office, phone: str | None = "+96171123456", **more) -> Submitted:
    """Take an application in and through its whole chain."""
    given = submitted(office, phone, **more)
    for role in CHAIN:
        office.act(given.tracking, "approve", role=role)
    return given


def rejected(office: Office, phone: str | None = "+96171123456", **more) -> Submitted:
    given = submitted(office, phone, **more)
    office.act(given.tracking, "reject", role="registry", reasons=("fees_unpaid",))
    return given


def how_many(office: Office, state: Delivery) -> int:
    return counts(office.own_reader)[state]
