"""Sending a push to the product's address: signed, plain or sealed, JSON or XML, up to 3 times."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from standins.wechat.world import App, World

PATIENCE_SECONDS: Final = 5.0
TRIES: Final = 3
BLOCK: Final = 32


def push(world: World, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Send `event` to `url` until it answers `success` or nothing; what came back each time."""
    url = str(asked["url"])
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("a stand-in pushes to this machine only")
    event = {"ToUserName": "gh_standin", "CreateTime": int(world.clock.now()), **asked["event"]}
    answers: list[dict[str, Any]] = []
    with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as client:
        for _ in range(TRIES):
            answers.append(_once(client, url, signed(world, event, asked.get("format", "json"))))
            if answers[-1].get("status") == 200 and answers[-1]["body"] in ("success", ""):
                break
    return answers


def signed(world: World, event: dict[str, Any], form: str) -> dict[str, Any]:
    """One request (query, type, body) as the console is set: sealed when there is an AES key."""
    app, openid = world.app, str(event.get("FromUserName", ""))
    query = {"timestamp": str(int(world.clock.now())), "nonce": str(secrets.randbelow(10**10))}
    query |= {"signature": signature(app, query), "openid": openid}
    body = written(event, form)
    if app.push_aes_key:
        closed = sealed(app, body)
        query |= {"encrypt_type": "aes", "msg_signature": signature(app, query, closed)}
        body = written({"ToUserName": event["ToUserName"], "Encrypt": closed}, form)
    kind = "application/json" if form == "json" else "text/xml"
    return {"params": query, "headers": {"Content-Type": kind}, "content": body}


def signature(app: App, query: dict[str, str], *more: str) -> str:
    """SHA-1 over token, timestamp, nonce (and the sealed text), sorted and joined."""
    parts = sorted([app.push_token, query["timestamp"], query["nonce"], *more])
    return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def sealed(app: App, body: bytes) -> str:
    """AES-256-CBC over 16 random bytes, the length, the text and the appid, padded to 32."""
    key = base64.b64decode(app.push_aes_key + "=")
    plain = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + app.appid.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    closed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(closed).decode()


def written(event: dict[str, Any], form: str) -> bytes:
    """The event as JSON, or as XML in which each name is an element."""
    if form == "json":
        return json.dumps(event, ensure_ascii=False).encode()
    return f"<xml>{_elements(event)}</xml>".encode()


def _elements(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_named(name, inner) for name, inner in value.items())
    return str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>"


def _named(name: str, value: Any) -> str:
    several = value if isinstance(value, list) else [value]
    return "".join(f"<{name}>{_elements(one)}</{name}>" for one in several)


def _once(client: httpx.Client, url: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = client.post(url, **request)
    except httpx.HTTPError as error:
        return {"error": type(error).__name__}
    return {"status": answer.status_code, "body": answer.text[:200]}
