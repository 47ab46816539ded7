"""What one address may hold is counted at the door of the whole cluster, for all its processes."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.cluster.stack import Cluster
from tests.factories.site import HANDSHAKE, PATH

MOST = 400
SECONDS = 10


class Crowded:
    """Connections from addresses of this machine, all held until the test ends."""

    def __init__(self, cluster: Cluster, held: ExitStack) -> None:
        self.host = cluster.base.removeprefix("http://")
        self.held = held

    def knock(self, address: str) -> int:
        """Open a socket of Socket.IO from this address and keep it; the status that it got."""
        name, port = self.host.split(":")
        connection = socket.create_connection((name, int(port)), SECONDS, (address, 0))
        self.held.callback(connection.close)
        head = {**HANDSHAKE, "Host": self.host, "Origin": f"http://{self.host}"}
        lines = [f"GET {PATH} HTTP/1.1", *(f"{key}: {value}" for key, value in head.items())]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(64).split()[1])


@pytest.fixture
def crowded(cluster: Cluster) -> Iterator[Crowded]:
    with ExitStack() as held:
        yield Crowded(cluster, held)


@pytest.mark.row("S-20")
def test_one_address_holds_four_hundred_connections_and_leaves_room_for_others(
    crowded: Crowded,
) -> None:
    assert {crowded.knock("127.0.0.9") for _ in range(MOST)} == {101}

    assert crowded.knock("127.0.0.9") == 503
    assert crowded.knock("127.0.0.10") == 101
