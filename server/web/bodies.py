"""Reading what callers send: only JSON and file uploads, no key twice."""

from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from pydantic import BaseModel, ConfigDict
from werkzeug.exceptions import UnsupportedMediaType

from server.core.errors import Invalid
from server.core.idempotency import body_digest

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ALLOWED = ("application/json", "multipart/form-data")
OTHERS = {
    "authority.ocsp": ("application/ocsp-request",),
    "wechat_push.take": ("text/xml", "application/xml"),
}
LONGEST_KEY = 128


class Body(BaseModel):
    """The base of every body: unknown fields are refused, so a typing error is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PatientJson(DefaultJSONProvider):
    """Reads JSON as Flask does; what is nested beyond all reason is unreadable, not a crash."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value; raises ValueError."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class BadIdempotencyKey(Invalid):
    """An Idempotency-Key has 1 to 128 visible ASCII characters."""

    code = "bad_idempotency_key"
    message = ("幂等键格式不正确。", "The Idempotency-Key is not valid.")
    next_step = ("请使用 1 至 128 个可见字符。", "Use 1 to 128 visible characters.")


class DuplicateParameter(Invalid):
    """A query parameter came twice, and nobody can say which one counts."""

    code = "duplicate_parameter"
    message = ("查询参数重复。", "A query parameter was given twice.")
    next_step = ("每个参数只传一次。", "Give each parameter once.")


def idempotency_key() -> str | None:
    """The caller's Idempotency-Key, if there is one."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (
        1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        raise BadIdempotencyKey()
    return key


def digest_of(body: Body) -> str:
    """What makes two requests with one Idempotency-Key the same."""
    return body_digest(body.model_dump(mode="json"))


def register(app: Flask) -> None:
    """Read JSON patiently, and refuse other kinds of bodies before anything reads them.

    The framework reads any body as JSON; a form of another site could post text/plain otherwise.
    """

    app.json = PatientJson(app)

    @app.before_request
    def check_body() -> None:
        if any(len(values) > 1 for _, values in request.args.lists()):
            raise DuplicateParameter()
        has_body = bool(request.content_length) or "chunked" in request.headers.get(
            "Transfer-Encoding", ""
        )
        if request.method in UNSAFE and has_body:
            allowed = (*ALLOWED, *OTHERS.get(request.endpoint or "", ()))
            if request.mimetype not in allowed:
                raise UnsupportedMediaType()
