"""The Socket.IO adapter: who hears what, and what becomes of those who misbehave."""

from types import SimpleNamespace

import pytest
from flask import Flask
from flask_socketio import SocketIO

from qr_session import Code
from qr_session.bus import EVERYTHING
from qr_session.flask_socketio import NAMESPACE, Hooks, SocketLimits, attach
from qr_session.pace import Pace
from qr_session.socket_door import SocketDoor
from tests.qr_session.scene import Scene


class Desk:
    """A Flask application with the adapter, and sockets to it."""

    def __init__(self, scene: Scene, **options) -> None:
        self.scene = scene
        self.app = Flask(__name__)
        self.socketio = SocketIO(self.app, async_mode="threading")
        self.namespace = attach(self.socketio, scene.service, scene.service.bus, **options)

    def ticket(self) -> str:
        return self.scene.service.watch_ticket(self.scene.id, self.scene.page)

    def connect(self, auth: object = None):
        auth = {"ticket": self.ticket(), "seq": 0} if auth is None else auth
        return self.socketio.test_client(self.app, namespace=NAMESPACE, auth=auth)


@pytest.fixture
def desk(scene):
    return Desk(scene)


def heard(socket) -> list[tuple[str, dict]]:
    return [(news["name"], news["args"][0]) for news in socket.get_received(NAMESPACE)]


def connected(socket) -> bool:
    return socket.is_connected(NAMESPACE)


def test_a_page_that_connects_gets_the_snapshot_and_ten_frames(desk):
    (first, snapshot), (second, frames) = heard(desk.connect())
    assert (first, second) == ("snapshot", "frames")
    assert snapshot["state"] == "pending"
    assert snapshot["message"] == {
        "zh": "请用手机扫描二维码。",
        "en": "Scan the QR code with your phone.",
    }
    assert len(frames["frames"]) == 10
    assert frames["frames"][0]["text"] == desk.scene.text()


def test_a_scan_is_pushed_to_the_page(desk):
    socket = desk.connect()
    heard(socket)
    desk.scene.scan()
    assert [(name, told["state"], told["masked_name"]) for name, told in heard(socket)] == [
        ("state", "scanned", "张*")
    ]


def test_a_refresh_pushes_the_state_and_new_frames(desk):
    socket = desk.connect()
    heard(socket)
    desk.scene.service.refresh(desk.scene.id, desk.scene.page)
    (_, state), (name, frames) = heard(socket)
    assert (state["refreshes_left"], name) == (3, "frames")
    assert frames["frames"][0]["text"] == desk.scene.text()


def test_a_page_that_comes_back_misses_no_end(desk):
    socket = desk.connect()
    seq = heard(socket)[0][1]["seq"]
    socket.disconnect(NAMESPACE)
    desk.scene.consume()
    again = desk.connect({"ticket": desk.ticket(), "seq": seq})
    (name, snapshot), (_, frames) = heard(again)
    assert (name, snapshot["state"], snapshot["status"]) == ("snapshot", "consumed", "complete")
    assert snapshot["seq"] > seq
    assert frames["frames"] == []


def test_progress_after_the_result_is_pushed_with_what_the_application_adds(scene):
    desk = Desk(scene, hooks=Hooks(enrich=lambda session_id: {"task": f"of {session_id}"}))
    socket = desk.connect()
    scene.consume()
    heard(socket)
    scene.service.annotate(scene.id, "sealed")
    [(_, told)] = heard(socket)
    assert (told["progress"], told["task"]) == ("sealed", f"of {scene.id}")


@pytest.mark.row("S-19")
@pytest.mark.parametrize(
    "auth", [None, {}, {"ticket": None}, {"ticket": "x.y.z"}, {"ticket": 7}, "ticket", ["ticket"]]
)
def test_without_a_genuine_ticket_nobody_connects(desk, auth):
    socket = desk.socketio.test_client(desk.app, namespace=NAMESPACE, auth=auth)
    assert not connected(socket)
    assert desk.namespace.held == 0


@pytest.mark.row("S-19")
def test_a_ticket_of_the_past_connects_nobody(desk):
    auth = {"ticket": desk.ticket()}
    desk.scene.clock.advance(seconds=60)
    assert not connected(desk.connect(auth))


@pytest.mark.row("S-19")
def test_a_socket_hears_of_no_other_session(desk):
    other = Scene(clock=desk.scene.clock, store=desk.scene.service.store)
    other.service = desk.scene.service
    socket = desk.connect()
    heard(socket)
    other.scan()
    assert heard(socket) == []


@pytest.mark.row("S-19")
@pytest.mark.parametrize(
    "event", ["join", "state", "snapshot", "connect", "disconnect", "on_news", "trigger_event", ""]
)
def test_any_other_message_ends_the_connection(desk, event):
    socket = desk.connect()
    bystander = desk.connect()
    socket.emit(event, {"room": "another"}, namespace=NAMESPACE)
    assert not connected(socket)
    assert connected(bystander)
    assert desk.namespace.held == 1


@pytest.mark.row("S-20")
def test_a_flood_of_messages_cuts_off_the_one_that_floods(desk):
    socket, bystander = desk.connect(), desk.connect()
    for _ in range(200):
        if connected(socket):
            socket.emit("frames", namespace=NAMESPACE)
    assert not connected(socket)
    assert connected(bystander)


