"""Structured logs that cannot tell a secret: keys and values are cleaned on their way out."""

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
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IN_TEXT = re.compile(
    r"((?:access_token|open_token|page_token|secret|ticket|js_code|session_key)=)[^&\s\"']+"
)
LINE_BREAKS = {ord("\r"): "\\r", ord("\n"): "\\n", ord("\u2028"): "\\u2028"}


def clean(text: str) -> str:
    """Mask phone and ID numbers and secrets in addresses; one line stays one line."""
    text = ID_NUMBER.sub(r"\1**********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    return IN_TEXT.sub(r"\1[redacted]", text)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: no value under a secret's name, no bare number of a person."""
    return {key: _redacted(key, value) for key, value in event.items()}


def _redacted(key: str, value: Any) -> Any:
    if SECRET_KEYS.search(key) and key not in SHOWN_KEYS:
        return "[redacted]"
    if isinstance(value, str):
        cleaned = clean(value)
        return cleaned if key == "exception" else cleaned.translate(LINE_BREAKS)
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
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "pyhanko", "pyhanko_certvalidator", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
