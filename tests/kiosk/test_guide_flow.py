"""The other services and the call for a person, as the flow plays them; content and counts that never go back."""

from pathlib import Path
from typing import Any, cast

import pytest

from central_api.contract.content import Content
from central_api.contract.content_bytes import encode_content, sign_content
from central_api.contract.errors import Refused
from central_api.contract.readers import READ_SECONDS
from kiosk.errands import Errands
from kiosk.flow import Flow
from kiosk.flow.guide import READER_AFTER
from kiosk.guide_events import (
    CountReader,
    FamilyOpened,
    GuideChanged,
    KindOpened,
    RightsOpened,
    ServicesOpened,
    TopicOpened,
    WentBack,
)
from kiosk.guide_samples import guide
from kiosk.guide_state import Kinds, OtherServices, Requirements, ShowRequirements, ShowTopic
from kiosk.help_call import CallHelp, HelpCalled, HelpStage, HelpTold
from kiosk.office_content import FILE, OfficeContent
from kiosk.readers import ReaderCount
from kiosk.visit_events import (
    FinishPressed,
    HelpHeld,
    HelpReleased,
    OtherServicesChosen,
    PrintFinished,
    PrintPressed,
    PrintReceipt,
    ScannerChanged,
    Ticked,
)
from kiosk.visit_state import (
    Home,
    NotPrinted,
    PaperKind,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintSent,
    SentToPrinter,
)
from tests.central_api.contract.strategies import FEED_KEY, public_of


@pytest.fixture
def flow() -> Flow:
    made = Flow(["HOST"], now=0.0)
    for event in (ScannerChanged(True), GuideChanged(guide())):
        made.handle(event)
    return made


def play(flow: Flow, *events: object) -> list[object]:
    return [effect for event in events for effect in flow.handle(event)]  # type: ignore[arg-type]


def test_a_kind_is_found_read_and_printed(flow: Flow) -> None:
    play(flow, OtherServicesChosen(), ServicesOpened(), FamilyOpened(1), KindOpened(3))
    assert isinstance(flow.state, ShowRequirements)
    (effect,) = play(flow, PrintPressed())
    assert isinstance(effect, PrintReceipt)
    assert isinstance(effect.sheet, Requirements)
    assert isinstance(flow.state, Printing)
    play(flow, PrintFinished(effect.job, PrintSent()))
    assert isinstance(flow.state, SentToPrinter)
    assert flow.state.paper is PaperKind.REQUIREMENTS


def test_who_got_no_paper_of_what_a_kind_asks_for_can_read_it_again(flow: Flow) -> None:
    """The screen said that it was not printed, and led home alone."""
    play(flow, OtherServicesChosen(), ServicesOpened(), FamilyOpened(1), KindOpened(3))
    read = flow.state
    (effect,) = play(flow, PrintPressed())
    assert isinstance(effect, PrintReceipt)
    play(flow, PrintFinished(effect.job, PrintFailed(PrinterProblem.PAPER_OUT, cut_off=True)))
    assert isinstance(flow.state, NotPrinted)
    assert play(flow, WentBack()) == []
    assert flow.state == read


def test_back_leads_screen_by_screen_to_home(flow: Flow) -> None:
    play(flow, OtherServicesChosen(), ServicesOpened(), FamilyOpened(2), KindOpened(3), WentBack())
    assert isinstance(flow.state, Kinds)
    play(flow, WentBack(), WentBack())
    assert isinstance(flow.state, OtherServices)
    play(flow, FinishPressed())
    assert isinstance(flow.state, Home)


def test_a_reader_counts_once_a_visit_after_ten_seconds(flow: Flow) -> None:
    assert READER_AFTER == READ_SECONDS
    play(flow, Ticked(1.0), OtherServicesChosen(), RightsOpened(), TopicOpened("wages"))
    assert isinstance(flow.state, ShowTopic)
    assert play(flow, Ticked(1.5), Ticked(11.0)) == []
    assert play(flow, Ticked(11.5)) == [CountReader("wages", "ar")]
    play(flow, WentBack(), TopicOpened("hours"))
    assert play(flow, *(Ticked(12.0 + at) for at in range(20))) == []
    play(flow, FinishPressed(), OtherServicesChosen(), RightsOpened(), TopicOpened("hours"))
    assert play(flow, Ticked(40.0), Ticked(51.0)) == [CountReader("hours", "ar")]


def test_help_is_called_by_a_finger_that_stays_and_told_as_it_is(flow: Flow) -> None:
    assert play(flow, Ticked(1.0), HelpHeld(), Ticked(2.0), HelpReleased(), Ticked(9.0)) == []
    (call,) = play(flow, HelpHeld(), Ticked(11.5))
    assert isinstance(call, CallHelp)
    assert isinstance(flow.state, HelpCalled)
    assert flow.state.stage is HelpStage.SENDING
    play(flow, HelpTold(call.visit, HelpStage.SENT))
    assert flow.state.stage is HelpStage.SENT
    play(flow, FinishPressed(), HelpTold(call.visit, HelpStage.COMING))
    assert isinstance(flow.state, Home)


def signed(number: int) -> bytes:
    return sign_content(encode_content(Content(number, 1)), FEED_KEY)


def test_content_is_kept_verified_again_and_never_taken_back(tmp_path: Path) -> None:
    kept = OfficeContent(tmp_path, public_of(FEED_KEY))
    assert kept.load() is None
    kept.take(signed(7))
    with pytest.raises(Refused, match="goes back"):
        kept.take(signed(6))
    again = OfficeContent(tmp_path, public_of(FEED_KEY))
    assert again.load() is None
    assert again.number == 7
    (tmp_path / FILE).write_bytes(signed(7)[:-1] + b"\0")
    assert OfficeContent(tmp_path, public_of(FEED_KEY)).load()


def test_readers_are_counted_once_the_disk_takes_what_it_refused_at_the_start(tmp_path: Path) -> None:
    refused = tmp_path / "readers.sqlite"
    refused.mkdir()
    (tmp_path / FILE).write_bytes(signed(7))
    told: list[object] = []
    link = cast(Any, None)  # nobody is told yet: there is nothing to tell
    errands = Errands(tmp_path, public_of(FEED_KEY), lambda: None, lambda: link, guide=told.append)
    errands.count_reader("wages", "ar")
    refused.rmdir()
    errands.announced(7)
    errands.after_round(link)
    errands.count_reader("wages", "ar")
    errands.close()
    untold = ReaderCount(tmp_path).untold()
    assert untold is not None
    assert untold.rows == (("wages", 0, 1),)


def test_readers_survive_a_crash_and_what_was_told_is_not_told_again(tmp_path: Path) -> None:
    count = ReaderCount(tmp_path)
    count.count("wages", "ar")
    count.count("wages", "ar")
    again = ReaderCount(tmp_path)  # the process that counted is gone without a word
    told = again.untold()
    assert told is not None
    assert told.rows == (("wages", 0, 2),)
    again.told(told)
    assert again.untold() is None
    again.count("wages", "ar")
    newer = again.untold()
    assert newer is not None
    assert (newer.count, newer.rows) == (told.count, (("wages", 0, 3),))
    (tmp_path / "readers.sqlite").write_bytes(b"no database at all, but something else")
    for leftover in tmp_path.glob("readers.sqlite-*"):
        leftover.unlink()
    assert ReaderCount(tmp_path).untold() is None
