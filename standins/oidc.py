"""The government's platform as an OpenID provider: `python -m standins.oidc --folder DIR`.

The folder holds `client_id`, `client_secret` and the signing key, made at the first start. The
first line of the output is the issuer.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from standins.choosing import choosing
from standins.demo_people import DemoPerson, by_id
from standins.program import kept, run
from standins.wechat.clock import Clock

CODE_LIFE: Final = 60
TOKEN_LIFE: Final = 300


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    person: DemoPerson
    redirect_uri: str
    nonce: str
    challenge: str
    ends: float


@dataclass
class Platform:
    """All state. `spoiled` changes what the next words are: `claims` of the ID token (None takes
    one away), its `alg` or `key`, `userinfo`, or the `error` of the token endpoint.
    """

    client_id: str
    client_secret: str
    key: RSAKey
    clock: Clock = field(default_factory=Clock)
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, DemoPerson] = field(default_factory=dict)
    spoiled: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)


def new_key(kid: str = "standin-1") -> RSAKey:
    """A signing key."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def create_app(platform: Platform) -> Flask:
    """The platform's pages and calls."""
    app = Flask(__name__)
    for path, method, answer in (
        ("/.well-known/openid-configuration", "GET", metadata),
        ("/jwks", "GET", jwks),
        ("/authorize", "GET", authorize),
        ("/token", "POST", token),
        ("/userinfo", "GET", userinfo),
    ):
        view = _view(platform, answer)
        app.add_url_rule(path, endpoint=path, view_func=view, methods=[method])
    return app


def _view(platform: Platform, answer: Any) -> Any:
    def view() -> Any:
        platform.calls.append(request.path)
        return answer(platform)

    return view


def issuer() -> str:
    """Where this stand-in answers."""
    return request.host_url.rstrip("/")


def metadata(platform: Platform) -> dict[str, Any]:
    """OpenID Connect Discovery 3."""
    here = issuer()
    found = {
        "issuer": here,
        "authorization_endpoint": f"{here}/authorize",
        "token_endpoint": f"{here}/token",
        "userinfo_endpoint": f"{here}/userinfo",
        "jwks_uri": f"{here}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
    return {**found, **platform.spoiled.get("metadata", {})}


def jwks(platform: Platform) -> dict[str, Any]:
    """The public half of the key."""
    return {"keys": [platform.key.as_dict(private=False)]}


def authorize(platform: Platform) -> Response | Any:
    """Ask who is there, then send the browser back with a code."""
    asked = request.args
    wanted = {"response_type": "code", "client_id": platform.client_id}
    if any(asked.get(name) != value for name, value in wanted.items()):
        return Response("unknown client", 400)
    if asked.get("code_challenge_method") != "S256" or not asked.get("nonce"):
        return Response("PKCE and a nonce are needed", 400)
    if "person" not in asked:
        return choosing("一体化平台登录 Single sign-on")
    person, back = by_id(asked["person"]), {"state": asked.get("state", "")}
    if person is None:
        back |= {"error": "access_denied"}
    else:
        back |= {"code": secrets.token_urlsafe(24)}
        platform.grants[back["code"]] = Grant(
            person,
            asked["redirect_uri"],
            asked["nonce"],
            asked["code_challenge"],
            platform.clock.now() + CODE_LIFE,
        )
    return redirect(f"{asked['redirect_uri']}?{urlencode(back)}", 303)


def token(platform: Platform) -> Any:
    """A code for an ID token, once, to the client that asked and knows the verifier."""
    basic, form = request.authorization, request.form
    given = (basic.password or "") if basic and basic.username == platform.client_id else ""
    if not hmac.compare_digest(given, platform.client_secret):
        return {"error": "invalid_client"}, 401
    if "error" in platform.spoiled:
        return {"error": platform.spoiled["error"]}, 400
    grant = platform.grants.pop(form.get("code", ""), None)
    challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if (
        grant is None
        or grant.ends <= platform.clock.now()
        or grant.redirect_uri != form.get("redirect_uri")
        or not hmac.compare_digest(grant.challenge, _base64(challenge))
    ):
        return {"error": "invalid_grant"}, 400
    access = secrets.token_urlsafe(24)
    platform.tokens[access] = grant.person
    word = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_LIFE}
    return {**word, "id_token": id_token(platform, grant)}


def id_token(platform: Platform, grant: Grant) -> str:
    """Who is there, signed; or what a test made of it."""
    now, spoiled = int(platform.clock.now()), platform.spoiled
    claims = {
        "iss": issuer(),
        "sub": subject(grant.person),
        "aud": platform.client_id,
        "nonce": grant.nonce,
        "iat": now,
        "exp": now + TOKEN_LIFE,
    } | spoiled.get("claims", {})
    told = {name: value for name, value in claims.items() if value is not None}
    alg = spoiled.get("alg", "RS256")
    if alg == "none":
        header = b'{"alg":"none","typ":"JWT"}'
        return f"{_base64(header)}.{_base64(json.dumps(told).encode())}."
    key = spoiled.get("key", platform.key)
    return jwt.encode({"alg": alg, "kid": platform.key.kid}, told, key, algorithms=[alg])


def userinfo(platform: Platform) -> Any:
    """Name and phone of the person whose token came along."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    person = platform.tokens.get(given) if kind == "Bearer" else None
    if person is None:
        return {"error": "invalid_token"}, 401
    told = {
        "sub": subject(person),
        "name": person.name,
        "phone_number": person.phone,
        "phone_number_verified": True,
    }
    return {**told, **platform.spoiled.get("userinfo", {})}


def subject(person: DemoPerson) -> str:
    """The platform's name of a person, the same in every run."""
    return hashlib.sha256(f"platform {person.id}".encode()).hexdigest()[:24]


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def kept_platform(folder: Path) -> Platform:
    """The platform of a folder; what is missing there is made."""
    made = {
        "client_id": lambda: f"guiyin-{secrets.token_hex(4)}",
        "client_secret": lambda: secrets.token_urlsafe(32),
        "signing_key.pem": lambda: new_key().as_pem(private=True).decode(),
    }
    client_id, client_secret, pem = (kept(folder, name, make) for name, make in made.items())
    key = RSAKey.import_key(pem, {"kid": "standin-1", "use": "sig", "alg": "RS256"})
    return Platform(client_id, client_secret, key)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when started for production."""
    return run("standins.oidc", lambda folder: create_app(kept_platform(folder)), arguments)


if __name__ == "__main__":
    sys.exit(main())
