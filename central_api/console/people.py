"""Accounts, for administrators: who is invited, what each holds. They sign nothing, and auditors see all they do."""

from starlette.responses import Response

from central_api.store import ActionRefused, people
from central_api.store.codes import phone_of
from central_api.workflow import Duty, RefusalCode

from .asked import Asked


def show(asked: Asked) -> Response:
    """Show the accounts."""
    return _page(asked)


def change(asked: Asked) -> Response:
    """Make or change an account; an invitation's code is shown once."""
    by, now = asked.account.signed, asked.desk.office.clock()
    login, what = asked.value("login").lower(), asked.value("what")
    try:
        if login == asked.account.login and what != "add":
            raise ActionRefused(RefusalCode.NOT_ALLOWED, "nobody changes his own account")
        units = [asked.desk.office.unit_to_hold(one) for one in asked.values("unit")]
        code = ""
        match what:
            case "add":
                duty = Duty.of_word(asked.value("duty")) or Duty.OFFICER
                phone = phone_of(asked.value("phone")) if asked.value("phone") else None
                name, language = asked.value("name")[:80], asked.value("language")
                code = asked.write(
                    lambda c: people.add(c, login, name, duty, units, language=language, phone=phone, by=by, now=now)
                )
            case "invite":
                code = asked.write(lambda c: people.invite(c, people.account_of(c, login), by=by, now=now))
            case "hold":
                asked.write(lambda c: people.hold(c, people.account_of(c, login), units, by=by, now=now))
            case "disable" | "enable":
                off = what == "disable"
                asked.write(lambda c: people.disable(c, people.account_of(c, login), off, by=by, now=now))
            case _:
                raise ActionRefused(RefusalCode.BAD_VALUE, "nothing of this name can be done")
    except ActionRefused as error:
        return _page(asked, refused=error)
    return _page(asked, code=code, login=login, done=what)


def _page(
    asked: Asked, *, code: str = "", login: str = "", done: str = "", refused: ActionRefused | None = None
) -> Response:
    office = asked.desk.office
    return asked.page(
        "people.html",
        400 if refused else 200,
        known=people.accounts(office.own_reader),
        units=office.units_to_hold(),
        unit_name=people.unit_name,
        code=code,
        login=login,
        done=done,
        refused=refused,
    )
