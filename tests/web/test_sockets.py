"""The app's own part of the sockets: from which origin, with whose ticket, and how many."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from typing import Any

import pytest
import simple_websocket
from werkzeug.serving import make_server

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

    def shake_hands(self, origin: str) -> int:
        """The status that the opening of a socket from this origin is answered with."""
        headers = {**HANDSHAKE, "Origin": origin}
        with closing(HTTPConnection("127.0.0.1", self._server.server_port, SECONDS)) as connection:
            connection.request("GET", PATH, headers=headers)
            with connection.getresponse() as answer:
                return answer.status

    def connect(self, ticket: str | None) -> simple_websocket.Client:
        """A page's socket that asks for the namespace with this ticket."""
        address = f"ws://127.0.0.1:{self._server.server_port}{PATH}"
        socket = simple_websocket.Client(address, headers={"Origin": OWN})
        self.sockets.append(socket)
        socket.send("40/qr," + json.dumps({"ticket": ticket} if ticket else {}))
        return socket

    def close(self) -> None:
        for socket in self.sockets:
            if socket.connected:
                socket.close()
        self.pages.server.shutdown()
        self._server.shutdown()
        self._thread.join(timeout=SECONDS)
        self._server.server_close()


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    site = Site(product)
    yield site
    site.close()


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


def is_cut_off(socket: simple_websocket.Client) -> bool:
    try:
        while socket.receive(timeout=SECONDS) is not None:
            pass
    except simple_websocket.ConnectionClosed:
        return True
    return False


@pytest.mark.row("S-19")
@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.test", f"{OWN}.evil.test", "http://127.0.0.1:8322", "https://x"],
)
def test_a_socket_from_another_origin_does_not_even_connect(site: Site, origin: str) -> None:
    assert site.shake_hands(origin) == 400


@pytest.mark.row("S-19")
@pytest.mark.parametrize("origin", [OWN, "http://localhost:8321"])
def test_a_socket_from_our_own_pages_connects(site: Site, origin: str) -> None:
    assert site.shake_hands(origin) == 101


@pytest.mark.row("S-19")
@pytest.mark.parametrize("ticket", [None, "", "a.b.c", "A" * 16])
def test_a_socket_without_the_pages_ticket_is_refused(site: Site, ticket: str | None) -> None:
    site.product.signing()

    assert refusal(site.connect(ticket)) == "ticket_refused"


@pytest.mark.row("S-19", "S-02")
def test_a_ticket_is_given_to_the_page_alone_and_dies_with_its_minute(site: Site) -> None:
    signing = site.product.signing()
    stranger = site.product.browser().post(f"{signing.page.path}/ticket")
    ticket = ticket_of(signing)

    assert (stranger.status_code, stranger.get_json()["code"]) == (401, "page_token_missing")
    site.product.clock.advance(seconds=60)
    assert refusal(site.connect(ticket)) == "ticket_expired"


@pytest.mark.row("S-19")
def test_a_socket_hears_its_own_task_and_nothing_of_another(site: Site) -> None:
    """The room follows from the ticket; one that was given for another task leads only there."""
    mine, other = site.product.signing(), site.product.signing()
    page, stranger = site.connect(ticket_of(mine)), site.connect(ticket_of(other))
    assert hear(page, "snapshot")["id"] != hear(stranger, "snapshot")["id"]

    mine.scan()

    assert hear(page, "state")["state"] == "scanned"
    stranger.send('42/qr,["look"]')
    assert hear(stranger, "state")["state"] == "pending"


@pytest.mark.row("S-10", "S-19")
def test_a_socket_ends_when_another_browser_takes_the_task(site: Site) -> None:
    signing = site.product.signing()
    page = site.connect(ticket_of(signing))
    assert hear(page, "snapshot")["state"] == "pending"

    site.product.page(signing.new_link())

    told = hear(page, "state")
    assert (told["state"], told["hint_code"]) == ("cancelled", "cancelled_by_page")


@pytest.mark.row("S-20")
@pytest.mark.parametrize(
    "flood",
    [["x" * 1_000_000], ['42/qr,["look"]'] * 200, ['42/qr,["join","another room"]']],
    ids=["a megabyte", "200 messages", "a room"],
)
def test_a_socket_that_floods_is_cut_off_and_the_others_hear_on(
    site: Site, flood: list[str]
) -> None:
    signing = site.product.signing()
    page, bad = site.connect(ticket_of(signing)), site.connect(ticket_of(site.product.signing()))
    assert hear(page, "snapshot")["state"] == "pending"
    assert hear(bad, "snapshot")["state"] == "pending"

    try:
        for message in flood:
            bad.send(message)
    except simple_websocket.ConnectionClosed:
        pass

    assert is_cut_off(bad)
    signing.scan()
    assert hear(page, "state")["state"] == "scanned"


@pytest.mark.row("S-20")
def test_fifty_sockets_of_one_page_leave_room_for_the_others(site: Site) -> None:
    greedy, signing = site.product.signing(), site.product.signing()
    ticket = ticket_of(greedy)
    page = site.connect(ticket_of(signing))
    assert hear(page, "snapshot")["state"] == "pending"

    many = [site.connect(ticket) for _ in range(50)]

    assert hear(many[-1], "snapshot")["state"] == "pending"
    assert all(is_cut_off(socket) for socket in many[:-3])
    signing.scan()
    assert hear(page, "state")["state"] == "scanned"
    assert site.product.browser().get("/livez").status_code == 200
