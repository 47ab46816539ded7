"""One of several web processes behind nginx: gevent, one worker, an address of its own.

Start several of them, each with `--bind`, and list them in `nginx.conf`. A worker is a process
and never forks another: the push to a page must find the process that holds its socket.
"""

import signal
from typing import Any

import gevent
from gunicorn.errors import HaltServer

worker_class = "gevent"
workers = 1
worker_connections = 4000
# nginx makes a connection for each request. A kept one would hold up every stop, and a request
# that was just sent on it when the process left would be lost.
keepalive = 0
timeout = 60
# From SIGTERM until the process is gone, the second included in which it stops listening.
graceful_timeout = 4
# A restart after so many requests would drop the pages that wait.
max_requests = 0
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = "127.0.0.1"


def post_worker_init(worker: Any) -> None:
    """On SIGTERM send the pages that wait to another process, rather than wait for them."""
    gunicorn_stops = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: Any) -> None:
        gunicorn_stops(number, frame)
        gevent.spawn(_send_pages_away, worker)

    signal.signal(signal.SIGTERM, stop)


def _send_pages_away(worker: Any) -> None:
    # As long as this process listens, its pages could come back to it.
    while any(listener.fileno() >= 0 for listener in worker.sockets):
        gevent.sleep(0.05)
    worker.wsgi.extensions["guiyin.pages"].send_away()


def child_exit(server: Any, worker: Any) -> None:
    """A worker that was killed takes its gunicorn along; the service manager starts both again.

    Otherwise the listening gunicorn would let requests wait until another worker has started,
    instead of refusing them, which sends them to another process at once.
    """
    if server.LISTENERS:
        raise HaltServer("the worker has ended", 1)
