"""A small application with two routes: one makes a QR session in Redis, one only answers.

gunicorn starts it for bench.qr_create as `bench.create_app:make("redis://…")`.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from qr_session import InProcessBus, Purpose, QrSessionService, SystemClock
from qr_session.redis_store import RedisStore

# As long as what the other route answers.
ANSWER = {
    "id": "0123456789abcdef",
    "open_token": "0123456789abcdef0123456789abcdef0123456789a",
    "expires_at": "2026-01-01T00:00:00.000000+00:00",
}


def make(redis_url: str) -> Flask:
    """The application; nothing else of the product is in it."""
    app, clock = Flask(__name__), SystemClock()
    sessions = QrSessionService(
        RedisStore(redis_url, clock=clock),
        InProcessBus(),
        clock=clock,
        master_key=bytes(32),
        base_url="https://seal.example",
    )

    @app.post("/sessions")
    def create() -> ResponseReturnValue:
        made = sessions.create(purpose=Purpose.SIGN, subject=request.get_json()["subject"])
        expires_at = made.expires_at.isoformat()
        return {"id": made.id, "open_token": made.open_token, "expires_at": expires_at}, 201

    @app.post("/bare")
    def bare() -> ResponseReturnValue:
        return ANSWER, 201

    return app
