"""The outbox of development: what the demo page shows, and what no log may hold."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from server.providers.sms import SmsUnavailable, masked
from server.providers.sms.console import ConsoleSms
from server.providers.sms.templates import TEMPLATES, gaps, life, render
from tests.test_docs import OPERATIONS, code, table

CODE = {"code": "482915", "minutes": "5"}


@pytest.mark.row("P-43")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_names_sender_and_purpose_and_a_secret_has_a_life_and_a_warning(
    template: str,
) -> None:
    text = filled(template)
    assert text.startswith("【桂印】")
    assert "您正在" in text or "电子印章" in text
    is_code = "code" in gaps(template)
    assert is_code == template.endswith("_code") == text.startswith("【桂印】您正在")
    if is_code:
        assert "验证码 482915，5 分钟内有效" in text
    if is_code or "link" in gaps(template):
        assert "请勿泄露" in text
        assert re.search(r"5 (分钟|天)内", text)


@pytest.mark.row("P-43")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_has_no_address_but_the_gap_for_ours(template: str) -> None:
    assert not re.search(r"://|www|\.(com|cn|gov)", TEMPLATES[template])


@pytest.mark.row("P-43")
def test_the_operators_guide_lists_every_text_with_its_values() -> None:
    told = {(row[0], row[1]) for row in table(OPERATIONS, "Text messages")}
    assert told == {(code(one), " ".join(code(gap) for gap in gaps(one))) for one in TEMPLATES}


@pytest.mark.row("R-09")
def test_a_code_is_worth_sending_for_as_long_as_it_opens_something() -> None:
    assert {life(one) for one in TEMPLATES if "code" in gaps(one)} == {timedelta(minutes=5)}
    assert life("certification_link") == timedelta(days=1)
    with pytest.raises(KeyError):
        life("no_such_text")


def test_the_texts_differ_by_purpose() -> None:
    assert len({filled(template) for template in TEMPLATES}) == len(TEMPLATES)


def filled(template: str) -> str:
    return render(template, {**dict.fromkeys(gaps(template), "5"), **CODE})


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
