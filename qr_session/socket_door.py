"""Guards the connections under Socket.IO, which cost threads before anybody has proved anything.

Socket.IO refuses a namespace but leaves the connection open, and one that never asks for a
namespace is never looked at: a few dozen of them would take every thread of a small server. Nor
does it count what comes in: packets that no namespace ever sees are answered and logged all the
same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Final

from engineio.exceptions import SocketIsClosedError

from qr_session.pace import Pace

_PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True)
class _Guest:
    address: str
    since: float


class SocketDoor:
    """Holds at most `most` connections, and of one network address at most `per_address`.

    Those that proved nothing for 10 s make room for others. One that sends faster than `pace`, or
    what Socket.IO cannot read, is closed.
    """

    def __init__(
        self,
        server: Any,
        *,
        most: int,
        per_address: int,
        pace: Pace,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._server = server
        self._most = most
        self._per_address = per_address
        self._pace = pace
        self._seconds = seconds
        self._lock = Lock()
        self._guests: dict[str, _Guest] = {}
        self._let_in = server.eio.handlers["connect"]
        self._read = server.eio.handlers["message"]
        server.eio.on("connect", self.admit)
        server.eio.on("message", self.hear)

    def admit(self, connection: str, environ: dict[str, Any]) -> Any:
        """Engine.IO's connect handler: False refuses the connection."""
        # The websocket's own handshake comes after this. Compression would be agreed to, and its
        # buffers take more than everything else that a waiting page does.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        guest = _Guest(str(environ.get("REMOTE_ADDR")), self._seconds())
        with self._lock:
            if not self._has_room(connection, guest):
                return False
        self._count_packets(connection)
        return self._let_in(connection, environ)

    def hear(self, connection: str, data: object) -> Any:
        """Engine.IO's message handler: what Socket.IO cannot read ends the connection."""
        try:
            return self._read(connection, data)
        except (ValueError, LookupError, TypeError, AttributeError):
            close_connection(self._server, connection)

    def _count_packets(self, connection: str) -> None:
        """Count every packet as it is read, those too that never become a message."""
        socket = self._server.eio.sockets[connection]
        take = socket.receive

        def receive(packet: object) -> None:
            if not self._pace.allows(connection, self._seconds()):
                close_connection(self._server, connection)
                raise SocketIsClosedError
            take(packet)

        socket.receive = receive

    def _has_room(self, connection: str, guest: _Guest) -> bool:
        # Engine.IO itself forgets a closed connection only when its own round comes by.
        held = {key for key, socket in self._server.eio.sockets.copy().items() if not socket.closed}
        self._guests = {key: known for key, known in self._guests.items() if key in held}
        self._guests[connection] = guest
        beside = [key for key, one in self._guests.items() if one.address == guest.address]
        if len(beside) > self._per_address:
            return self._make_room(beside, guest.since)
        return len(held) <= self._most or self._make_room(list(self._guests), guest.since)

    def _make_room(self, among: list[str], now: float) -> bool:
        for connection in among:
            waited = now - self._guests[connection].since
            if waited >= _PATIENCE_SECONDS and not self._has_proved(connection):
                close_connection(self._server, connection)
                return True
        return False

    def _has_proved(self, connection: str) -> bool:
        manager = self._server.manager
        return any(
            manager.is_connected(manager.sid_from_eio_sid(connection, namespace), namespace)
            for namespace in list(manager.get_namespaces())
        )


def close_connection(server: Any, connection: str | None) -> None:
    """Close a connection without waiting for a peer that may never read what is queued."""
    socket = server.eio.sockets.get(connection)
    if socket is not None:
        socket.close(wait=False)
