"""One request to WeChat: the base of wechatpy with its defects cured (docs/decisions/0016)."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar

import requests
import urllib3
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatException

from server.providers.bounded import READ_SECONDS, BoundedSession
from server.providers.wechat import (
    TOO_OFTEN,
    WeChatAccountRefused,
    WeChatCodeRefused,
    WeChatNotSubscribed,
    WeChatRejected,
    WeChatUnavailable,
)
from server.providers.wechat.token import AccessToken, Tokens

log = logging.getLogger(__name__)
T = TypeVar("T")

# Busy, and the limits of a minute: the same may be asked again.
BUSY: Final = frozenset({-1, TOO_OFTEN})
STALE_TOKEN: Final = frozenset({40001, 40014, 42001})
REFUSALS: Final[dict[int, type[WeChatRejected]]] = {
    40029: WeChatCodeRefused,
    40163: WeChatCodeRefused,
    40226: WeChatAccountRefused,
    43101: WeChatNotSubscribed,
}
RID: Final = re.compile(r"rid: ([0-9a-f]{8}(?:-[0-9a-f]{8}){2})")
JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
FAULTS: Final = (
    WeChatException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    ValueError,
    TypeError,
)


@dataclass(frozen=True)
class WeChatApp:
    """The mini-program, and where its WeChat answers: scheme and host, without a slash behind.

    `read_seconds` is how long WeChat may be silent within an answer.
    """

    appid: str
    secret: str = field(repr=False)
    base: str
    read_seconds: float = READ_SECONDS


class Gateway(WeChatClient):  # type: ignore[misc]
    """Asks WeChat and raises our two errors, never one that knows an address or a token."""

    def __init__(self, app: WeChatApp, tokens: Tokens) -> None:
        super().__init__(app.appid, app.secret, auto_retry=False)
        self._http = BoundedSession(app.read_seconds)
        self._base = f"{app.base}/"
        self._tokens = tokens
        self._token = AccessToken(tokens, self._fetched)

    def call(self, path: str, data: Mapping[str, Any]) -> Any:
        """POST with the access token: a dict, or the `requests.Response` of a picture.

        A token that WeChat refuses is thrown away and the request sent once more, no further.
        """
        token = self._token.current()
        try:
            return self._once("post", path, {"access_token": token}, data)
        except WeChatRejected as refusal:
            if refusal.errcode not in STALE_TOKEN:
                raise
        self._token.forget(token)
        return self._once("post", path, {"access_token": self._token.current()}, data)

    def ask_without_token(self, path: str, params: Mapping[str, str]) -> Any:
        """GET with nothing but these parameters; a dict."""
        return self._once("get", path, {**params, "access_token": None})

    def close(self) -> None:
        """End the connections."""
        self._http.close()
        self._tokens.close()

    def fetch_access_token(self) -> dict[str, Any]:
        """The stable token, which fetching again does not retire (wechatpy knows the other)."""
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        answer = self._once("post", "cgi-bin/stable_token", {"access_token": None}, asked)
        return require(answer, dict)

    def _fetched(self) -> tuple[str, timedelta]:
        answer = self.fetch_access_token()
        life = timedelta(seconds=part(answer, "expires_in", int))
        return part(answer, "access_token", str), life

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | None],
        data: Mapping[str, Any] | None = None,
    ) -> Any:
        body = {} if data is None else {"data": dict(data), "headers": JSON}
        try:
            answer = self._request(
                method, path, api_base_url=self._base, params=dict(params), **body
            )
        except FAULTS as error:
            hidden = [self.secret, *filter(None, params.values())]
            refusal = _refusal(path, error, hidden)
        else:
            if isinstance(answer, dict) or _is_picture(answer):
                return answer
            log.warning("wechat_unreadable", extra={"api": path})
            refusal = WeChatUnavailable()
        # Behind the handler: the caught error knows the address with secret and token, and would
        # stay with ours as its context.
        raise refusal


def _is_picture(answer: Any) -> bool:
    # wechatpy gives out whatever is not JSON, such as the page of a broken proxy.
    kind = getattr(answer, "headers", {}).get("Content-Type", "")
    return bool(kind.startswith("image/") and answer.content)


def require(value: Any, kind: type[T]) -> T:
    """The value if it is of this kind; an answer that is not is WeChatUnavailable."""
    if not isinstance(value, kind):
        log.warning("wechat_incomplete", extra={"wanted": kind.__name__})
        raise WeChatUnavailable
    return value


def part(answer: Any, name: str, kind: type[T]) -> T:
    """One field of an answer; WeChatUnavailable when it is missing, empty or of another kind."""
    value = require(require(answer, dict).get(name), kind)
    if not value and kind is not int:
        raise WeChatUnavailable
    return value


def _refusal(
    path: str, error: Exception, hidden: list[str | None]
) -> WeChatUnavailable | WeChatRejected:
    errcode = getattr(error, "errcode", None)
    said = str(getattr(error, "errmsg", None) or "")
    for secret in filter(None, hidden):
        said = said.replace(secret, "[redacted]")
    found = RID.search(said)
    rid = found[1] if found else ""
    extra = {"api": path, "error": type(error).__name__, "error_code": errcode}
    log.warning("wechat_refused", extra=extra | {"said": said[:200]})
    if errcode is None or errcode in BUSY:
        return WeChatUnavailable(errcode, rid)
    return REFUSALS.get(errcode, WeChatRejected)(errcode, rid)
