"""What holds for every request: one address, our own forms only, a logged-in person, headers."""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from examples.approval_system.people import PEOPLE

LOGGING_IN = {"account.login_page", "account.log_in", "scan_login.start", "scan_login.back"}
OPEN_ENDPOINTS = LOGGING_IN | {"static", "livez"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def protect(app: Flask, *, public_url: str, signing_origin: str) -> None:
    """Put the checks before every request and the headers on every answer."""
    # The 签章 form is answered with a redirect to the signing page, and browsers hold
    # form-action against that redirect too.
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {signing_origin}"
    )

    @app.before_request
    def check() -> BaseResponse | None:
        elsewhere = _one_address(request, public_url)
        if elsewhere is None:
            _own_form(request, public_url)
        return elsewhere or _somebody(request)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # no-referrer would make the browser send "Origin: null" with our own forms.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _one_address(request: Request, public_url: str) -> BaseResponse | None:
    """Localhost and 127.0.0.1 are two sites to a cookie: lead everybody to the registered one."""
    if request.host == urlsplit(public_url).netloc or request.endpoint == "livez":
        return None
    if request.method not in SAFE_METHODS:
        abort(400)
    return redirect(public_url + request.full_path.rstrip("?"), 302)


def _own_form(request: Request, public_url: str) -> None:
    """Cookies travel with foreign forms, a foreign Origin gives them away."""
    if request.method not in SAFE_METHODS and request.headers.get("Origin") != public_url:
        abort(403)


def _somebody(request: Request) -> BaseResponse | None:
    g.person = PEOPLE.get(session.get("person", ""))
    if g.person or request.endpoint in OPEN_ENDPOINTS:
        return None
    if request.method not in SAFE_METHODS or request.headers.get("X-Fragment"):
        abort(401)
    return redirect(url_for("account.login_page", next=request.path))
