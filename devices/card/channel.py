"""The talk with one chip: commands out, answers in, secured once a session is agreed."""

from collections.abc import Callable

from devices.card.apdu import MORE_THERE, SHORT, WRONG_LENGTH, Command, Response
from devices.card.errors import Malformed
from devices.card.messaging import SecureMessaging

LONGEST = 65_536
"""Bytes that one answer may grow to over GET RESPONSE."""


class Channel:
    """transmit: sends the bytes of one command and gives the bytes of its answer, or raises a CardError."""

    def __init__(self, transmit: Callable[[bytes], bytes]) -> None:
        self._transmit = transmit
        self._session: SecureMessaging | None = None

    def secure(self, session: SecureMessaging) -> None:
        self._session = session

    def send(self, command: Command) -> Response:
        """Raises a CardError; a status other than success is the caller's to judge."""
        if self._session is None:
            return self._exchange(command)
        return self._session.open(self._exchange(self._session.protect(command)))

    def _exchange(self, command: Command) -> Response:
        """With what contact cards of T=0 want: the length they name, the rest when they say there is more."""
        answer = Response.decode(self._transmit(command.encode()))
        if answer.status >> 8 == WRONG_LENGTH:
            asked = Command(
                command.cla, command.ins, command.p1, command.p2, command.data, answer.status & 0xFF or SHORT
            )
            answer = Response.decode(self._transmit(asked.encode()))
        data = answer.data
        while answer.status >> 8 == MORE_THERE:
            rest = Command(command.cla & 0x03, 0xC0, 0x00, 0x00, le=answer.status & 0xFF or SHORT)
            answer = Response.decode(self._transmit(rest.encode()))
            if not answer.data or len(data) > LONGEST:
                raise Malformed("an answer without end")
            data += answer.data
        return Response(data, answer.status)
