"""The app behind a real server, and what one hears on its sockets."""

import json
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from typing import Any

import simple_websocket
from werkzeug.serving import make_server

from server.web.identity import BROWSER_COOKIE
from tests.factories.devices import Browser
from tests.factories.product import Product, Signing

OWN = "http://127.0.0.1:8321"
SECONDS = 10
STATE = "42/qr,"
PATH = "/socket.io/?EIO=4&transport=websocket"
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Site:
    """The app behind a threaded server on a free port; its pages name their usual origin."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.pages = product.app.extensions["guiyin.socketio"]
        self._server = make_server("127.0.0.1", 0, product.app, threaded=True)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.sockets: list[simple_websocket.Client] = []
        self.knocks: list[HTTPConnection] = []

    def shake_hands(self, origin: str) -> int:
        """The status that the opening of a socket from this origin is answered with."""
        headers = {**HANDSHAKE, "Origin": origin}
        with closing(HTTPConnection("127.0.0.1", self._server.server_port, SECONDS)) as connection:
            connection.request("GET", PATH, headers=headers)
            with connection.getresponse() as answer:
                return answer.status

    def connect(
        self, ticket: str | None, browser: Browser | None = None, **auth: str
    ) -> simple_websocket.Client:
        """A socket that asks for the namespace with this ticket, from this browser."""
        address = f"ws://127.0.0.1:{self._server.server_port}{PATH}"
        name = browser.client.get_cookie(BROWSER_COOKIE) if browser else None
        headers = {"Origin": OWN} | ({"Cookie": f"{name.key}={name.value}"} if name else {})
        socket = simple_websocket.Client(address, headers=headers)
        self.sockets.append(socket)
        socket.send("40/qr," + json.dumps(auth | ({"ticket": ticket} if ticket else {})))
        return socket

    def watch(self, signing: Signing) -> simple_websocket.Client:
        """The socket that the page of a signing opens for itself."""
        return self.connect(ticket_of(signing), signing.page)

    def knock(self, address: str) -> bool:
        """Hold a connection from an address of this machine that proves nothing; if it may be."""
        connection = HTTPConnection(
            "127.0.0.1", self._server.server_port, SECONDS, source_address=(address, 0)
        )
        self.knocks.append(connection)
        connection.request("GET", PATH, headers={**HANDSHAKE, "Origin": OWN})
        with connection.getresponse() as answer:
            return answer.status == 101

    def close(self) -> None:
        for connection in self.knocks:
            connection.close()
        for socket in self.sockets:
            if socket.connected:
                socket.close()
        self.pages.server.shutdown()
        self._server.shutdown()
        self._thread.join(timeout=SECONDS)
        self._server.server_close()


def ticket_of(signing: Signing) -> str:
    ticket: str = signing.page.post_to("ticket").get_json()["ticket"]
    return ticket


def hear(socket: simple_websocket.Client, event: str) -> dict[str, Any]:
    """What the next message of this name says."""
    while (message := socket.receive(timeout=SECONDS)) is not None:
        if message.startswith(STATE):
            name, said = json.loads(message.removeprefix(STATE))
            if name == event:
                found: dict[str, Any] = said
                return found
    raise AssertionError(f"no {event} came")


def refusal(socket: simple_websocket.Client) -> str:
    """The code by which the namespace was refused."""
    while (message := socket.receive(timeout=SECONDS)) is not None:
        if message.startswith("44/qr,"):
            code: str = json.loads(message.removeprefix("44/qr,"))["message"]
            return code
    raise AssertionError("nothing was refused")


def heard_until(socket: simple_websocket.Client, event: str) -> list[str]:
    """Every message that came, the next of this name included."""
    told = []
    while (message := socket.receive(timeout=SECONDS)) is not None:
        told.append(message)
        if message.startswith(f'{STATE}["{event}"'):
            return told
    raise AssertionError(f"no {event} came")


def is_cut_off(socket: simple_websocket.Client) -> bool:
    try:
        while socket.receive(timeout=SECONDS) is not None:
            pass
    except simple_websocket.ConnectionClosed:
        return True
    return False
