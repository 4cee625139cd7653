"""A terminal's key inside a TPM 2.0: signing by it, through Debian's `tpm2-tools`, one process a signature (20 ms).

The key lies at a persistent handle, so that nothing has to be loaded, and nothing is left behind, by a signature.
Which TPM: `TPM2TOOLS_TCTI` as the tools read it themselves, else the kernel's resource manager.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

DEVICE: Final = Path("/dev/tpmrm0")
TOOL: Final = "tpm2_sign"
_TCTI: Final = "TPM2TOOLS_TCTI"
_WITHIN: Final = 10.0  # seconds; a TPM of slow hardware signs in a tenth of one
_POINT_BYTES: Final = 65


class TPMFailed(Exception):
    """The TPM does not do what was asked; says what it answers, in one line."""


def present() -> bool:
    """Tell whether there are a TPM 2.0 and the tools to use it."""
    return (_TCTI in os.environ or DEVICE.exists()) and shutil.which(TOOL) is not None


def sign(handle: int, message: bytes) -> bytes:
    """Sign with the key at a handle: ECDSA with SHA-256, in DER. Raises TPMFailed."""
    return run(
        TOOL, "-c", hex(handle), "-g", "sha256", "-s", "ecdsa", "-f", "plain", "-o", "/dev/stdout", given=message
    )


def public_point(handle: int) -> bytes:
    """Give the public key at a handle: 65 bytes, an uncompressed point. Raises TPMFailed."""
    # The last 65 bytes of a P-256 SubjectPublicKeyInfo are the point (RFC 5480).
    return run("tpm2_readpublic", "-Q", "-c", hex(handle), "-f", "der", "-o", "/dev/stdout")[-_POINT_BYTES:]


def run(tool: str, *arguments: str, given: bytes = b"") -> bytes:
    """Run one of the tools, and return what it wrote. Raises TPMFailed."""
    environment = {_TCTI: f"device:{DEVICE}", "TSS2_LOG": "all+none", **os.environ}
    try:
        done = subprocess.run(
            [tool, *arguments], input=given, capture_output=True, env=environment, timeout=_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TPMFailed(f"{tool}: {type(error).__name__}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit {done.returncode}"]
        raise TPMFailed(f"{tool}: {said[0].removeprefix('ERROR: ')}")
    return done.stdout
