"""Pushing QR states to the pages that wait, over websockets only."""

from typing import Any

from flask_socketio import SocketIO
from gevent.monkey import is_module_patched

from qr_session.flask_socketio import Hooks, SocketLimits, attach
from server.runtime import Runtime
from server.web.csrf import is_own
from server.web.identity import browser_of

# Below the connections of one process (deploy/gunicorn_production.py), so that requests find room.
# How many may come from one address is said in deploy/nginx.conf, for all processes at once.
ON_GEVENT = SocketLimits(in_all=3000, per_address=3000)
ON_THREADS = SocketLimits()


def make_socketio(app: Any, parts: Runtime) -> SocketIO:
    """Socket.IO inside the app, websockets only, fed by our own bus.

    On gevent where the server has patched the process for it, on threads elsewhere. The pages
    that wait are in `app.extensions["guiyin.pages"]`, an object of the library (`QrNamespace`).
    """
    # Browsers name an Origin, which must be ours; a program that names none needs a ticket still.
    on_gevent = is_module_patched("socket")
    socketio = SocketIO(
        app,
        async_mode="gevent" if on_gevent else "threading",
        transports=["websocket"],
        cors_allowed_origins=lambda origin: bool(origin) and is_own(origin, parts.settings),
        manage_session=False,
        max_http_buffer_size=4096,
        ping_interval=25,
        ping_timeout=20,
    )
    limits = ON_GEVENT if on_gevent else ON_THREADS
    hooks = Hooks(holder=lambda environ: browser_of(environ, parts.settings))
    pages = attach(socketio, parts.qr_sessions, parts.bus, hooks=hooks, limits=limits)
    app.extensions["guiyin.pages"] = pages
    return socketio
