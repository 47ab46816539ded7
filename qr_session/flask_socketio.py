"""Flask-SocketIO adapter: pushes a session's states and frames to the page that holds it.

Namespace `/qr`, websocket only, no message queue. The page connects with
`auth = {"ticket": watch ticket, "seq": last seen}` and always gets a full snapshot, so nothing can
be missed. Server to page: `snapshot` once, `state` on every change, `frames` while the session is
pending. Page to server: `frames` asks for the next ten, `look` for the state (every 20 s, when the
page becomes visible, when its count-down ends). Two messages may overtake one another: the page
drops one whose `seq` is lower than what it has. Any other message ends the connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from flask_socketio import Namespace, SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused

from qr_session.bus import EVERYTHING, Bus
from qr_session.codes import Code
from qr_session.errors import QrSessionError, TicketRefused, Unavailable
from qr_session.pace import Pace
from qr_session.service import QrSessionService
from qr_session.session import State
from qr_session.socket_door import SocketDoor, close_connection
from qr_session.views import PageView, Watch

NAMESPACE: Final = "/qr"
_AT_THE_DOOR: Final = 8


@dataclass(frozen=True)
class Hooks:
    """What the application adds, called in the bus's thread or a connection's, without Flask.

    `enrich(session_id)`: its keys for each state. `holder(environ)`: which browser asks, so that a
    ticket that was given to another one is refused.
    """

    enrich: Callable[[str], dict[str, Any]] = lambda _: {}
    holder: Callable[[dict[str, Any]], str] = lambda _: ""


@dataclass(frozen=True)
class SocketLimits:
    """What one process holds and takes. Beyond `in_all` pages fall back to long polling.

    48 in all because each page holds threads, and the embedded server has 64; half of them for
    one address, behind which a whole office may sit.
    """

    per_session: int = 3
    per_address: int = 24
    in_all: int = 48
    message_bytes: int = 4096
    burst: int = 10
    per_second: float = 1


def attach(
    socketio: SocketIO,
    service: QrSessionService,
    bus: Bus,
    *,
    hooks: Hooks | None = None,
    limits: SocketLimits | None = None,
) -> "QrNamespace":
    """Serve the namespace on `socketio` and push what `bus` tells; websocket only from now on.

    Raises ValueError before `init_app`.
    """
    if socketio.server is None:
        raise ValueError("attach needs a SocketIO that was given its application")
    limits = limits or SocketLimits()
    # The default namespace lets everybody in, who then no longer counts as one that proved nothing.
    socketio.server.namespaces = [NAMESPACE]
    socketio.server.eio.transports = ["websocket"]
    socketio.server.eio.max_http_buffer_size = limits.message_bytes
    SocketDoor(
        socketio.server,
        most=limits.in_all + _AT_THE_DOOR,
        per_address=limits.per_address,
        # Beside what a page asks for there are the namespace's opening and the answers to pings.
        pace=Pace(burst=2 * limits.burst, per_second=2 * limits.per_second),
    )
    namespace = QrNamespace(service, hooks or Hooks(), limits)
    socketio.on_namespace(namespace)
    bus.subscribe(namespace.on_news)
    return namespace


class QrNamespace(Namespace):  # type: ignore[misc]
    """The sockets of this process: which proof each came with, and what is sent to whom."""

    def __init__(self, service: QrSessionService, hooks: Hooks, limits: SocketLimits) -> None:
        super().__init__(NAMESPACE)
        self._service = service
        self._hooks = hooks
        self._limits = limits
        self._pace = Pace(burst=limits.burst, per_second=limits.per_second)
        self._watches: dict[str, Watch] = {}
        self._held: dict[str, list[str]] = {}
        self._lock = Lock()

    def trigger_event(self, event: object, *args: Any) -> None:
        """The only door for what comes in; replaces dispatch by method name.

        A client may send events named `connect` and `disconnect`: they are told from the real
        ones by whether the socket is already, or still, connected.
        """
        sid: str = args[0]
        if event == "connect" and sid not in self._watches:
            self._connect(sid, args[1], args[2] if len(args) > 2 else None)
        elif event == "disconnect" and not self._is_connected(sid):
            self._leave(sid)
        elif event == "look" and self._may_ask(sid):
            self._send(sid, "state")
        elif event == "frames" and self._may_ask(sid):
            self._send_frames(sid)
        else:
            self._cut_off(sid)

    def on_news(self, session_id: str, _seq: int) -> None:
        """Re-read the session, or every one when news may have been lost, and push it."""
        with self._lock:
            ids = list(self._held) if session_id == EVERYTHING else [session_id]
            sids = [sid for each in ids for sid in self._held.get(each, ())]
        for sid in sids:
            view = self._send(sid, "state")
            # A pending session has changed because its code is a new one.
            if view is not None and view.state is State.PENDING:
                self._send_frames(sid)

    @property
    def held(self) -> int:
        """How many sockets this process holds."""
        return len(self._watches)

    def send_away(self) -> None:
        """Close every connection, so that each page comes back by itself, to another process.

        For a process that stops, once it takes no connections: ending the namespace alone would
        tell the stock client not to come back.
        """
        server = self.socketio.server
        for connection in list(server.eio.sockets):
            close_connection(server, connection)

    def _connect(self, sid: str, environ: dict[str, Any], auth: object) -> None:
        ticket = auth.get("ticket") if isinstance(auth, dict) else None
        try:
            if not isinstance(ticket, str):
                raise TicketRefused
            watch = self._service.watch(ticket, holder=self._hooks.holder(environ))
            self._service.snapshot(watch)
        except QrSessionError as error:
            raise Refused(error.code.value) from None
        oldest = self._join(sid, watch)
        if oldest is not None:
            self._cut_off(oldest)
        # After joining: news that comes in between is pushed as well, never lost.
        self._send(sid, "snapshot")
        self._send_frames(sid)

    def _join(self, sid: str, watch: Watch) -> str | None:
        """Hold the socket; returns the one that must go to make room in its session."""
        with self._lock:
            if len(self._watches) >= self._limits.in_all:
                raise Refused(Code.BUSY.value)
            self._watches[sid] = watch
            sids = self._held.setdefault(watch.session_id, [])
            sids.append(sid)
            return sids[0] if len(sids) > self._limits.per_session else None

    def _leave(self, sid: str) -> None:
        with self._lock:
            watch = self._watches.pop(sid, None)
            if watch is None:
                return
            sids = self._held[watch.session_id]
            sids.remove(sid)
            if not sids:
                del self._held[watch.session_id]

    def _send(self, sid: str, event: str) -> PageView | None:
        """Read the session anew and send it; a page that lost its session is cut off."""
        watch = self._watches.get(sid)
        if watch is None:
            return None
        try:
            view = self._service.snapshot(watch)
        except Unavailable:
            # The store is away for a while: the bus says EVERYTHING when it is back.
            return None
        except QrSessionError:
            self._cut_off(sid)
            return None
        self.emit(event, view.as_dict() | self._hooks.enrich(watch.session_id), room=sid)
        return view

    def _send_frames(self, sid: str) -> None:
        watch = self._watches.get(sid)
        if watch is None:
            return
        try:
            frames = self._service.frames_for(watch)
        except Unavailable:
            return
        except QrSessionError:
            self._cut_off(sid)
            return
        shown = [
            {
                "text": frame.text,
                "shows_at": frame.shows_at.isoformat(),
                "ends_at": frame.ends_at.isoformat(),
            }
            for frame in frames
        ]
        as_of = self._service.clock.now().isoformat()
        self.emit("frames", {"as_of": as_of, "frames": shown}, room=sid)

    def _may_ask(self, sid: str) -> bool:
        return self._pace.allows(sid, self._service.clock.now().timestamp())

    def _is_connected(self, sid: str) -> bool:
        return bool(self.socketio.server.manager.is_connected(sid, NAMESPACE))

    def _cut_off(self, sid: str) -> None:
        """End the namespace and the connection under it, which would otherwise stay open."""
        self._leave(sid)
        server = self.socketio.server
        connection = server.manager.eio_sid_from_sid(sid, NAMESPACE)
        server.disconnect(sid, namespace=NAMESPACE)
        close_connection(server, connection)
