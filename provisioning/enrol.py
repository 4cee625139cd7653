"""`python -m provisioning enrol | renew | status | seed`: a terminal's identity and vault, for its technician."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, assert_never

from cyclopts import Parameter

from kiosk.identity import KeyPlace
from kiosk.settings import DEFAULT_FILE, SettingsWrong, read_settings

from .codes import code_in_picture, code_of_text
from .draft import CODE, Draft
from .enrolment import Compare, Enrolled, Enrolling, OfficeSilent, Progress
from .failures import EnrolmentFailed
from .words import Language, say

if TYPE_CHECKING:
    from central_api.contract.enrolment import Enrolment

DEFAULT_DATA: Final = Path("/var/lib/istilam")

DataOption = Annotated[Path | None, Parameter(name="--data", help="the terminal's data folder")]
SettingsOption = Annotated[Path, Parameter(name="--settings", help="the settings file that names the data folder")]
LanguageOption = Annotated[Language, Parameter(help="of what is said")]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="one JSON object a line instead of sentences")]


def enrol(
    *,
    code: Annotated[str | None, Parameter(help="text of the code; with --office the forty letters alone")] = None,
    office: Annotated[str | None, Parameter(help="the office's address, where the letters are typed")] = None,
    picture: Annotated[Path | None, Parameter(help="a picture of the code")] = None,
    scanner: Annotated[str | None, Parameter(help="serial:PATH or frames:FOLDER: read it there")] = None,
    anew: Annotated[
        bool, Parameter(negative="", help="this machine is a terminal already: make it another one")
    ] = False,
    key: Annotated[KeyPlace | None, Parameter(help="where the key lies; the best place there is, if not said")] = None,
    data: DataOption = None,
    settings: SettingsOption = DEFAULT_FILE,
    language: LanguageOption = "en",
    json_: JsonOption = False,
) -> None:
    """Make this machine a terminal of the office whose code is given.

    Shows eight digits, and waits until the office has compared and accepted them. Stopped anywhere, the same command
    goes on where it was.
    """
    teller = _Teller(language, json_)
    with _told(teller):
        folder = _data(data, settings)
        if sum(source is not None for source in (code, picture, scanner)) > 1:
            _wrong_use("give one of --code, --picture and --scanner")
        if code is not None:
            given = code_of_text(code, office)
        elif picture is not None:
            given = code_in_picture(picture)
        elif scanner is not None:
            given = _scanned(scanner, teller)
        else:
            given = _typed(folder, office, teller)
        try:
            Enrolling(folder, given, teller.progress, anew=anew, place=key).run()
        except KeyboardInterrupt:
            teller.tell({"stopped": True}, say(language, "say", "stopped"))
            raise SystemExit(1) from None


def renew(
    *,
    data: DataOption = None,
    settings: SettingsOption = DEFAULT_FILE,
    language: LanguageOption = "en",
    json_: JsonOption = False,
) -> None:
    """Give this terminal a new key, signed for by the old one."""
    from .renewal import renew_key

    teller = _Teller(language, json_)
    with _told(teller):
        renewed = renew_key(_data(data, settings))
        said = say(language, "say", "renewed", name=renewed.name)
        teller.tell({"renewed": True, "name": renewed.name, "keyid": renewed.keyid}, said)


def status(
    *,
    data: DataOption = None,
    settings: SettingsOption = DEFAULT_FILE,
    language: LanguageOption = "en",
    json_: JsonOption = False,
) -> None:
    """Say who this terminal is, of which office, where its key lies, since when, and how old its vault is."""
    from .standing import standing_of

    teller = _Teller(language, json_)
    with _told(teller):
        told = standing_of(_data(data, settings))
        teller.tell(told, "\n".join(f"{name:12} {value}" for name, value in told.items()))
        if told["state"] != "enrolled":
            raise SystemExit(1)


def seed(
    file: Path | None = None,
    /,
    *,
    from_office: Annotated[bool, Parameter(negative="", help="fetch the snapshot over the network")] = False,
    data: DataOption = None,
    settings: SettingsOption = DEFAULT_FILE,
    language: LanguageOption = "en",
    json_: JsonOption = False,
) -> None:
    """Fill the terminal from a snapshot: FILE, the file istilam-snapshot on a mounted USB stick, or the office's.

    With it come services, workers' rights and desks: from istilam-content beside the snapshot, or from the office.
    """
    from .seeding import seed_terminal

    teller = _Teller(language, json_)
    with _told(teller):
        taken = seed_terminal(_data(data, settings), file, from_office=from_office, progress=teller.percent)
        content = say(language, "say", "seeded_content" if taken.content else "seeded_no_content", number=taken.content)
        said = say(language, "say", "seeded", entries=taken.entries, cursor=taken.cursor, content=content)
        teller.tell(asdict(taken), said)


class _Teller:
    """Says what happens, in sentences or in lines of JSON."""

    def __init__(self, language: Language, as_json: bool) -> None:
        self.language: Language = language
        self._as_json = as_json
        self._percent = -1

    def tell(self, told: dict[str, Any], sentence: str) -> None:
        print(json.dumps(told, ensure_ascii=False) if self._as_json else sentence, flush=True)

    def ask(self, key: str) -> str:
        return input(say(self.language, "say", key))

    def progress(self, progress: Progress) -> None:
        match progress:
            case Compare(digits, name, site, office, ministry):
                told = {"name": name, "site": site, "office": office, "ministry": ministry}
                sentences = (
                    say(self.language, "say", "compare", **told),
                    f"\n        {digits}\n",
                    say(self.language, "say", "waiting"),
                )
                self.tell({"digits": digits, **told}, "\n".join(sentences))
            case OfficeSilent(why):
                self.tell({"silent": why}, say(self.language, "say", "silent", why=why))
            case Enrolled(name, site, ministry):
                told = {"enrolled": True, "name": name, "site": site, "ministry": ministry}
                self.tell(told, say(self.language, "say", "enrolled", name=name, site=site))
            case _:
                assert_never(progress)

    def percent(self, done: int, of: int) -> None:
        percent = 100 * done // of if of else 100
        if percent != self._percent and sys.stderr.isatty():
            print(f"\r{percent} %", end="" if percent < 100 else "\n", file=sys.stderr, flush=True)
        self._percent = percent

    def failed(self, error: EnrolmentFailed) -> None:
        words = say(self.language, "failed", error.why.value, detail=error.detail)
        print(words, file=sys.stderr)
        if self._as_json:
            print(json.dumps({"error": error.why.value, "detail": error.detail, "words": words}, ensure_ascii=False))


@contextmanager
def _told(teller: _Teller) -> Generator[None]:
    try:
        yield
    except EnrolmentFailed as error:
        teller.failed(error)
        raise SystemExit(1) from None


def _data(data: Path | None, settings: Path) -> Path:
    """Find the data folder: as said, else as the settings say, else where the services keep it."""
    if data is not None:
        return data
    if not settings.exists():
        return DEFAULT_DATA
    try:
        return read_settings(settings).data
    except SettingsWrong as wrong:
        _wrong_use(str(wrong))


def _scanned(scanner: str, teller: _Teller) -> "Enrolment":
    from .codes import code_from_scanner

    teller.tell({"waiting": "code"}, say(teller.language, "say", "show_code"))
    try:
        return code_from_scanner(scanner)
    except ValueError as error:
        _wrong_use(str(error))


def _typed(data: Path, office: str | None, teller: _Teller) -> "Enrolment | None":
    """Let the technician type; None where a try that was begun goes on with its own code, or nobody can type."""
    draft = Draft(data)
    if draft.is_whole or draft.read(CODE) is not None or not sys.stdin.isatty():
        return None
    address = teller.ask("type_address") if office is None else office
    return code_of_text(teller.ask("type_letters"), address)


def _wrong_use(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)
