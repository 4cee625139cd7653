"""What must have been granted before: found by the holder's document, by its number, or seen on paper."""

from collections.abc import Iterator

import pytest

from central_api.publish import Intact, audit_verify, publish_all
from central_api.store import ActionRefused, Office, open_office, queues
from central_api.store.events import EARLIER
from central_api.workflow import RefusalCode, shipped_sources
from tests.central_api.store.conftest import CHAIN, Clock

HOLDER = "P-LBN-LR1234567"


@pytest.fixture
def strict(office: Office, clock: Clock) -> Iterator[Office]:
    """Return an office whose table is strict: nothing is taken in without what it requires."""
    text = dict(shipped_sources())["work_permits.toml"].replace("version = 2", "version = 3")
    (office.data / "workflow").mkdir()
    (office.data / "workflow" / "permits.toml").write_text(text.replace("strict = false", "strict = true"))
    with open_office(office.data, clock=clock) as opened:
        yield opened


def submit(office: Office, kind: str, **more) -> str:
    return office.submit("work_permits", kind, region="beirut", phone=None, **more).tracking


def granted(office: Office, kind: str, **more) -> str:
    tracking = submit(office, kind, **more)
    for role in CHAIN:
        office.act(tracking, "approve", role=role)
    return tracking


def earlier_of(office: Office, tracking: str) -> str:
    return queues.said_at_submission(office.own_reader, office.known(tracking), EARLIER)


def refused(office: Office, kind: str, **more) -> RefusalCode:
    with pytest.raises(ActionRefused) as error:
        submit(office, kind, **more)
    return error.value.code


def test_it_is_found_by_the_holders_document_once_it_is_granted(strict: Office) -> None:
    assert refused(strict, "prior_approval", document=HOLDER) is RefusalCode.EARLIER_NEEDED
    first = submit(strict, "approval_in_principle", document=HOLDER)
    assert refused(strict, "prior_approval", document=HOLDER) is RefusalCode.EARLIER_NEEDED
    for role in CHAIN:
        strict.act(first, "approve", role=role)
    assert refused(strict, "permit", document=HOLDER) is RefusalCode.EARLIER_NEEDED
    assert refused(strict, "prior_approval", document="P-LBN-OTHER1") is RefusalCode.EARLIER_NEEDED
    assert earlier_of(strict, submit(strict, "prior_approval", document=HOLDER)) == first
    publish_all(strict)
    assert isinstance(audit_verify(strict), Intact)


def test_a_number_that_shows_nothing_of_the_kind_is_refused_in_any_office(office: Office) -> None:
    first = granted(office, "approval_in_principle", document=HOLDER)
    assert earlier_of(office, submit(office, "prior_approval", earlier=first)) == first
    assert refused(office, "permit", earlier=first) is RefusalCode.EARLIER_WRONG
    assert refused(office, "prior_approval", earlier=first, document="P-LBN-OTHER1") is RefusalCode.EARLIER_WRONG
    assert refused(office, "permit", earlier="26-3182") is RefusalCode.EARLIER_WRONG
    waits = submit(office, "approval_in_principle")
    assert refused(office, "prior_approval", earlier=waits) is RefusalCode.EARLIER_WRONG


def test_paper_counts_and_where_the_table_is_not_strict_the_file_says_that_nothing_was_shown(
    strict: Office, office: Office
) -> None:
    assert earlier_of(strict, submit(strict, "renewal", earlier="paper")) == "paper"
    assert refused(strict, "renewal") is RefusalCode.EARLIER_NEEDED
    assert earlier_of(office, submit(office, "renewal")) == ""


def test_a_kind_is_taken_in_from_its_first_day_in_beirut_on(office: Office, clock: Clock) -> None:
    clock.now = 1_799_013_600 - 1  # the second before 2027-01-04 begins in Beirut, while it is still the day before
    assert refused(office, "category_change", earlier="paper") is RefusalCode.NOT_OPEN
    clock.now += 1
    submit(office, "category_change", earlier="paper")
