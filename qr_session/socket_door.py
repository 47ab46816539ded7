"""Guards the connections under Socket.IO, which cost threads before anybody has proved anything.

Socket.IO refuses a namespace but leaves the connection open, and one that never asks for a
namespace is never looked at: a few dozen of them would take every thread of a small server.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Final

_PATIENCE_SECONDS: Final = 10.0


class SocketDoor:
    """Holds at most `most` connections; those that proved nothing for 10 s make room for others."""

    def __init__(self, server: Any, *, most: int, seconds: Callable[[], float] = monotonic) -> None:
        self._server = server
        self._most = most
        self._seconds = seconds
        self._lock = Lock()
        self._since: dict[str, float] = {}
        self._let_in = server.eio.handlers["connect"]
        server.eio.on("connect", self.admit)

    def admit(self, connection: str, environ: dict[str, Any]) -> Any:
        """Engine.IO's connect handler: False refuses the connection."""
        # The websocket's own handshake comes after this. Compression would be agreed to, and its
        # buffers take more than everything else that a waiting page does.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        with self._lock:
            if not self._has_room(connection, self._seconds()):
                return False
        return self._let_in(connection, environ)

    def _has_room(self, connection: str, now: float) -> bool:
        # Engine.IO itself forgets a closed connection only when its own round comes by.
        held = {key for key, socket in self._server.eio.sockets.copy().items() if not socket.closed}
        self._since = {key: since for key, since in self._since.items() if key in held}
        self._since[connection] = now
        return len(held) <= self._most or self._make_room(now)

    def _make_room(self, now: float) -> bool:
        for connection, since in list(self._since.items()):
            if now - since >= _PATIENCE_SECONDS and not self._has_proved(connection):
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
