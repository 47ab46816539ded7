"""The HTTP side: every call must be signed with the account's key, within five minutes (TC3)."""

import hashlib
import hmac
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from standins.tencent.world import ACTIONS, Body, Fault, Refusal, World

ALGORITHM: Final = "TC3-HMAC-SHA256"
SIGNED: Final = "content-type;host"
AUTHORIZATION: Final = re.compile(
    rf"{ALGORITHM} Credential=([^/]+)/(\d{{4}}-\d\d-\d\d)/([a-z]+)/tc3_request, "
    rf"SignedHeaders={SIGNED}, Signature=([0-9a-f]{{64}})"
)
SIGNATURE_LIFE: Final = 300


def signature(world: World, headers: dict[str, str], payload: bytes, service: str) -> str:
    """What the Signature of this POST must be (Tencent Cloud, signature method 3)."""
    signed = f"content-type:{headers['content-type']}\nhost:{headers['host']}\n"
    digest = hashlib.sha256(payload).hexdigest()
    request = f"POST\n/\n\n{signed}\n{SIGNED}\n{digest}".encode()
    at = int(headers["x-tc-timestamp"])
    date = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    text = f"{ALGORITHM}\n{at}\n{scope}\n{hashlib.sha256(request).hexdigest()}"
    key = f"TC3{world.secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def answer(world: World, headers: dict[str, str], payload: bytes) -> Body:
    """Check who asks, then do what is asked; raises Refusal."""
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found or not headers.get("x-tc-timestamp", "").isdecimal():
        raise Refusal("AuthFailure.SignatureFailure")
    if found[1] != world.secret_id:
        raise Refusal("AuthFailure.SecretIdNotFound")
    if abs(world.now() - int(headers["x-tc-timestamp"])) > SIGNATURE_LIFE:
        raise Refusal("AuthFailure.SignatureExpire")
    if not hmac.compare_digest(found[4], signature(world, headers, payload, found[3])):
        raise Refusal("AuthFailure.SignatureFailure")
    named = (found[3], headers.get("x-tc-version", ""), headers.get("x-tc-action", ""))
    if named not in ACTIONS:
        raise Refusal("InvalidAction")
    return ACTIONS[named](world, json.loads(payload))


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        world = self.server.world
        headers = {name.lower(): value for name, value in self.headers.items()}
        payload = self.rfile.read(int(headers.get("content-length", "0")))
        with world.lock:
            world.calls[headers.get("x-tc-action", "")] += 1
            fault = world.next_fault()
        if fault is not None and self._is_troubled(fault):
            return
        try:
            with world.lock:
                response = answer(world, headers, payload)
        except Refusal as error:
            response = _error(error.code)
        self._say({"Response": {**response, "RequestId": str(uuid.uuid4())}})

    def _is_troubled(self, fault: Fault) -> bool:
        time.sleep(fault.wait)
        if fault.code:
            self._say({"Response": {**_error(fault.code), "RequestId": ""}})
        elif fault.html:
            self._send(fault.html, "text/html", b"<html>502 Bad Gateway</html>")
        elif fault.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.drip:
            self._drip()
        elif fault.answer is not None:
            self._say(fault.answer, fault.kind)
        else:
            return False
        return True

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def _say(self, body: Any, kind: str = "application/json") -> None:
        self._send(200, kind, json.dumps(body, ensure_ascii=False).encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent: what is asked holds numbers of people."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world = world

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: callers that left in the middle are a part of the tests."""


def _error(code: str) -> Body:
    return {"Error": {"Code": code, "Message": f"a sentence about {code}"}}


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve on loopback until the end of the block; the address."""
    with _Server(world) as server:
        world.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield world.address
        finally:
            server.shutdown()
            thread.join()
