"""The adapter over real websockets on loopback, with the stock client."""

import json
import socket
from queue import Queue
from threading import Event, Thread
from time import monotonic

import pytest
import simple_websocket
import socketio as client_library
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.serving import make_server

from qr_session.flask_socketio import NAMESPACE, attach
from tests.qr_session.scene import Scene

SECONDS = 10


class Server:
    """The adapter behind werkzeug's threaded server on a free port."""

    def __init__(self) -> None:
        self.scene = Scene()
        app = Flask(__name__)
        self.socketio = SocketIO(app, async_mode="threading")
        self.adapter = attach(self.socketio, self.scene.service, self.scene.service.bus)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def ticket(self) -> str:
        return self.scene.service.watch_ticket(self.scene.id, self.scene.page)

    def close(self) -> None:
        self.socketio.server.shutdown()
        self._server.shutdown()
        self._thread.join(timeout=SECONDS)
        self._server.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def page(server):
    """A stock client, and the queue of what it hears."""
    page = client_library.Client(reconnection=False)
    heard: Queue = Queue()
    page.on("*", lambda name, told: heard.put((name, told)), namespace=NAMESPACE)
    page.on("disconnect", lambda *_: heard.put(("closed", None)), namespace=NAMESPACE)
    page.heard = heard
    yield page
    page.disconnect()


def connect(page, server, **auth) -> None:
    page.connect(
        f"http://{server.address}",
        namespaces=[NAMESPACE],
        transports=["websocket"],
        auth={"ticket": server.ticket(), "seq": 0} | auth,
        wait_timeout=SECONDS,
    )


def test_the_page_hears_the_whole_journey(server, page):
    connect(page, server)
    assert [page.heard.get(timeout=SECONDS)[0] for _ in range(2)] == ["snapshot", "frames"]
    server.scene.consume()
    server.scene.service.annotate(server.scene.id, "sealed")
    states = [page.heard.get(timeout=SECONDS)[1] for _ in range(5)]
    assert [told["state"] for told in states] == [
        "scanned",
        "scanned",
        "confirmed",
        "consumed",
        "consumed",
    ]
    assert [told["hint_code"] for told in states[:2]] == ["scanned", "enter_pin"]
    assert states[-1]["progress"] == "sealed"


def raw_socket(server, auth: dict) -> simple_websocket.Client:
    """A client of no manners: it asks for the namespace and then sends what it likes."""
    raw = simple_websocket.Client(f"ws://{server.address}/socket.io/?EIO=4&transport=websocket")
    raw.send("40/qr," + json.dumps(auth))
    return raw


def read_until_closed(raw) -> list[str]:
    """All it was sent, once the server has closed the connection."""
    told = []
    try:
        while (message := raw.receive(timeout=SECONDS)) is not None:
            told.append(message)
    except simple_websocket.ConnectionClosed:
        return told
    raise AssertionError("the connection was not closed")


def eventually(holds) -> bool:
    """Whether it comes true within some seconds: the server tidies up after closing."""
    end = monotonic() + SECONDS
    while not holds() and monotonic() < end:
        Event().wait(0.01)
    return holds()


@pytest.mark.row("S-19")
def test_a_socket_without_a_ticket_is_refused_by_name(server):
    raw = raw_socket(server, {"ticket": "a.b.c"})
    told = [raw.receive(timeout=SECONDS) for _ in range(2)]
    raw.close()
    assert told[1] == '44/qr,{"message":"ticket_refused"}'
    assert server.adapter.held == 0


@pytest.mark.row("S-19", "S-20")
@pytest.mark.parametrize(
    "message",
    ["x" * 1_000_000, '42/qr,["join","another room"]', '42/qr,["connect",{},{}]', "42/qr,[[]]"],
    ids=["a megabyte", "a room", "a second connect", "no name"],
)
def test_the_connection_under_a_socket_that_misbehaves_is_closed(server, message):
    raw = raw_socket(server, {"ticket": server.ticket()})
    raw.send(message)
    read_until_closed(raw)
    assert eventually(lambda: server.adapter.held == 0)
    assert all(held.closed for held in server.socketio.server.eio.sockets.values())


HANDSHAKE = """GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
Host: 127.0.0.1\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
\r
"""


def test_no_message_is_compressed_though_browsers_offer_it(server):
    host, port = server.address.split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as browser:
        browser.sendall(HANDSHAKE.encode())
        answer = browser.recv(4096).partition(b"\r\n\r\n")[0].lower()
    assert answer.startswith(b"http/1.1 101")
    assert b"sec-websocket-extensions" not in answer
