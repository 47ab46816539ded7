"""Requests to an outside service that end in time, whatever is at the other end."""

import time
from typing import Any, Final

import requests

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 8.0
ANSWER_BYTES: Final = 4 * 1024 * 1024


class BoundedSession(requests.Session):
    """Limits the whole answer in time and size (requests limits each read), follows no redirect,
    takes no proxy out of the environment.

    `read_seconds` is how long the service may be silent within an answer; `more` is for the class
    that this one is mixed with.
    """

    def __init__(self, read_seconds: float, **more: Any) -> None:
        super().__init__(**more)
        self.trust_env = False
        self._limits = (CONNECT_SECONDS, read_seconds)

    def request(self, method: Any, url: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs |= {"timeout": self._limits, "allow_redirects": False, "stream": True}
        until = time.monotonic() + sum(self._limits)
        with super().request(method, url, **kwargs) as response:
            content = b""
            while piece := response.raw.read1(64 * 1024, decode_content=True):
                content += piece
                if len(content) > ANSWER_BYTES or time.monotonic() > until:
                    raise requests.ReadTimeout
            response._content, response._content_consumed = content, True
        return response
