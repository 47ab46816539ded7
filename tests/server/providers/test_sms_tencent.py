"""Text messages by Tencent: what is sent, what its refusals become, and what no error may tell."""

import importlib
import io
import logging
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from server import cli
from server.core import logs
from server.providers.bounded import CONNECT_SECONDS
from server.providers.guard import guarded
from server.providers.sms import SmsRefused, SmsUnavailable
from server.providers.sms.templates import TEMPLATES, gaps, numbered, render
from server.providers.sms.tencent import TencentSms, TencentTexts
from server.providers.tencent import TencentAccount, TencentMissing
from tests.factories.tencent import NUMBERS, SECRET_ID, SECRET_KEY, Cloud, cloud_of
from tests.fakes.clock import FakeClock

PHONE, CODE = "13800001234", "482915"
WORDS = {"code": CODE, "minutes": "5"}


@pytest.fixture
def cloud(clock: FakeClock) -> Iterator[Cloud]:
    with cloud_of(clock) as made:
        yield made


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process logs, down to the talk of the libraries."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure("json", stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def send(sms: TencentSms) -> str:
    return sms.send(PHONE, "enter_code", WORDS).id


def test_the_message_is_what_the_console_approved_with_our_values_in_order(cloud: Cloud) -> None:
    send(cloud.sms())
    assert cloud.world.sent == [
        {"phone": f"+86{PHONE}", "template": NUMBERS["enter_code"], "params": [CODE, "5"]}
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_the_console_is_asked_to_approve_says_the_same(template: str) -> None:
    words = {name: f"word-{place}" for place, name in enumerate(gaps(template), 1)}
    text = re.sub(r"\{(\d)\}", r"word-\1", numbered(template))
    assert render(template, words) == f"【桂印】{text}"


def test_a_command_prints_what_the_console_is_asked_to_approve(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sms-templates"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert lines == [[name, numbered(name)] for name in TEMPLATES]


def test_a_text_that_has_no_number_there_stops_the_start(cloud: Cloud) -> None:
    texts = TencentTexts("1400000001", "桂印", {**NUMBERS})
    with pytest.raises(ValueError, match="enter_code"):
        TencentSms(
            cloud.account(),
            replace(texts, templates={"intent_code": "2000001"}),
            cloud.clock,
        )


def test_another_key_is_refused_and_nothing_is_sent(cloud: Cloud) -> None:
    for wrong in ({"secret_key": "another"}, {"secret_id": "AKIDanother"}):
        with pytest.raises(SmsUnavailable) as refusal:
            send(cloud.sms(**wrong))
        assert not isinstance(refusal.value, SmsRefused)
    assert cloud.world.sent == []


OF_ONE = [
    "LimitExceeded.PhoneNumberDailyLimit",
    "LimitExceeded.PhoneNumberThirtySecondLimit",
    "FailedOperation.PhoneNumberInBlacklist",
    "InvalidParameterValue.IncorrectPhoneNumber",
]
OF_ALL = [
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.TemplateIncorrectOrUnapproved",
    "LimitExceeded.AppDailyLimit",
    "InternalError.Timeout",
    "",
]


@pytest.mark.row("R-09")
@pytest.mark.parametrize(
    ("code", "kind"),
    [*((one, SmsRefused) for one in OF_ONE), *((one, SmsUnavailable) for one in OF_ALL)],
)
def test_a_refusal_of_one_number_is_told_from_a_gateway_that_serves_nobody(
    cloud: Cloud, code: str, kind: type[Exception]
) -> None:
    cloud.world.refused_numbers[f"+86{PHONE}"] = code
    sms = guarded(cloud.sms(), ["send"], cloud.clock, SmsUnavailable)
    for _ in range(6):
        with pytest.raises(SmsUnavailable) as refusal:
            send(sms)
        assert type(refusal.value) is kind
    if kind is SmsRefused:
        assert sms.send("13800001235", "enter_code", WORDS).id
    else:
        assert cloud.world.calls["SendSms"] == 5


TROUBLES: list[dict[str, object]] = [
    {"code": "InternalError"},
    {"code": "RequestLimitExceeded"},
    {"code": "FailedOperation.OtherError"},
    {"code": "AuthFailure.SignatureFailure"},
    {"html": 502},
    {"html": 302},
    {"html": 200},
    {"cut": True},
    {"wait": 1.0},
    {"answer": []},
    {"answer": {"Response": []}},
    {"answer": {"Response": {"SendStatusSet": []}}},
    {"answer": {"Response": {"SendStatusSet": ["Ok"]}}},
    {"answer": {"Response": {"Error": {}}}},
]


@pytest.mark.row("R-09", "S-44")
@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_whatever_goes_wrong_is_one_error_that_knows_no_secret(
    cloud: Cloud, trouble: dict[str, object], written: io.StringIO
) -> None:
    cloud.trouble(**trouble)
    sms = cloud.sms(read_seconds=0.3)
    with pytest.raises(SmsUnavailable) as refusal:
        send(sms)
    error = refusal.value
    assert error.__cause__ is None
    # What stands behind an error is printed with it in a trace unless it is suppressed.
    assert error.__context__ is None or error.__suppress_context__
    told = written.getvalue() + repr(error) + repr(vars(error)) + repr(error.__context__)
    assert re.search("sms_refused|tencent_failed", told)
    assert [one for one in (SECRET_KEY, SECRET_ID, CODE, PHONE) if one in told] == []
    assert send(sms)


@pytest.mark.row("S-44")
def test_a_message_that_was_sent_leaves_no_secret_in_the_log(
    cloud: Cloud, written: io.StringIO
) -> None:
    send(cloud.sms())
    told = written.getvalue()
    assert "138****1234" in told
    assert [one for one in (SECRET_KEY, SECRET_ID, CODE, PHONE) if one in told] == []


@pytest.mark.row("R-09")
@pytest.mark.parametrize(("trouble", "limit"), [({"wait": 2.0}, 0.3), ({"drip": True}, 3.3)])
def test_a_slow_gateway_is_left_in_time(
    cloud: Cloud, trouble: dict[str, object], limit: float
) -> None:
    cloud.trouble(**trouble)
    begun = time.monotonic()
    with pytest.raises(SmsUnavailable):
        send(cloud.sms(read_seconds=0.3))
    assert limit - 0.1 < time.monotonic() - begun < limit + 1
    assert CONNECT_SECONDS == 3


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_refusal_of_the_whole_call_is_read_under_any_name_of_json(
    cloud: Cloud, kind: str
) -> None:
    code = "LimitExceeded.PhoneNumberDailyLimit"
    refused = {"Response": {"Error": {"Code": code, "Message": ""}, "RequestId": "1"}}
    cloud.trouble(answer=refused, kind=kind)
    with pytest.raises(SmsRefused):
        send(cloud.sms())


def test_the_log_is_given_the_masked_number_alone(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(cloud.sms())
    cloud.world.refused_numbers[f"+86{PHONE}"] = OF_ONE[0]
    with pytest.raises(SmsRefused):
        send(cloud.sms())
    said = [(one.message, vars(one)["phone"]) for one in caplog.records if "phone" in vars(one)]
    assert said == [("sms_sent", "138****1234"), ("sms_refused", "138****1234")]


def test_nobody_listens_there(cloud: Cloud) -> None:
    with pytest.raises(SmsUnavailable):
        send(cloud.sms(base="http://127.0.0.1:9"))


def test_the_environment_names_no_proxy_for_tencent(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send(cloud.sms())


def test_an_account_that_is_shown_does_not_tell_its_key() -> None:
    assert SECRET_KEY not in repr(TencentAccount(SECRET_ID, SECRET_KEY))


def test_without_its_packages_the_start_says_what_to_install(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tencentcloud.sms.v20210111.sms_client", None)
    with pytest.raises(TencentMissing, match=r"requirements-tencent\.txt"):
        cloud.sms()


def test_its_packages_are_loaded_when_they_are_needed() -> None:
    assert not hasattr(importlib.import_module("server.providers.sms.tencent"), "tencentcloud")
