"""Headers that every answer carries: a strict content policy, no sniffing, no framing."""

import secrets

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' {sockets}; worker-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# pdf.js compiles picture decoders in its worker; a worker obeys the policy of its own file.
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
YEAR = 31_536_000


def register(app: Flask, public_url: str) -> None:
    """Set them on every answer; `public_url` names the host of our websockets."""
    sockets = "ws" + public_url.removeprefix("http")
    policy = POLICY.format(sockets=sockets)
    secure = public_url.startswith("https://")

    @app.before_request
    def name_the_request() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        worker = request.path.endswith(".mjs") and "worker" in request.path
        headers["Content-Security-Policy"] = WORKER_POLICY if worker else policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
        headers["X-Request-Id"] = g.get("request_id", "")
        if secure:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "public, max-age=3600")
        else:
            headers.setdefault("Cache-Control", "no-store")
        return response
