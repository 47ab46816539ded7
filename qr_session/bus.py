"""News between processes: only {session id, seq} travels, receivers re-read the state.

State is the truth and news is a hint: publishing never raises, and lost news costs a delay only.
"""

import errno
import logging
import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from random import uniform
from threading import Event, Lock, Thread
from typing import Final, Protocol

Callback = Callable[[str, int], None]

EVERYTHING: Final = "*"
"""In place of a session id: news may have been lost, re-read whatever you hold."""

_log = logging.getLogger(__name__)


def pack(session_id: str, seq: int) -> bytes:
    """News as it travels."""
    return f"{session_id} {seq}".encode()


def unpack(news: bytes) -> tuple[str, int] | None:
    """What `pack` was given, or None for anything that is no news."""
    session_id, _, seq = news.decode("ascii", "replace").partition(" ")
    return (session_id, int(seq)) if seq.isdecimal() else None


class Bus(Protocol):
    """Carries news of a session to everybody who subscribed, in every process."""

    def publish(self, session_id: str, seq: int) -> None:
        """Tell all subscribers, unless the store that was changed tells them; never raises."""

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call `callback(session_id, seq)` on news, from any thread; returns the unsubscribing."""


class InProcessBus:
    """Calls the subscribers of this process, in the publisher's thread."""

    def __init__(self) -> None:
        self._callbacks: dict[object, Callback] = {}
        self._lock = Lock()

    def publish(self, session_id: str, seq: int) -> None:
        with self._lock:
            callbacks = list(self._callbacks.values())
        for callback in callbacks:
            try:
                callback(session_id, seq)
            except Exception:
                # One subscriber's trouble must not undo a move or silence the others.
                _log.exception("a subscriber of the QR bus failed")

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        key = object()
        with self._lock:
            self._callbacks[key] = callback

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks.pop(key, None)

        return unsubscribe


class UnixDatagramBus:
    """One socket file per process in a folder that only this user may enter.

    `publish` sends to every socket of the folder, its own too, without ever waiting; sockets whose
    process has died are removed. Make it after the process has forked; `close` ends the listener.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.sock"
        self._local = InProcessBus()
        self._closed = Event()
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        try:
            self._receiver = self._bind()
        except OSError:
            self._sender.close()
            raise
        self._listener = Thread(target=self._supervise, name="qr-bus", daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        """Whether news still comes in; for the readiness check."""
        return self._listener.is_alive() and self._path.exists()

    def publish(self, session_id: str, seq: int) -> None:
        news = pack(session_id, seq)
        try:
            with os.scandir(self._folder) as entries:
                paths = [entry.path for entry in entries if entry.name.endswith(".sock")]
        except OSError:
            _log.warning("the folder of the QR bus cannot be read")
            return
        for path in paths:
            self._send(news, path)

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        return self._local.subscribe(callback)

    def close(self) -> None:
        """Stop listening and remove the socket; safe to call twice."""
        if self._closed.is_set():
            return
        self._closed.set()
        # Wakes a listener that waits for a datagram.
        self._send(b"", str(self._path))
        self._listener.join(timeout=5)
        self._sender.close()
        self._path.unlink(missing_ok=True)

    def _send(self, news: bytes, path: str) -> None:
        try:
            self._sender.sendto(news, path)
        except OSError as error:
            if error.errno in (errno.ECONNREFUSED, errno.ENOENT):
                Path(path).unlink(missing_ok=True)
            # Otherwise its queue is full: that process re-reads when it has caught up.

    def _bind(self) -> socket.socket:
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            receiver.bind(str(self._path))
            self._path.chmod(0o600)
            receiver.settimeout(1.0)
        except OSError:
            receiver.close()
            raise
        return receiver

    def _supervise(self) -> None:
        """Listen until closed; whatever breaks the socket, bind again after a short pause."""
        while not self._closed.is_set():
            try:
                with self._receiver:
                    self._listen()
            except OSError:
                _log.warning("the QR bus lost its socket and binds again")
            if self._closed.wait(uniform(0.1, 0.5)):
                return
            try:
                self._path.unlink(missing_ok=True)
                self._receiver = self._bind()
            except OSError:
                _log.warning("the QR bus could not bind its socket")
            else:
                self._local.publish(EVERYTHING, 0)

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                news = self._receiver.recv(128)
            except TimeoutError:
                if not self._path.exists():
                    return
                continue
            if (told := unpack(news)) is not None:
                self._local.publish(*told)
