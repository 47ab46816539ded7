"""Tencent Cloud's interface, version 3: one signed call, and one error that knows no secret.

Its packages are extras (requirements-tencent.txt): they are loaded when a client is made.
"""

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server.providers.bounded import READ_SECONDS, BoundedSession

log = logging.getLogger(__name__)

# The SDK writes whole requests into this log: codes, phones and ID numbers.
SDK_LOG: Final = "tencentcloud_sdk_common"
CLIENTS: Final = {
    "sms": ("tencentcloud.sms.v20210111.sms_client", "SmsClient"),
    "faceid": ("tencentcloud.faceid.v20180301.faceid_client", "FaceidClient"),
}


class TencentFailed(Exception):
    """Tencent refused, did not answer, or answered what nobody can read; `code` is its name for
    why, or the name of what happened on the way.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TencentMissing(RuntimeError):
    """The packages of Tencent Cloud are not installed."""


@dataclass(frozen=True)
class TencentAccount:
    """Whose calls they are. `base` is empty for Tencent's own hosts, or a stand-in's scheme, host
    and port; `read_seconds` is how long Tencent may be silent within an answer.
    """

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    base: str = ""
    read_seconds: float = READ_SECONDS


class TencentService:
    """One of Tencent's services, `sms` or `faceid`. Raises TencentMissing."""

    def __init__(self, account: TencentAccount, service: str, region: str = "") -> None:
        self._service = service
        self._client = _made(account, service, region)

    def ask(self, action: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The `Response` of one call; raises TencentFailed."""
        try:
            response = self._client.call_json(action, dict(params))["Response"]
            # The SDK overlooks an error under a content type that it does not expect.
            code = response["Error"]["Code"] if "Error" in response else ""
            if not code and isinstance(response, dict):
                return response
        except Exception as error:  # The SDK has no narrower promise.
            code = getattr(error, "code", None) or type(error).__name__
        extra = {"service": self._service, "api": action, "error_code": code}
        log.warning("tencent_failed", extra=extra)
        # Behind the handler: the SDK's error quotes the answer, and would stay as our context.
        raise TencentFailed(str(code))

    def close(self) -> None:
        """End the connections."""
        self._client.request.conn._session.close()


def _made(account: TencentAccount, service: str, region: str) -> Any:
    module, name = CLIENTS[service]
    try:
        client_class = getattr(importlib.import_module(module), name)
        credential = importlib.import_module("tencentcloud.common.credential")
        profile = importlib.import_module("tencentcloud.common.profile.client_profile")
    except ImportError:
        raise TencentMissing("install requirements-tencent.txt to use Tencent Cloud") from None
    logging.getLogger(SDK_LOG).disabled = True
    made = profile.ClientProfile()
    if account.base:
        made.httpProfile.scheme, made.httpProfile.endpoint = account.base.split("://")
    client = client_class(
        credential.Credential(account.secret_id, account.secret_key), region, made
    )
    # Its own session waits without end for an answer that drips, and follows redirects.
    client.request.conn._session = BoundedSession(account.read_seconds)
    client.request.conn.proxy = None
    return client
