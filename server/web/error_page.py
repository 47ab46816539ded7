"""Errors as pages, for people who followed a link."""

from typing import Any
from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request

PHONE_PATHS = ("/q/", "/m/")
# What comes before a page that may not be seen yet, on the phone and on a computer; it leads back.
FIRST = {
    "login_needed": ("/m/login", None),
    "agreements_changed": ("/m/agreements/changed", "/account/agreements"),
    "face_required": ("/m/gate", "/account/gate"),
    "reviewer_login_needed": (None, "/admin/login"),
    "own_password_needed": (None, "/admin/password"),
}
# Seconds where the error itself names none. A store that comes back is to be noticed soon.
RETRY_AFTER = {429: 5, 503: 2}


def wants_page() -> bool:
    """Whether a browser navigates here, rather than a script or a partner asking for data."""
    if request.method != "GET" or request.path.startswith(("/partner/", "/mp/")):
        return False
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "text/html"


def error_page(body: dict[str, Any], status: int) -> Response:
    """The sentence and the next step on the page of the device that asks, or what comes first."""
    phone = request.path.startswith(PHONE_PATHS)
    first = FIRST.get(body["code"], (None, None))[0 if phone else 1]
    if first:
        back = quote(request.full_path.rstrip("?"), safe="")
        return make_response(redirect(f"{first}?next={back}", 303))
    template = "phone/error.html" if phone else "desktop/error.html"
    response = make_response(render_template(template, error=body), status)
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = str(body.get("retry_after", RETRY_AFTER[status]))
    return response
