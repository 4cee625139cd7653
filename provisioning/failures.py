"""Why something of a terminal's identity could not be done: a closed set, each with its words in `enrolment.toml`."""

import errno
from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path


class Why(Enum):
    """Why not; the technician reads its words."""

    NOT_A_CODE = "not_a_code"
    DAMAGED_CODE = "damaged_code"
    NO_CODE = "no_code"
    NO_SCAN = "no_scan"
    NO_SCANNER = "no_scanner"
    NO_PICTURE = "no_picture"
    ALREADY = "already"
    UNREACHABLE = "unreachable"
    WRONG_CA = "wrong_ca"
    CERTIFICATE_DATES = "certificate_dates"
    CLOCK = "clock"
    UNKNOWN_CODE = "unknown_code"
    USED = "used"
    EXPIRED = "expired"
    THROTTLED = "throttled"
    REFUSED = "refused"
    OFFICE_FAULT = "office_fault"
    NOT_ENROLLED = "not_enrolled"
    IDENTITY_WRONG = "identity_wrong"
    DISK_FULL = "disk_full"
    DISK_READ_ONLY = "disk_read_only"
    TPM = "tpm"
    IN_USE = "in_use"
    NO_SNAPSHOT = "no_snapshot"
    SNAPSHOT_REFUSED = "snapshot_refused"
    CONTENT_REFUSED = "content_refused"


class EnrolmentFailed(Exception):
    """Nothing changed that cannot go on or start over. `detail`: what the machine says of it, or empty."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(detail or why.value)
        self.why = why
        self.detail = detail


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@contextmanager
def disk_and_office(data: Path) -> Generator[None]:
    """Raise as EnrolmentFailed what disk, office, TPM and identity refuse."""
    from kiosk.identity import IdentityWrong
    from kiosk.link import OfficeUnreachable
    from kiosk.tpm import TPMFailed

    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise EnrolmentFailed(Why.DISK_FULL, str(data)) from None
        if error.errno in _READ_ONLY:
            raise EnrolmentFailed(Why.DISK_READ_ONLY, str(data)) from None
        raise
    except OfficeUnreachable as error:
        raise EnrolmentFailed(_why_unreachable(str(error)), str(error)) from None
    except TPMFailed as error:
        raise EnrolmentFailed(Why.TPM, str(error)) from None
    except IdentityWrong as error:
        raise EnrolmentFailed(Why.IDENTITY_WRONG, str(error)) from None


def _why_unreachable(said: str) -> Why:
    if "certificate" not in said:
        return Why.UNREACHABLE
    return Why.CERTIFICATE_DATES if "time" in said else Why.WRONG_CA
