"""Why a device cannot be read, for an operator."""

import errno
from typing import Final

NOTHING: Final = "nothing is plugged in at its address"
UNPLUGGED: Final = "it was unplugged"
FORBIDDEN: Final = "the terminal may not open it"
BUSY: Final = "another program has it"
OTHER: Final = "what is at its address is another kind of device"

_WHY: Final = {
    errno.ENOENT: NOTHING,
    errno.ENXIO: NOTHING,
    errno.ENODEV: UNPLUGGED,
    errno.EIO: UNPLUGGED,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EBUSY: BUSY,
    errno.ENOTTY: OTHER,
    errno.EINVAL: OTHER,
    errno.ENOTDIR: NOTHING,
    errno.EISDIR: OTHER,
}

_DO: Final = {
    NOTHING: "plug it in; if it is, set its address to one of those listed as not set",
    UNPLUGGED: "plug it in again, and look at the cable",
    FORBIDDEN: "let the terminal's user into the group that owns the device (input, dialout or video)",
    BUSY: "stop the other program",
    OTHER: "set its address to one of those listed as not set",
}


def why_gone(gone: OSError) -> str:
    """Say why a device cannot be opened, or no more read; never names a path."""
    return _WHY.get(gone.errno or 0, gone.strerror or "it cannot be read")


def what_to_do(why: str) -> str:
    """Say what a technician does about a reason of `why_gone`; empty where nothing better is known."""
    return _DO.get(why, "")
