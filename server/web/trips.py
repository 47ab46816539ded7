"""A browser's way to another house and back, as its cookie keeps it (RFC 6749 10.12, S-10).

Whoever comes back has to bring the `state` of a trip that began in this very browser. So nobody
can be logged in as somebody else, or bind somebody else's identity, by a link that he was sent.
"""

from dataclasses import asdict, dataclass, field
from hmac import compare_digest
from typing import Self

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug import Response

from server.core.errors import Conflict, Gone
from server.core.ids import new_secret
from server.runtime import runtime
from server.web.identity import browser_id, set_cookie
from server.web.links import ByOurClock

LIFE_SECONDS = 600


class TripRefused(Gone):
    """Nothing that this browser began, or begun more than ten minutes ago, or used already."""

    code = "trip_refused"
    message = (
        "授权已失效，或不是在本浏览器发起的。",
        "This did not begin in this browser, or is over.",
    )
    next_step = (
        "请在本浏览器返回登录页重新发起。",
        "Begin again on the login page of this browser.",
    )


class TripDeclined(Conflict):
    """The person has not agreed at the other house, or it sent nobody back."""

    code = "trip_declined"
    message = ("您已取消授权，或授权未完成。", "You did not agree there.")
    next_step = ("可返回登录页选择其他登录方式。", "Go back and choose another way to log in.")


@dataclass(frozen=True)
class Trip:
    """One way out and back. `house` is whose; `session_id` is that of the login that wants to bind
    an identity, empty when somebody wants to log in; `next_path` is where he goes afterwards.
    """

    house: str
    next_path: str
    session_id: str
    browser: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def begun(cls, house: str, next_path: str, session_id: str = "") -> Self:
        """A fresh one of this browser."""
        secrets = (new_secret(), new_secret(), new_secret())
        return cls(house, next_path, session_id, browser_id(), *secrets)

    @classmethod
    def ended(cls, house: str) -> Self:
        """The trip that this request ends. Raises TripRefused.

        The browser's own name is in it, as a neighbouring host may plant a cookie, but not that
        one (see `browser_cookie`).
        """
        try:
            kept = _serializer().loads(
                request.cookies.get(_cookie(house), ""), max_age=LIFE_SECONDS
            )
        except BadSignature:
            raise TripRefused() from None
        trip = cls(**kept)
        here = compare_digest(trip.browser, browser_id()) and trip.house == house
        given = request.args.get("state", "")
        if not here or not compare_digest(trip.state.encode(), given.encode()):
            raise TripRefused()
        return trip

    @property
    def back_url(self) -> str:
        """Where the other house sends the browser; registered there word for word."""
        return f"{runtime().settings.public_url}{_path(self.house)}/callback"

    def keep_in(self, response: Response) -> Response:
        """Send the cookie, for the way back of this house alone."""
        text = _serializer().dumps(asdict(self))
        set_cookie(
            response, _cookie(self.house), text, path=_path(self.house), max_age=LIFE_SECONDS
        )
        return response

    def forget_in(self, response: Response) -> Response:
        """Take the cookie away: a trip ends once."""
        response.delete_cookie(_cookie(self.house), path=_path(self.house))
        return response


def _path(house: str) -> str:
    return f"/m/login/{house}"


def _cookie(house: str) -> str:
    return f"gy_trip_{house}"


def _serializer() -> URLSafeTimedSerializer:
    key = runtime().settings.link_key_bytes
    return URLSafeTimedSerializer(key, salt="trip", signer=ByOurClock)
