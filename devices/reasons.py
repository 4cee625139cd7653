"""Why a device cannot be read, for an operator."""

import errno
from typing import Final

_NOTHING: Final = "nothing is plugged in at its address"
_UNPLUGGED: Final = "it was unplugged"
_FORBIDDEN: Final = "the terminal may not open it"
_OTHER: Final = "what is at its address is another kind of device"

_WHY: Final = {
    errno.ENOENT: _NOTHING,
    errno.ENXIO: _NOTHING,
    errno.ENODEV: _UNPLUGGED,
    errno.EIO: _UNPLUGGED,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EBUSY: "another program has it",
    errno.ENOTTY: _OTHER,
    errno.EINVAL: _OTHER,
    errno.ENOTDIR: _NOTHING,
    errno.EISDIR: _OTHER,
}

_DO: Final = {
    _NOTHING: "plug it in; if it is, set its address to one of those listed as not set",
    _UNPLUGGED: "plug it in again, and look at the cable",
    _FORBIDDEN: "let the terminal's user into the group that owns the device (input, dialout or video)",
    "another program has it": "stop the other program",
    _OTHER: "set its address to one of those listed as not set",
}


def why_gone(gone: OSError) -> str:
    """Say why a device cannot be opened, or no more read; never names a path."""
    return _WHY.get(gone.errno or 0, gone.strerror or "it cannot be read")


def what_to_do(why: str) -> str:
    """Say what a technician does about a reason of `why_gone`; empty where nothing better is known."""
    return _DO.get(why, "")
