"""A way to a server on which an answer can be lost after the server has done its work."""

import socket
from contextlib import suppress
from threading import Thread


class LossyWay:
    """Passes bytes between one client after the other and the server at `port`.

    After `lose_next(word)` the first answer to a request that holds `word` is swallowed and the
    client's connection is closed, as when a network breaks at the worst moment.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._word: bytes | None = None
        self.lost = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def lose_next(self, word: bytes) -> None:
        self._word = word

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                with client, socket.create_connection(("127.0.0.1", self._port)) as server:
                    self._pass_on(client, server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        """One request, one answer, until either side has had enough."""
        while request := client.recv(65_536):
            server.sendall(request)
            answer = server.recv(65_536)
            if self._word is not None and self._word in request:
                self._word = None
                self.lost += 1
                return
            client.sendall(answer)
