"""A usual status is at most 255 bytes of plaintext, receipt included, in every state it can be in."""

from dataclasses import replace

import pytest

from central_api.contract.status import Office, ReceiptSeal, encode_status
from central_api.workflow import Filing, Kind, Role, Standing, shipped_tables, status_of
from central_api.workflow.standing import Completed, Done, Rejected, Returned, Stage, UnderReview

NOW = 1_795_000_000
NABATIEH = 6
KINDS = [(table.family, kind) for table in shipped_tables() for kind in table.kinds.values()]


def plain_size(family: int, kind: Kind, standing: Standing) -> int:
    suspended = {Office(role, region): NOW for role in Role for region in (0, NABATIEH)}
    filing = Filing("26999999990", family, kind.code, 1, NABATIEH, NABATIEH, 2)
    status = status_of(filing, kind, standing, suspended)
    return len(encode_status(replace(status, receipt=ReceiptSeal(2, bytes(16), bytes(64)))))


def standings(kind: Kind) -> list[Standing]:
    """Each stage at each step, with the most that is usual: deputies and reports, two papers, two reasons, a date."""
    stages: list[Stage] = [UnderReview(), Returned((1, 2), kind.documents[:2], 20_000), Rejected((1, 8))]
    pending = tuple((check.agency, NOW - 500) for check in kind.checks)
    steps = len(kind.steps)
    found = [
        Standing((Done(NOW, acting=True),) * done, stage, NOW - 100, NOW, pending if done < 2 else ())
        for done in range(steps)
        for stage in stages
    ]
    reported = Standing((Done(NOW, acting=True, reported_by=2),) * steps, Completed(), NOW, NOW)
    return [*found, Standing((Done(NOW, acting=True),) * steps, Completed(), NOW, NOW), reported]


@pytest.mark.parametrize(("family", "kind"), KINDS, ids=[f"{family}-{kind.key}" for family, kind in KINDS])
def test_a_usual_status_fits_two_blocks(family: int, kind: Kind) -> None:
    assert max(plain_size(family, kind, standing) for standing in standings(kind)) <= 255
