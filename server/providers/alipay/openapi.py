"""Alipay's OpenAPI over HTTPS: `alipay.system.oauth.token`, signed and proved with RSA2."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

import requests
import urllib3
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from server.core.clock import Clock
from server.providers.alipay import AlipayIdentity, AlipayRefused, AlipayUnavailable
from server.providers.alipay.rsa2 import is_signed, sign, text_to_sign
from server.providers.bounded import READ_SECONDS, BoundedSession

log = logging.getLogger(__name__)

GATEWAY, AUTHORIZE = "/gateway.do", "/oauth2/publicAppAuthorize.htm"
METHOD: Final = "alipay.system.oauth.token"
ANSWER: Final = "alipay_system_oauth_token_response"
REFUSAL: Final = "error_response"
# Who it is, without asking the person anything more.
SCOPE: Final = "auth_base"
CHINA: Final = timezone(timedelta(hours=8))
SUCCESS: Final = "10000"
# Alipay's own troubles; every other number is a refusal.
BUSY: Final = ("20000", "10003")
FAULTS: Final = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    ValueError,
    TypeError,
    LookupError,
)


@dataclass(frozen=True)
class AlipayApp:
    """Our app, and where Alipay answers: scheme and host of its gateway and of its pages."""

    app_id: str
    private_key: RSAPrivateKey = field(repr=False)
    alipay_key: RSAPublicKey = field(repr=False)
    gateway: str
    pages: str
    read_seconds: float = READ_SECONDS


class OpenApiAlipay:
    """See Alipay. Made once in each process, after the fork: it keeps connections open."""

    development_only: ClassVar[bool] = False

    def __init__(self, app: AlipayApp, clock: Clock) -> None:
        self._app, self._clock = app, clock
        self._http = BoundedSession(read_seconds=app.read_seconds)

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def address(self, state: str, back_url: str) -> str:
        """See Alipay.address."""
        app = self._app
        asked = {"app_id": app.app_id, "scope": SCOPE, "redirect_uri": back_url, "state": state}
        return f"{app.pages}{AUTHORIZE}?{urlencode(asked)}"

    def exchange(self, auth_code: str) -> AlipayIdentity:
        """See Alipay.exchange. The access token is not even read: we ask nothing more."""
        try:
            answer = self._asked({"grant_type": "authorization_code", "code": auth_code})
            number = str(answer.get("code", SUCCESS))
            refused = "" if number == SUCCESS else str(answer.get("sub_code") or number)
            # Apps of before 2023 are told a user_id, the others an open_id.
            subject = answer.get("open_id") or answer.get("user_id") or ""
            busy = number in BUSY
        except FAULTS as error:
            log.warning("alipay_away", extra={"error": type(error).__name__})
            refused, subject, busy = "", "", True
        # Behind the handler: the caught error may quote the code.
        if isinstance(subject, str) and subject and not refused:
            return AlipayIdentity(subject)
        if busy or not refused:
            raise AlipayUnavailable
        log.warning("alipay_refused", extra={"why": refused[:60]})
        raise AlipayRefused(refused[:60])

    def _asked(self, words: Mapping[str, str]) -> Mapping[str, Any]:
        """One call; the part of the answer that Alipay has signed."""
        asked = {
            "app_id": self._app.app_id,
            "method": METHOD,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": f"{self._clock.now().astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            **words,
        }
        asked["sign"] = sign(self._app.private_key, text_to_sign(asked))
        answer = self._http.post(f"{self._app.gateway}{GATEWAY}", data=asked)
        answer.raise_for_status()
        return proved(self._app.alipay_key, answer.content.decode("utf-8"))


def proved(key: RSAPublicKey, text: str) -> Mapping[str, Any]:
    """The signed part of an answer, or its refusal; ValueError when Alipay has not signed it.

    A refusal may come without a signature, when Alipay does not know whom it answers.
    """
    whole = json.loads(text)
    name = ANSWER if ANSWER in whole else REFUSAL
    part: Any = whole[name]
    if not isinstance(part, dict):
        raise TypeError("an answer is an object")
    if name == ANSWER and not is_signed(key, _signed_text(text, name), str(whole["sign"])):
        raise ValueError("not signed by Alipay")
    return part


def _signed_text(text: str, name: str) -> str:
    """The object behind a name exactly as it was sent: that is what was signed."""
    begins = text.index("{", text.index(f'"{name}"'))
    _, length = json.JSONDecoder().raw_decode(text[begins:])
    return text[begins : begins + length]
