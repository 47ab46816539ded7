"""The outbox of development: what the demo page shows, and what no log may hold."""

from pathlib import Path

import pytest
import structlog

from server.providers.sms import SmsUnavailable, masked
from server.providers.sms.console import ConsoleSms
from server.providers.sms.templates import TEMPLATES, render

CODE = {"code": "482915", "minutes": "5"}


@pytest.mark.row("P-43")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_names_sender_purpose_and_life_and_warns(template: str) -> None:
    text = render(template, CODE)
    assert text.startswith("【桂印】您正在")
    assert "验证码 482915" in text
    assert "5 分钟内有效" in text
    assert "请勿泄露" in text


def test_the_texts_differ_by_purpose() -> None:
    assert len({render(template, CODE) for template in TEMPLATES}) == len(TEMPLATES)


def test_the_outbox_lists_the_newest_first(tmp_path: Path, clock) -> None:
    sms = ConsoleSms(tmp_path, clock)
    assert sms.messages() == []
    receipts = [sms.send(f"1380000000{n}", "enter_code", CODE) for n in range(3)]
    again = ConsoleSms(tmp_path, clock)
    assert [message.id for message in again.messages()] == [r.id for r in reversed(receipts)]
    assert [message.phone for message in again.messages(limit=1)] == ["13800000002"]
    assert "482915" in again.messages()[0].text


@pytest.mark.row("S-44", "S-23")
def test_the_log_holds_neither_the_code_nor_the_phone(tmp_path: Path, clock) -> None:
    sms = ConsoleSms(tmp_path, clock)
    with structlog.testing.capture_logs() as logs:
        sms.send("13800001234", "enter_code", CODE)
    assert [entry["phone"] for entry in logs] == ["138****1234"]
    assert "482915" not in repr(logs)
    assert "13800001234" not in repr(logs)


def test_a_phone_is_masked_also_when_it_is_short() -> None:
    assert masked("13800001234") == "138****1234"
    assert masked("12345") == "****"


@pytest.mark.row("R-09")
def test_an_outbox_that_cannot_be_written_is_named(tmp_path: Path, clock) -> None:
    sms = ConsoleSms(tmp_path, clock)
    sms.outbox.mkdir()
    with pytest.raises(SmsUnavailable):
        sms.send("13800001234", "enter_code", CODE)


def test_the_outbox_is_for_its_owner_only(tmp_path: Path, clock) -> None:
    sms = ConsoleSms(tmp_path, clock)
    sms.send("13800001234", "enter_code", CODE)
    assert sms.outbox.stat().st_mode & 0o777 == 0o600
