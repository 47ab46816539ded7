"""Alipay's gateway and login page: `python -m standins.alipay --folder DIR`.

The folder holds `app_id`, `private_key` and `public_key` (the product's settings of these names
with `alipay_` before them), made at the first start, and Alipay's own private key.
"""

import base64
import hashlib
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask, Response, redirect, request

from standins.choosing import choosing
from standins.demo_people import by_id
from standins.program import kept, run
from standins.wechat.clock import Clock

CODE_LIFE: Final = 86_400
ANSWER: Final = "alipay_system_oauth_token_response"
PEM = serialization.Encoding.PEM


@dataclass
class House:
    """All state. `spoiled` makes the next answers wrong: `sign`, `body`, `status`, `subject`."""

    app_id: str
    app_key: rsa.RSAPublicKey
    key: rsa.RSAPrivateKey
    clock: Clock = field(default_factory=Clock)
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)
    spoiled: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)


def create_app(house: House) -> Flask:
    """The gateway and the page."""
    app = Flask(__name__)
    app.add_url_rule("/gateway.do", "gateway", lambda: gateway(house), methods=["POST"])
    app.add_url_rule("/oauth2/publicAppAuthorize.htm", "page", lambda: authorize(house))
    return app


def authorize(house: House) -> Any:
    """Ask who is there, then send the browser back with a code."""
    asked = request.args
    if asked.get("app_id") != house.app_id or asked.get("scope") != "auth_base":
        return Response("unknown app", 400)
    if "person" not in asked:
        return choosing("支付宝登录 Alipay")
    person, back = by_id(asked["person"]), {"state": asked.get("state", "")}
    if person is not None:
        code = secrets.token_hex(16)
        house.codes[code] = (person.id, house.clock.now() + CODE_LIFE)
        back |= {"app_id": house.app_id, "scope": "auth_base", "auth_code": code}
    return redirect(f"{asked['redirect_uri']}?{urlencode(back)}", 303)


def gateway(house: House) -> Response:
    """alipay.system.oauth.token: a code once, to the app that has signed."""
    house.calls.append(request.form.get("method", ""))
    if "status" in house.spoiled:
        return Response("<html>502</html>", house.spoiled["status"])
    form = request.form.to_dict()
    if not _is_signed(house, form):
        return answered(house, "error_response", _refusal("40002", "isv.invalid-signature"))
    person, ends = house.codes.pop(form.get("code", ""), ("", 0.0))
    if ends <= house.clock.now():
        return answered(house, "error_response", _refusal("40002", "isv.code-invalid"))
    told = {"open_id": subject(person), "access_token": secrets.token_hex(16), "expires_in": 300}
    return answered(house, ANSWER, told | house.spoiled.get("subject", {}))


def answered(house: House, name: str, told: dict[str, Any]) -> Response:
    """The answer with its signature over the very text of the part."""
    part = json.dumps(house.spoiled.get("body", told), ensure_ascii=False)
    made = house.key.sign(part.encode(), padding.PKCS1v15(), hashes.SHA256())
    given = house.spoiled.get("sign", base64.b64encode(made).decode())
    text = f'{{"{name}":{part},"sign":{json.dumps(given)}}}'
    return Response(text, content_type="text/html;charset=utf-8")


def subject(person_id: str) -> str:
    """Alipay's name of a person for this app, the same in every run."""
    return hashlib.sha256(f"alipay {person_id}".encode()).hexdigest()[:32]


def _is_signed(house: House, form: dict[str, str]) -> bool:
    given = form.pop("sign", "")
    text = "&".join(f"{name}={form[name]}" for name in sorted(form) if form[name])
    try:
        house.app_key.verify(
            base64.b64decode(given), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return form.get("app_id") == house.app_id and form.get("sign_type") == "RSA2"


def _refusal(code: str, sub_code: str) -> dict[str, Any]:
    return {"code": code, "msg": "Invalid Arguments", "sub_code": sub_code, "sub_msg": "无效"}


def new_key() -> str:
    """An RSA key of 2048 bits as PKCS #8 in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind, open_ = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(PEM, kind, open_).decode()


def public_half(pem: str) -> str:
    """The public key of a private one, in PEM."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return loaded(pem).public_key().public_bytes(PEM, kind).decode()


def loaded(pem: str) -> rsa.RSAPrivateKey:
    """The key of a PEM."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is needed")
    return key


def kept_house(folder: Path) -> House:
    """The Alipay of a folder; what is missing there is made."""
    app_id = kept(folder, "app_id", lambda: f"2021{secrets.randbelow(10**12):012d}")
    app_pem = kept(folder, "private_key", new_key)
    own_pem = kept(folder, "alipay_private_key.pem", new_key)
    kept(folder, "public_key", lambda: public_half(own_pem))
    return House(app_id, loaded(app_pem).public_key(), loaded(own_pem))


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when started for production."""
    return run("standins.alipay", lambda folder: create_app(kept_house(folder)), arguments)


if __name__ == "__main__":
    sys.exit(main())
