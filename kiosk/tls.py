"""TLS to the one office that this terminal knows: its own certificate authority and no other.

OpenSSL would judge a certificate's dates by the system's clock, which a terminal cannot trust. So it judges everything
else, and the dates are judged here, by the best time there is.
"""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

# X509_V_FLAG_NO_CHECK_TIME (OpenSSL 1.1.0 and later); Python has no name for it.
_NO_CHECK_TIME: Final = ssl.VerifyFlags(0x200000)


class OutOfDate(Exception):
    """A certificate that is not valid yet, or no more, by this terminal's clock."""


def pinned(ca_file: Path) -> ssl.SSLContext:
    """Return a context that takes certificates of one authority alone, for the right host, whatever their dates.

    Raises OSError (ssl.SSLError is one) for a file that cannot be read or is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca_file)
    context.verify_flags |= _NO_CHECK_TIME
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def unchecked() -> ssl.SSLContext:
    """Return a context that takes any certificate: for what is checked by other means once it is here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def judge_dates(sock: object, now: Callable[[], int]) -> None:
    """Judge the dates of a connection's certificate, and of the authority behind it. Raises OutOfDate."""
    assert isinstance(sock, ssl.SSLSocket)
    told = [sock.getpeercert() or {}, *sock.context.get_ca_certs()]
    for certificate in cast(list[dict[str, Any]], told):
        begins, ends = (ssl.cert_time_to_seconds(cast(str, certificate[name])) for name in ("notBefore", "notAfter"))
        if not begins <= now() <= ends:
            raise OutOfDate("a certificate that is not valid at this time")
