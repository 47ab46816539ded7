"""Who is logged in at the review desk, by a cookie that is sent to /admin alone."""

from dataclasses import dataclass

from flask import g, request
from werkzeug import Response

from server.reviewers import service
from server.reviewers.errors import OwnPasswordNeeded, ReviewerLoginNeeded
from server.reviewers.models import LONGEST, Reviewer, ReviewerSession
from server.runtime import runtime
from server.web.identity import set_cookie

COOKIE, PATH = "gy_reviewer", "/admin"


@dataclass(frozen=True)
class AtDesk:
    """A reviewer and his login."""

    reviewer: Reviewer
    session: ReviewerSession


def identify_reviewer() -> None:
    """Raise ReviewerLoginNeeded unless a reviewer is logged in; his thirty minutes begin anew."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise ReviewerLoginNeeded()
    with runtime().db.read() as uow:
        at_desk = AtDesk(*service.by_token(uow, token))
    service.touch(runtime().db, at_desk.session)
    g.at_desk = at_desk


def require_own_password() -> None:
    """Raise OwnPasswordNeeded for who came in by the password that was printed for him."""
    if at_desk().reviewer.needs_own_password:
        raise OwnPasswordNeeded()


def at_desk() -> AtDesk:
    """The reviewer who is logged in; the permission has let him in."""
    found: AtDesk = g.at_desk
    return found


def let_in(response: Response, token: str) -> Response:
    """Keep the login in this browser."""
    set_cookie(response, COOKIE, token, path=PATH, max_age=int(LONGEST.total_seconds()))
    return response


def forget(response: Response) -> Response:
    """The same browser without the login."""
    response.delete_cookie(COOKIE, path=PATH)
    return response
