"""How the settings become a WeChat, and what `./run` sets."""

from contextlib import closing
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from server.assembly import (
    make_alipay,
    make_providers,
    make_sso,
    make_wechat,
    make_wechat_pushes,
)
from server.core.clock import SystemClock
from server.providers.wechat import TextScene
from server.providers.wechat.unconfigured import NoWeChat
from server.settings import Settings
from standins.wechat import pushing
from tests.factories.houses import BACK, TRIP, back_from
from tests.factories.wechat import APPID, PUSH, SECRET, Land
from tests.fakes.clock import FakeClock
from tools.standins import STAND_INS, start_all


def connected(settings: Settings, land: Land, **more: object) -> Settings:
    changes = {
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_api_base": land.address,
    }
    return settings.model_copy(update=changes | more)


def test_without_an_appid_there_is_no_wechat(settings: Settings, clock: FakeClock) -> None:
    assert isinstance(make_providers(settings, clock).wechat, NoWeChat)
    assert make_wechat_pushes(settings, clock) is None


def test_no_wechat_is_no_double_that_production_would_refuse(
    settings: Settings, clock: FakeClock, land: Land
) -> None:
    assert not make_wechat(settings, clock).development_only
    assert not make_wechat(connected(settings, land), clock).development_only


def test_processes_on_one_redis_share_the_token(
    settings: Settings, clock: FakeClock, land: Land, redis_url: str
) -> None:
    whole = connected(settings, land, redis_url=redis_url)
    openid = land.world.openid("wei")
    for _ in range(2):
        with closing(make_wechat(whole, clock)) as wechat:
            assert wechat.check_text(openid=openid, scene=TextScene.PROFILE, text="a")
    assert land.count("/cgi-bin/stable_token") == 1


@pytest.mark.parametrize("shared", [False, True])
def test_pushes_are_read_with_the_keys_of_the_settings(
    settings: Settings, clock: FakeClock, land: Land, shared: bool, redis_url: str
) -> None:
    whole = connected(
        settings,
        land,
        wechat_push_token=SecretStr(PUSH.token),
        wechat_push_aes_key=SecretStr(PUSH.aes_key),
        redis_url=redis_url if shared else "",
    )
    event = {"ToUserName": "g", "FromUserName": "o1", "MsgType": "text", "CreateTime": 1}
    made = pushing.signed(land.world, event, "json")
    reader = make_wechat_pushes(whole, clock)
    assert reader is not None
    with closing(reader):
        assert reader.read(made["params"], "application/json", made["content"]).openid == "o1"


def test_run_starts_the_stand_ins_and_gives_their_settings_to_the_product(
    tmp_path: Path, settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in STAND_INS.values():
        for name in (*one.addresses, *one.settings):
            monkeypatch.setenv(f"GUIYIN_{one.prefix}_{name.upper()}", "")
    monkeypatch.setenv("GUIYIN_PUBLIC_URL", settings.public_url)
    for name in ("MASTER_KEY", "LINK_KEY"):
        monkeypatch.setenv(f"GUIYIN_{name}", "0f" * 32)
    running = start_all(tmp_path)
    try:
        whole = Settings.from_env()
        code = httpx.post(f"{whole.wechat_api_base}/__ctl/codes", json={"user": "wei"}).json()
        with closing(make_wechat(whole, clock)) as wechat:
            assert wechat.code_to_session(code["code"]).openid == code["openid"]
        assert make_wechat_pushes(whole, clock) is not None
        with closing(make_alipay(whole, clock)) as alipay:
            brought = back_from(alipay.address("s", BACK))
            assert alipay.exchange(brought["auth_code"]).subject
        sso = make_sso(whole, SystemClock())
        assert sso.exchange(back_from(sso.address(TRIP))["code"], TRIP).name == "韦志远"
    finally:
        for program in running.values():
            program.terminate()
        assert [program.wait(10) for program in running.values()] == [0, 0, 0]


def test_a_service_of_ones_own_needs_no_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WECHAT_APPID", "ALIPAY_APP_ID", "SSO_ISSUER"):
        monkeypatch.setenv(f"GUIYIN_{name}", "our own")
    assert start_all(tmp_path) == {}
