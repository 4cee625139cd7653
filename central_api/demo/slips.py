"""A few slips of the demo as pictures, one for each thing a visitor may meet, and `slips.json` that lists them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from PIL import Image
from qrcode.main import QRCode

from central_api.contract.catalogue import catalogue
from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Language, State, Status
from central_api.documents.slip import SlipPaper, paper_of, write_slip
from central_api.store import Office, Submitted, find_all

from .legacy import LegacyFile
from .plan import File

_OTHER_NAMES: Final = {
    "ar": "وزارة الصحة العامة",
    "fr": "Ministère de la Santé publique",
    "en": "Ministry of Public Health",
}
_OTHER_HOST: Final = "FOLLOW.HEALTH.EXAMPLE"
_NO_SLIP: Final = "https://menu.example/tables/12"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture: its name without the language, what it shows, and which status fits."""

    name: str
    language: Language
    shows: str
    fits: Callable[[Status], bool]

    @property
    def file(self) -> str:
        return f"{self.name}-{self.language.name.lower()}.png"


def _under_review(status: Status) -> bool:
    deputy = any(step.acting for step in status.steps)
    return status.state is State.UNDER_REVIEW and status.current == 3 and deputy and not status.checks


def _waiting(status: Status) -> bool:
    current = status.steps[min(status.current, len(status.steps) - 1)]
    return status.state is State.UNDER_REVIEW and current.suspended_since is None and not status.checks


WANTED: Final = (
    Wanted("under-review", Language.AR, "with the Director General, one step taken by a deputy", _under_review),
    Wanted("under-review", Language.FR, "under review", _waiting),
    Wanted("under-review", Language.EN, "under review", _waiting),
    Wanted(
        "returned", Language.AR, "returned: two documents are missing, with a deadline",
        lambda status: len(status.missing) == 2 and status.deadline is not None,
    ),
    Wanted("returned", Language.FR, "returned: documents are missing", lambda status: status.state is State.RETURNED),
    Wanted("completed", Language.AR, "completed, the document waits", lambda status: status.document_waits),
    Wanted("completed", Language.EN, "completed, the document waits", lambda status: status.document_waits),
    Wanted("rejected", Language.AR, "rejected, with the reason", lambda status: status.state is State.REJECTED),
    Wanted("rejected", Language.FR, "rejected, with the reason", lambda status: status.state is State.REJECTED),
    Wanted(
        "suspended", Language.AR, "the unit where it lies is suspended",
        lambda status: any(step.suspended_since is not None for step in status.steps),
    ),
    Wanted(
        "pending-check", Language.AR, "another administration has not answered yet",
        lambda status: bool(status.checks) and status.state is State.UNDER_REVIEW,
    ),
)  # fmt: skip


def write_slips(office: Office, files: Iterable[File], legacy: Iterable[LegacyFile]) -> int:
    """Draw the slips into DATA/slips, reissue one of them, and return how many pictures there are."""
    folder = office.data / "slips"
    folder.mkdir()
    known = [(file, office.status_of(office.known(file.tracking))) for file in files]
    listed: list[dict[str, str]] = []

    def draw(name: str, given: Submitted, shows: str, at: int | None = None) -> None:
        write_slip(folder / name, paper_of(office, given, issued_at=at))
        listed.append({"file": name, "text": given.slip_url, "shows": shows})

    for wanted in WANTED:
        file = _take(known, wanted.language, wanted.fits)
        draw(wanted.file, file.slip, wanted.shows, file.handed_in)
    old = _take(known, Language.AR, _waiting)
    draw("replaced-ar.png", old.slip, "an old slip: a newer one was given out", old.handed_in)
    draw("reissued-ar.png", office.reissue(old.tracking), "the newer slip of replaced-ar.png")
    draw("reported-ar.png", _reported(office, legacy), "begun in an older system, and reported by it")
    _draw_others(office, folder, listed)
    (folder / "slips.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
    return len(listed)


def _take(known: list[tuple[File, Status]], language: Language, fits: Callable[[Status], bool]) -> File:
    fitting = (index for index, (_, status) in enumerate(known) if status.language is language and fits(status))
    return known.pop(next(fitting))[0]


def _draw_others(office: Office, folder: Path, listed: list[dict[str, str]]) -> None:
    """Draw what is no slip of this office."""
    code = QRCode(border=4, box_size=8)
    code.add_data(_NO_SLIP)
    code.make(fit=True)
    picture = Image.new("1", (576, 576), 1)
    drawn = cast(Image.Image, code.make_image().get_image())
    picture.paste(drawn.convert("1"), ((576 - drawn.width) // 2, (576 - drawn.height) // 2))
    picture.save(folder / "not-a-slip.png")
    listed.append({"file": "not-a-slip.png", "text": _NO_SLIP, "shows": "another QR code: not a slip"})
    foreign = Slip("26318283312", bytes(range(16)))
    service = catalogue().services["companies"].words[3]
    url = slip_url(_OTHER_HOST, foreign)
    paper = SlipPaper(_OTHER_NAMES, service, foreign.tracking, url, "12345678", "ar", office.clock())
    write_slip(folder / "another-ministry.png", paper)
    listed.append({"file": "another-ministry.png", "text": url, "shows": "a slip of another ministry"})


def _reported(office: Office, legacy: Iterable[LegacyFile]) -> Submitted:
    """Give a slip to a file that came from an older system and is not finished."""
    systems = catalogue().systems
    under_way = {(systems.code(one.system), one.number) for one in legacy if 1 < one.steps < 5}
    filed = find_all(office.own_reader, under_way, ())
    return office.slip_again(next(one for one in filed if one.filing.language == Language.AR))
