"""Structured logs that cannot tell a secret and cannot be forged by what somebody typed."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET_KEYS = re.compile(
    r"pin|password|secret|token|code|cookie|authorization|api_key|private|id_number|session_key",
    re.IGNORECASE,
)
SHOWN_KEYS = {"error_code", "status_code", "hint_code"}
TRACES = {"exception", "stack"}
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
# As in an address, in JSON, in a dict's repr, and in JSON inside JSON.
NAMED = r"(?:\\?[\"'])?\s*[:=]\s*(?:\\?[\"'])?"
IN_TEXT = re.compile(
    rf"((?:\b|_)(?:token|secret|ticket|password|pin|js_code|session_key|api_key){NAMED}"
    rf"|\bBearer\s+|(?:\b|_)code{NAMED}(?=\d{{6}}\b))[^&\s\"',;)}}\\]+",
    re.IGNORECASE,
)
# Control characters begin lines and drive terminals; marks of direction turn a line around.
DIRECTION = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
UNSAFE = [*range(32), *range(127, 160), 0x2028, 0x2029, *DIRECTION]
ESCAPES = {one: chr(one).encode("unicode_escape").decode() for one in UNSAFE}
ESCAPES_IN_TRACE = {one: escape for one, escape in ESCAPES.items() if one != ord("\n")}


def clean(text: str) -> str:
    """Mask phone and ID numbers, and what stands behind a secret's name."""
    text = ID_NUMBER.sub(r"\1**********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    return IN_TEXT.sub(r"\1[redacted]", text)


def clean_line(_logger: Any, _method: str, line: Any) -> str:
    """The last processor: cleans the line as it will stand, so that no kind of value slips by."""
    return clean(line)


def one_line(text: str) -> str:
    """One line stays one line: a name with a line break cannot write a line of its own."""
    return text.translate(ESCAPES)


def trace(text: str) -> str:
    """A trace keeps its lines, each behind a bar: an error's text cannot pass for a record."""
    return text.translate(ESCAPES_IN_TRACE).replace("\n", "\n  | ")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: no value under a secret's name, no line break in a value."""
    return {key: _redacted(key, value) for key, value in event.items()}


def _redacted(key: str, value: Any) -> Any:
    if SECRET_KEYS.search(key) and key not in SHOWN_KEYS:
        return "[redacted]"
    if isinstance(value, str):
        return trace(value) if key in TRACES else one_line(value)
    if isinstance(value, int) and value >= 10**10:
        return str(value)  # Perhaps a phone number: as text it can be masked within JSON.
    if isinstance(value, Mapping):
        return {name: _redacted(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(key, inner) for inner in value]
    return value


def configure(log_format: str, stream: Any = None) -> None:
    """Send everything, the standard library's logs too, through one cleaned formatter."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            renderer,
            clean_line,
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("alembic", "httpx", "pyhanko", "pyhanko_certvalidator", "fontTools", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
