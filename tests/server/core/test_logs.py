"""What a log may not tell, and who may not write in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from server.core import logs

PIN, CODE, TOKEN = "135790", "246801", "Zk3canary_Zk3canary-Zk3canary_Zk3canary"
PHONE, ID_NUMBER, ID_NUMBER_X = "13907710001", "450103199001011234", "45010319900101123X"
CANARIES = (PIN, CODE, TOKEN, PHONE, ID_NUMBER, ID_NUMBER_X)
FORGED = "2026-11-20T08:00:00Z [info] audit chain verified"

log = logging.getLogger("tests.logs")


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the process logs, in each of the forms."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure(request.param, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


SECRETS: list[tuple[str, dict[str, Any]]] = [
    ("under its name", {"pin": PIN, "sms_code": CODE, "page_token": TOKEN}),
    ("under a bare name", {"code": CODE, "token": TOKEN, "password": PIN}),
    ("within a mapping", {"body": {"pin": PIN, "deep": [{"open_token": TOKEN}]}}),
    ("numbers of a person in a value", {"subject": f"{PHONE}, {ID_NUMBER} and {ID_NUMBER_X}"}),
    ("numbers that are no text", {"subject": int(PHONE), "other": int(ID_NUMBER)}),
    ("bytes", {"subject": PHONE.encode(), "other": f"id={ID_NUMBER}".encode()}),
    ("in an address", {"path": f"/x?page_token={TOKEN}&secret={TOKEN}&js_code={TOKEN}"}),
    ("in a header", {"subject": f"Authorization: Bearer {TOKEN}"}),
    ("in a repr", {"subject": repr({"pin": PIN, "code": CODE, "ticket": TOKEN})}),
    ("in JSON", {"subject": json.dumps({"pin": PIN, "code": CODE, "token": TOKEN})}),
    ("in an object", {"subject": ValueError(f"pin={PIN} {PHONE}")}),
]


@pytest.mark.row("S-44")
@pytest.mark.parametrize("extra", [one for _, one in SECRETS], ids=[name for name, _ in SECRETS])
def test_no_secret_is_told(extra: dict[str, Any], written: io.StringIO) -> None:
    log.info("confirmed", extra=extra)
    structlog.get_logger("tests.logs").info("confirmed", **extra)
    assert written.getvalue().count("confirmed") == 2
    assert [one for one in CANARIES if one in written.getvalue()] == []


@pytest.mark.row("S-44")
def test_no_secret_is_told_by_a_message_or_a_trace(written: io.StringIO) -> None:
    try:
        raise ValueError({"pin": PIN, "phone": PHONE, "url": f"?secret={TOKEN}"})
    except ValueError:
        log.exception("refused %s with code: %s", ID_NUMBER, CODE)
    assert "ValueError" in written.getvalue()
    assert [one for one in CANARIES if one in written.getvalue()] == []


def test_masked_numbers_still_tell_whose_they_are(written: io.StringIO) -> None:
    log.info("sent to %s for %s", PHONE, ID_NUMBER)
    assert "139****0001" in written.getvalue()
    assert "4501**********1234" in written.getvalue()


def test_what_is_no_secret_is_told(written: io.StringIO) -> None:
    log.info("refused", extra={"error_code": "pin_locked", "status_code": 429, "job": "job-1"})
    assert all(one in written.getvalue() for one in ("pin_locked", "429", "job-1"))


BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.row("S-45")
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_one_record_is_one_line(line_break: str, written: io.StringIO) -> None:
    log.info("named %s", f"甲{line_break}{FORGED}", extra={"document": f"乙{line_break}{FORGED}"})
    assert len(written.getvalue().splitlines()) == 1


@pytest.mark.row("S-45")
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_the_text_of_an_error_cannot_pass_for_a_record(
    line_break: str, written: io.StringIO
) -> None:
    try:
        raise ValueError(f"甲{line_break}{FORGED}")
    except ValueError:
        log.exception("refused")
    lines = written.getvalue().splitlines()
    assert len(lines) == 1 or FORGED not in lines
    assert not any(line.startswith(FORGED[:10]) for line in lines[1:])


def test_a_trace_can_be_read_line_by_line(written: io.StringIO) -> None:
    try:
        raise ValueError("refused")
    except ValueError:
        log.exception("failed")
    text = written.getvalue()
    trace = json.loads(text)["exception"] if text.startswith("{") else text
    assert len(trace.splitlines()) >= 4


@pytest.mark.row("S-45")
def test_no_mark_that_drives_a_terminal_or_turns_a_line_is_kept(written: io.StringIO) -> None:
    log.info("named %s", "\x1b[2J\u202egnp.exe\u2066\x7f", extra={"document": "\x1b[31m\u202d"})
    assert [one for one in written.getvalue() if ord(one) in logs.UNSAFE] == ["\n"]


def test_a_line_of_json_stays_json_whatever_is_masked() -> None:
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure("json", stream)
    log.info('pin="1', extra={"subject": int(PHONE), "other": 'secret=a"b\\ token: {"c":1}'})
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    assert json.loads(stream.getvalue())["subject"] == "139****0001"