def test_frames_and_the_state_may_be_asked_for_at_a_human_pace(desk):
    socket = desk.connect()
    heard(socket)
    for _ in range(12):
        socket.emit("frames", {"count": 10_000}, namespace=NAMESPACE)
        socket.emit("look", namespace=NAMESPACE)
        desk.scene.clock.advance(seconds=4)
    assert [name for name, _ in heard(socket)] == ["frames", "state"] * 12


def test_looking_after_the_deadline_shows_the_end(desk):
    socket = desk.connect()
    heard(socket)
    desk.scene.clock.advance(seconds=120)
    socket.emit("look", namespace=NAMESPACE)
    [(_, told)] = heard(socket)
    assert (told["state"], told["hint_code"]) == ("expired", "expired_unscanned")


@pytest.mark.row("S-20")
def test_a_fourth_socket_of_a_session_takes_the_place_of_the_oldest(desk):
    sockets = [desk.connect() for _ in range(4)]
    assert [connected(socket) for socket in sockets] == [False, True, True, True]
    assert desk.namespace.held == 3


@pytest.mark.row("S-20")
def test_a_full_process_sends_pages_to_long_polling(scene):
    desk = Desk(scene, limits=SocketLimits(in_all=2))
    assert connected(desk.connect())
    assert connected(desk.connect())
    assert not connected(desk.connect())


def test_a_page_that_another_browser_replaced_is_cut_off(desk):
    socket = desk.connect()
    heard(socket)
    newer = desk.scene.service.new_open_token(desk.scene.id)
    desk.scene.page = desk.scene.service.open_page(desk.scene.id, newer)
    assert not connected(socket)
    assert connected(desk.connect())


def test_when_news_may_have_been_lost_every_page_is_told_its_state(desk):
    socket = desk.connect()
    heard(socket)
    desk.namespace.on_news(EVERYTHING, 0)
    assert [name for name, _ in heard(socket)] == ["state", "frames"]


def test_closed_sockets_are_forgotten(desk):
    socket = desk.connect()
    socket.disconnect(NAMESPACE)
    assert desk.namespace.held == 0
    desk.scene.service.cancel(desk.scene.id, hint=Code.CANCELLED_BY_PARTNER)


def test_only_websockets_with_small_messages_are_served(desk):
    connections = desk.socketio.server.eio
    assert connections.transports == ["websocket"]
    assert connections.max_http_buffer_size == 4096
    polled = desk.app.test_client().get("/socket.io/?EIO=4&transport=polling")
    assert polled.status_code == 400


def test_the_adapter_needs_an_application(scene):
    with pytest.raises(ValueError, match="application"):
        attach(SocketIO(), scene.service, scene.service.bus)


class FakeSocket:
    def __init__(self) -> None:
        self.closed = False

    def close(self, *, wait: bool) -> None:
        self.closed = not wait

    def receive(self, _packet: object) -> None: ...


def make_door(*, proved: set[str], most: int, per_address: int = 50, seconds=lambda: 0.0):
    """A door before a Socket.IO server that is only what the door touches."""
    handlers = {"connect": lambda *_: None, "message": lambda *_: None}
    connections = SimpleNamespace(sockets={}, handlers=handlers)
    connections.on = connections.handlers.__setitem__
    manager = SimpleNamespace(
        get_namespaces=lambda: ["/qr"],
        sid_from_eio_sid=lambda connection, _: connection,
        is_connected=lambda sid, _: sid in proved,
    )
    server = SimpleNamespace(eio=connections, manager=manager)
    pace = Pace(burst=20, per_second=2)
    SocketDoor(server, most=most, per_address=per_address, pace=pace, seconds=seconds)

    def knock(name: str, address: str = "192.0.2.1") -> bool:
        connections.sockets[name] = FakeSocket()
        admitted = connections.handlers["connect"](name, {"REMOTE_ADDR": address}) is not False
        if not admitted:
            del connections.sockets[name]
        return admitted

    return knock, connections.sockets


@pytest.mark.row("S-20")
def test_fifty_connections_that_prove_nothing_do_not_fill_the_server():
    knock, sockets = make_door(proved=set(), most=8)
    assert [knock(f"s{number}") for number in range(50)].count(True) == 8
    assert len(sockets) == 8


def test_closed_connections_do_not_count():
    knock, sockets = make_door(proved=set(), most=2)
    assert knock("first")
    assert knock("second")
    sockets["first"].close(wait=False)
    assert knock("third")
    assert not knock("fourth")


@pytest.mark.row("S-20")
def test_a_connection_that_proved_nothing_for_ten_seconds_makes_room():
    now = [0.0]
    knock, sockets = make_door(proved={"page"}, most=2, seconds=lambda: now[0])
    assert knock("page")
    assert knock("idle")
    now[0] = 10.0
    assert knock("newcomer")
    assert sockets["idle"].closed
    assert not sockets["page"].closed


@pytest.mark.row("S-20")
def test_one_address_does_not_take_the_places_of_the_others():
    knock, _ = make_door(proved=set(), most=8, per_address=3)
    assert [knock(f"s{number}") for number in range(50)].count(True) == 3
    assert [knock(f"o{number}", "192.0.2.2") for number in range(4)] == [True, True, True, False]


@pytest.mark.row("S-20")
def test_an_address_that_is_full_makes_room_among_its_own():
    now = [0.0]
    knock, sockets = make_door(proved=set(), most=8, per_address=2, seconds=lambda: now[0])
    assert knock("other", "192.0.2.2")
    assert knock("first")
    assert knock("second")
    now[0] = 10.0
    assert knock("third")
    assert (sockets["first"].closed, sockets["other"].closed) == (True, False)
