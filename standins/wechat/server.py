"""The HTTP side: each call is counted, troubled, checked for its token, answered."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from standins.serving import served
from standins.wechat import calls, people
from standins.wechat.control import CONTROLS
from standins.wechat.refusals import Refusal
from standins.wechat.world import Fault, World

Answer = Callable[[World, dict[str, str], dict[str, Any]], dict[str, Any] | bytes]
# Path, method, whether it needs the access token, what answers.
CALLS: Final[tuple[tuple[str, str, bool, Answer], ...]] = (
    ("/cgi-bin/token", "GET", False, calls.token),
    ("/cgi-bin/stable_token", "POST", False, calls.stable_token),
    ("/sns/jscode2session", "GET", False, calls.jscode2session),
    ("/wxa/checksession", "GET", True, calls.checksession),
    ("/wxa/getwxacodeunlimit", "POST", True, calls.getwxacodeunlimit),
    ("/wxa/generatescheme", "POST", True, calls.generatescheme),
    ("/wxa/generate_urllink", "POST", True, calls.generate_urllink),
    ("/wxa/business/getuserphonenumber", "POST", True, calls.getuserphonenumber),
    ("/wxa/msg_sec_check", "POST", True, calls.msg_sec_check),
    ("/cgi-bin/message/subscribe/send", "POST", True, people.subscribe_send),
    ("/cityservice/face/identify/getverifyid", "POST", True, people.getverifyid),
    ("/cityservice/face/identify/queryverifyinfo", "POST", True, people.queryverifyinfo),
)
# As WeChat does it: this one calls its JSON plain text.
PLAIN: Final = {"/sns/jscode2session"}
HTML: Final = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def create_app(world: World) -> Flask:
    """WeChat's calls, and the control plane."""
    app = Flask(__name__)
    for path, method, needs_token, answer in CALLS:
        view = _view(world, path, needs_token, answer)
        app.add_url_rule(path, endpoint=path, view_func=view, methods=[method])
    for control in CONTROLS:
        path = f"/__ctl/{control.__name__}"
        app.add_url_rule(path, endpoint=path, view_func=_control(world, control), methods=["POST"])
    return app


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[str]:
    """Serve on loopback until the end of the block; the address."""
    with served(create_app(world), port) as address:
        yield address


def _view(world: World, path: str, needs_token: bool, answer: Answer) -> Callable[[], Response]:
    def view() -> Response:
        with world.lock:
            world.calls[path] += 1
            fault = world.next_fault(path)
        if fault is not None and (troubled := _troubled(world, fault)) is not None:
            return troubled
        try:
            with world.lock:
                if needs_token:
                    world.tokens.check(request.args.get("access_token", ""), world.clock.now())
                found = answer(world, request.args.to_dict(), _body())
        except Refusal as refusal:
            return _json(refusal.body(world.clock.now()), path)
        if isinstance(found, bytes):
            return Response(found, mimetype="image/jpeg")
        return _json(found, path)

    return view


def _body() -> dict[str, Any]:
    if request.method != "POST":
        return {}
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise Refusal(47001) from None
    if not isinstance(body, dict):
        raise Refusal(47001)
    return body


def _json(body: Any, path: str) -> Response:
    kind = "text/plain" if path in PLAIN else "application/json; charset=UTF-8"
    return Response(json.dumps(body, ensure_ascii=False), content_type=kind)


def _troubled(world: World, fault: Fault) -> Response | None:
    if fault.wait:
        time.sleep(fault.wait)
    if fault.errcode:
        return _json(Refusal(fault.errcode, fault.more).body(world.clock.now()), request.path)
    if fault.html:
        elsewhere = {"Location": "/cgi-bin/token"} if 300 <= fault.html < 400 else {}
        return Response(HTML, fault.html, elsewhere, content_type="text/html")
    if fault.cut:
        connection: socket.socket = request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        return Response("")
    if fault.body is not None:
        return _json(fault.body, request.path)
    if fault.drip:
        return Response(_drip(fault.drip), content_type="application/json")
    return None


def _drip(seconds: float) -> Iterator[bytes]:
    while True:
        yield b" "
        time.sleep(seconds)


def _control(
    world: World, control: Callable[[World, dict[str, Any]], dict[str, Any]]
) -> Callable[[], Response]:
    def view() -> Response:
        asked = request.get_json(force=True, silent=True) or {}
        try:
            # A push may come back with a question, so it must not hold the lock.
            if control.__name__ == "pushes":
                return _json(control(world, asked), "")
            with world.lock:
                return _json(control(world, asked), "")
        except (KeyError, TypeError, ValueError) as error:
            raise BadRequest(repr(error)) from None

    return view
