"""The one table from errors to answers, and the two forms of an answer."""

import logging
from collections.abc import Callable
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, g, jsonify, request
from flask_limiter import RateLimitExceeded
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from qr_session import errors as qr
from server.core import errors as core
from server.web.errcodes import errcode_of
from server.web.error_page import RETRY_AFTER, error_page, wants_page
from server.web.language import is_english

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    core.Invalid: 422,
    core.TooLarge: 413,
    core.Unauthenticated: 401,
    core.Forbidden: 403,
    core.NotFound: 404,
    core.Conflict: 409,
    core.Gone: 410,
    core.TooMany: 429,
    core.Unavailable: 503,
    core.DomainError: 500,
    qr.Invalid: 422,
    qr.Forbidden: 403,
    qr.NotFound: 404,
    qr.Conflict: 409,
    qr.Gone: 410,
    qr.TooMany: 429,
    qr.Unavailable: 503,
    qr.QrSessionError: 500,
}

# What the framework itself refuses, in our words: status -> (status, code, zh, en).
REFUSALS: dict[int, tuple[int, str, str, str]] = {
    400: (422, "unreadable_body", "请求内容无法读取。", "The request's body cannot be read."),
    404: (404, "not_found", "没有找到您要的内容。", "Not found."),
    405: (405, "method_not_allowed", "不支持该请求方法。", "The method is not allowed here."),
    413: (413, "too_large", "提交的内容太大。", "The request is too large."),
    415: (415, "unsupported_media_type", "请使用 JSON 或文件上传。", "Send JSON or a file upload."),
    422: (422, "invalid_fields", "提交的字段有误。", "Some fields are not valid."),
    429: (429, "too_many_requests", "操作太频繁，请稍后再试。", "Too many requests; please wait."),
}
UNKNOWN = (500, "internal", "系统出错了，请稍后再试。", "Something went wrong; please try again.")


def status_of(error: Exception) -> int:
    """The HTTP status of an error: the first of its classes that the table names."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem_of(error: Any) -> tuple[dict[str, Any], int]:
    """An error of the domain or of the QR library as a problem (RFC 9457) and its status."""
    place = 1 if is_english() else 0
    status = status_of(error)
    details = getattr(error, "details", {})
    body = {
        "type": f"/problems/{error.code}",
        "title": str(error.code).replace("_", " "),
        "status": status,
        "code": str(error.code),
        "detail": error.message[place],
        "next_step": error.next_step[place],
        "request_id": g.get("request_id", ""),
    }
    return {**details, **body}, status


def render(body: dict[str, Any], status: int) -> Response:
    """The answer in the caller's form: WeChat's for `/mp/v1`, problem+json for the rest."""
    answer = jsonify(as_errcode(body) if request.path.startswith("/mp/v1/") else body)
    answer.status_code = status
    if not request.path.startswith("/mp/v1/"):
        answer.mimetype = "application/problem+json"
    if status in RETRY_AFTER:
        answer.headers["Retry-After"] = str(body.get("retry_after", RETRY_AFTER[status]))
    return answer


def as_errcode(body: dict[str, Any]) -> dict[str, Any]:
    """The form that WeChat's own interfaces have: errcode, errmsg and rid, then the rest."""
    rest = {key: value for key, value in body.items() if key not in ("type", "title", "status")}
    return {
        "errcode": errcode_of(body["code"], body["status"]),
        "errmsg": f"{body['code']}: {body['detail']}",
        "rid": body["request_id"],
        **rest,
    }


def refusal(status: int, **details: Any) -> dict[str, Any]:
    """A refusal of the framework's, in our words; its own `status` may differ."""
    shown, code, chinese, english = REFUSALS.get(status, UNKNOWN)
    return {
        "type": f"/problems/{code}",
        "title": code.replace("_", " "),
        "status": shown,
        "code": code,
        "detail": english if is_english() else chinese,
        "next_step": "Please check and try again." if is_english() else "请检查后重试。",
        "request_id": g.get("request_id", ""),
        **details,
    }


def on_domain_error(error: Exception) -> Response:
    """An error of the domain or of the QR library, by its row of the table."""
    body, status = problem_of(error)
    if status >= 500:
        log.warning("refused", extra={"error_code": body["code"], "path": request.path})
    return page_or(body, status)


def on_validation_error(error: HTTPError) -> Response:
    """A body with fields that are missing, unknown or wrong; names them."""
    fields = sorted((error.detail or {}).get("json", {}) or (error.detail or {}))
    body = refusal(error.status_code, fields=fields)
    return render(body, body["status"])


def on_too_many(error: RateLimitExceeded) -> Response:
    """More requests than one caller may send, and when the next may come."""
    return page_or(refusal(429, retry_after=error.limit.limit.get_expiry()), 429)


def on_http_exception(error: HTTPException) -> Response:
    """What the framework itself refuses."""
    body = refusal(error.code or 500)
    return page_or(body, body["status"])


def on_database_away(error: Exception) -> Response:
    """The database does not answer or has no connection free: nothing was changed."""
    log.error("database_away", extra={"error": type(error).__name__})
    body, status = problem_of(core.Unavailable())
    return render(body, status)


def on_store_away(error: Exception) -> Response:
    """Redis does not answer: nothing was changed, and no limit is passed by (S-51)."""
    log.error("store_away", extra={"error": type(error).__name__})
    return page_or(*problem_of(core.Unavailable()))


def on_anything_else(error: Exception) -> Response:
    """What nobody foresaw: the log has its trace, the caller a request id."""
    log.exception("unexpected", exc_info=error)
    return page_or(refusal(500), 500)


HANDLERS: dict[type[Exception], Callable[..., Response]] = {
    core.DomainError: on_domain_error,
    qr.QrSessionError: on_domain_error,
    HTTPError: on_validation_error,
    RateLimitExceeded: on_too_many,
    HTTPException: on_http_exception,
    OperationalError: on_database_away,
    PoolTimeout: on_database_away,
    RedisError: on_store_away,
    Exception: on_anything_else,
}


def register(app: APIFlask) -> None:
    """Give every error its handler; the nearest class in the table answers."""
    # APIFlask answers a broken body by this hook, and registers handlers of its own with it: ours
    # come after, and win.
    app.error_processor(on_validation_error)
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, handler)


def page_or(body: dict[str, Any], status: int) -> Response:
    """A page for a person who follows a link, a problem for everything else."""
    return error_page(body, status) if wants_page() else render(body, status)
