"""Which calls stand behind a breaker, and that the domain sees no difference."""

from contextlib import closing

import pytest
from pydantic import SecretStr

from server import assembly
from server.assembly import make_wechat
from server.core.breaker import FAILURES
from server.providers.guard import guarded
from server.providers.registry import Registry
from server.providers.registry.local import LocalRegistry
from server.providers.sms import SmsUnavailable
from server.providers.wechat import WeChat, WeChatCodeRefused, WeChatUnavailable
from server.settings import Settings
from tests.factories.wechat import APPID, SECRET, Land, land_of
from tests.fakes.clock import FakeClock
from tests.fakes.outside import SilentSms

LOGIN, STABLE = "/sns/jscode2session", "/cgi-bin/stable_token"


def calls_of(protocol: type) -> set[str]:
    names = (name for base in protocol.__mro__ for name, one in vars(base).items() if callable(one))
    return {name for name in names if not name.startswith("_")}


@pytest.mark.row("R-09")
@pytest.mark.parametrize(
    ("protocol", "names"), [(WeChat, assembly.WECHAT_CALLS), (Registry, assembly.REGISTRY_CALLS)]
)
def test_every_call_of_the_service_has_a_breaker(protocol: type, names: tuple[str, ...]) -> None:
    assert calls_of(protocol) == set(names)


class RealSms(SilentSms):
    """A gateway that is down, and is no double."""

    development_only = False

    def __init__(self) -> None:
        self.calls = 0

    def send(self, phone: str, template: str, params: object) -> None:
        self.calls += 1
        raise SmsUnavailable


@pytest.mark.row("R-09")
def test_a_gateway_that_is_down_is_asked_five_times_and_then_left_alone(clock: FakeClock) -> None:
    behind = RealSms()
    sms = guarded(behind, ["send"], clock, SmsUnavailable)
    for _ in range(20):
        with pytest.raises(SmsUnavailable):
            sms.send("13800001234", "enter_code", {})
    assert behind.calls == FAILURES
    clock.advance(seconds=30)
    for _ in range(20):
        with pytest.raises(SmsUnavailable):
            sms.send("13800001234", "enter_code", {})
    assert behind.calls == FAILURES + 1
    assert not sms.development_only


def test_a_double_is_left_as_it_is(clock: FakeClock) -> None:
    double = LocalRegistry([])
    assert guarded(double, assembly.REGISTRY_CALLS, clock, SmsUnavailable) is double


@pytest.fixture
def land(clock: FakeClock) -> object:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def wechat(settings: Settings, clock: FakeClock, land: Land) -> object:
    connected = {
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_api_base": land.address,
    }
    with closing(make_wechat(settings.model_copy(update=connected), clock)) as made:  # type: ignore[type-var]
        yield made


@pytest.mark.row("R-09", "R-10")
def test_wechat_without_a_token_still_logs_people_in(wechat: WeChat, land: Land) -> None:
    land.trouble(STABLE, errcode=-1, times=99)
    for _ in range(9):
        with pytest.raises(WeChatUnavailable):
            wechat.phone_number("a code")
        land.clock.advance(seconds=3)
    assert land.count(STABLE) == FAILURES
    assert wechat.code_to_session(land.login_code()).openid == land.world.openid("wei")


@pytest.mark.row("R-09")
def test_one_user_who_has_used_up_his_minute_shuts_out_nobody_else(
    wechat: WeChat, land: Land
) -> None:
    land.trouble(LOGIN, errcode=45011, times=9)
    for _ in range(9):
        with pytest.raises(WeChatUnavailable):
            wechat.code_to_session("a code")
    assert wechat.code_to_session(land.login_code()).openid


@pytest.mark.row("R-09")
def test_codes_that_wechat_refuses_open_nothing(wechat: WeChat, land: Land) -> None:
    for _ in range(9):
        with pytest.raises(WeChatCodeRefused):
            wechat.code_to_session("made up")
    assert wechat.code_to_session(land.login_code()).openid
