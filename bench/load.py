"""A client that loads a server: its requests over some connections at once, as fast as it answers.

A process of its own, so that its work is not counted as the server's.
"""

import json
import re
import socket
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONNECTIONS = 16
TIMEOUT = 30


def request(method: str, path: str, body: object, **headers: str) -> str:
    """The text of a request with a JSON body."""
    content = json.dumps(body)
    given = {"Host": "127.0.0.1", "Content-Type": "application/json", **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", content])


def load(port: int, requests: list[str]) -> list[dict[str, str]]:
    """Send the requests; the JSON of the answers, in the same order. Raises when one is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port)],
        cwd=Path(__file__).parents[1],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    refused = [head for head, _ in answers if not head.startswith("HTTP/1.1 2")]
    if refused:
        raise RuntimeError(f"{len(refused)} were refused, the first by {refused[0]}")
    return [json.loads(body) for _, body in answers]


class Client:
    """Sends requests from any thread; it keeps its connections as long as the server does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[socket.socket] = deque()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._idle:
            connection.close()

    def send(self, text: str) -> tuple[str, str]:
        """The head and the body of the answer."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = socket.create_connection(("127.0.0.1", self._port), TIMEOUT)
        connection.sendall(text.encode())
        head, body = _answer(connection)
        if re.search(r"^connection: close", head, re.IGNORECASE | re.MULTILINE):
            connection.close()
        else:
            self._idle.append(connection)
        return head, body


def _answer(connection: socket.socket) -> tuple[str, str]:
    head, end, body = connection.recv(65536).partition(b"\r\n\r\n")
    if not end:
        raise RuntimeError(f"no whole head came at once: {head!r}")
    length = int(re.search(rb"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE).group(1))
    while len(body) < length:
        body += connection.recv(65536)
    return head.decode(), body.decode()


def main() -> None:
    requests = json.load(sys.stdin)
    with Client(int(sys.argv[1])) as client, ThreadPoolExecutor(CONNECTIONS) as threads:
        json.dump(list(threads.map(client.send, requests)), sys.stdout)


if __name__ == "__main__":
    main()
