"""OpenID Connect over HTTPS: Authlib asks, joserfc proves (OpenID Connect Core 3.1.3.7)."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeVar

import requests
import urllib3
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from server.core.clock import Clock
from server.providers.bounded import READ_SECONDS, BoundedSession
from server.providers.sso import SsoPerson, SsoRefused, SsoTrip, SsoUnavailable
from server.providers.sso.discovery import Discovery

log = logging.getLogger(__name__)
T = TypeVar("T")

SCOPE: Final = "openid profile phone"
# Signatures by a key of the platform's own: `none` and a shared secret are not among them.
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS: Final = 60
AWAY: Final = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    ValueError,
    TypeError,
    LookupError,
)


@dataclass(frozen=True)
class OidcClient:
    """How the platform knows us. `issuer` is exactly what its documents call it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    read_seconds: float = READ_SECONDS


class OidcSession(BoundedSession, OAuth2Session):  # type: ignore[misc]
    """Authlib's client on requests that end."""


class OidcSso:
    """See Sso."""

    development_only: ClassVar[bool] = False

    def __init__(self, client: OidcClient, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._discovery = Discovery(client.issuer, client.read_seconds, clock)

    def address(self, trip: SsoTrip) -> str:
        """See Sso.address."""
        target = _asked(lambda: self._discovery.endpoint("authorization_endpoint"))
        with self._session(trip) as session:
            url, _ = session.create_authorization_url(
                target, state=trip.state, code_verifier=trip.verifier, nonce=trip.nonce
            )
        return str(url)

    def exchange(self, code: str, trip: SsoTrip) -> SsoPerson:
        """See Sso.exchange. The subject is the ID token's; a userinfo of somebody else's is not
        read (OpenID Connect Core 5.3.2).
        """
        with self._session(trip) as session:
            token = _asked(lambda: self._token(session, code, trip))
            proved = self._proved(token, trip.nonce)
            told = _asked(lambda: self._userinfo(session))
        if told.get("sub") != proved["sub"]:
            raise _refusal("subject")
        phone = told.get("phone_number") if told.get("phone_number_verified") is True else ""
        name = told.get("name")
        return SsoPerson(
            issuer=self._client.issuer,
            subject=proved["sub"],
            name=name if isinstance(name, str) else "",
            phone=phone if isinstance(phone, str) else "",
        )

    def _session(self, trip: SsoTrip) -> Any:
        return OidcSession(
            client_id=self._client.client_id,
            client_secret=self._client.client_secret,
            scope=SCOPE,
            redirect_uri=trip.back_url,
            code_challenge_method="S256",
            read_seconds=self._client.read_seconds,
        )

    def _token(self, session: Any, code: str, trip: SsoTrip) -> str:
        url = self._discovery.endpoint("token_endpoint")
        try:
            answer = session.fetch_token(url, code=code, code_verifier=trip.verifier)
        except OAuthError as error:
            log.warning("sso_code_refused", extra={"error": str(error.error)[:40]})
            answer = {}
        if not answer:
            raise _refusal("code")
        return str(answer["id_token"])

    def _proved(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is the platform's, for us, for this trip and fresh."""
        wanted = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(token).claims
            wanted.validate(claims)
            fits = claims.get("azp", self._client.client_id) == self._client.client_id
        except (JoseError, ValueError, TypeError) as error:
            log.warning("sso_id_token_refused", extra={"error": type(error).__name__})
            claims, fits = {}, False
        if not fits:
            raise _refusal("id_token")
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return self._decoded_by(_asked(self._discovery.keys), token)
        except (JoseError, ValueError):
            # The platform may have begun to sign with a key that it did not have before.
            return self._decoded_by(_asked(self._discovery.newer_keys), token)

    def _decoded_by(self, keys: KeySet, token: str) -> jwt.Token:
        return jwt.decode(token, keys, algorithms=ALGORITHMS)

    def _userinfo(self, session: Any) -> Mapping[str, Any]:
        answer = session.get(self._discovery.endpoint("userinfo_endpoint"))
        answer.raise_for_status()
        told = answer.json()
        if not isinstance(told, dict):
            raise TypeError("a userinfo is an object")
        return told


def _asked(act: Callable[[], T]) -> T:
    try:
        return act()
    except AWAY as error:
        name = type(error).__name__
    # Behind the handler: the caught error may quote the code or the secret.
    log.warning("sso_away", extra={"error": name})
    raise SsoUnavailable


def _refusal(why: str) -> SsoRefused:
    log.warning("sso_refused", extra={"why": why})
    return SsoRefused(why)
