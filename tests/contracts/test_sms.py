"""What every SMS gateway must do."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from server.providers.sms import Sms
from server.providers.sms.console import ConsoleSms
from server.providers.sms.templates import TEMPLATES, gaps
from tests.factories.tencent import cloud_of

CODE = {"code": "482915", "minutes": "5"}


@pytest.fixture(params=["console", "tencent"])
def sms(request: pytest.FixtureRequest, tmp_path: Path, clock) -> Iterator[Sms]:
    if request.param == "console":
        yield ConsoleSms(tmp_path, clock)
    else:
        with cloud_of(clock) as cloud:
            yield cloud.sms()


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_can_be_sent_and_is_receipted(sms: Sms, clock, template: str) -> None:
    receipt = sms.send("13800001234", template, dict.fromkeys(gaps(template), "5"))
    assert receipt.id
    assert receipt.sent_at == clock.now()
    assert receipt.sent_at.tzinfo is UTC


def test_each_message_has_a_number_of_its_own(sms: Sms) -> None:
    assert len({sms.send("13800001234", "enter_code", CODE).id for _ in range(5)}) == 5


def test_an_unknown_text_or_a_missing_value_is_a_fault_of_the_caller(sms: Sms) -> None:
    with pytest.raises(KeyError):
        sms.send("13800001234", "no_such_text", CODE)
    with pytest.raises(KeyError):
        sms.send("13800001234", "enter_code", {"minutes": "5"})
