"""The stand-in for WeChat refuses what WeChat refuses, and is no program for production."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from server.providers.wechat.client import HttpWeChat
from server.providers.wechat.gateway import WeChatApp
from server.providers.wechat.push import PushReader
from server.providers.wechat.seen import LocalSeen
from server.providers.wechat.token import LocalTokens
from standins.wechat.__main__ import kept_app, main
from standins.wechat.world import session_signature
from tests.factories.wechat import APPID, PUSH, SECRET, Land, land_of
from tests.fakes.clock import FakeClock

APP = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


def ask(land: Land, path: str, body: Any = None, **query: str) -> Any:
    """GET without a body, POST with one; WeChat answers 200 whatever it says."""
    url = land.address + path
    answer = (
        httpx.get(url, params=query) if body is None else httpx.post(url, params=query, json=body)
    )
    assert answer.status_code == 200
    return answer.json()


def control(land: Land, name: str, **asked: Any) -> Any:
    answer = httpx.post(f"{land.address}/__ctl/{name}", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def token_of(land: Land) -> str:
    return str(ask(land, "/cgi-bin/stable_token", APP)["access_token"])


def errcode(answer: dict[str, Any]) -> int:
    if answer.get("errcode"):
        assert RID.search(answer["errmsg"])
    return int(answer.get("errcode", 0))


def works(land: Land, token: str) -> int:
    return errcode(
        ask(
            land,
            "/wxa/generate_urllink",
            {"expire_type": 1, "expire_interval": 1},
            access_token=token,
        )
    )


def test_the_legacy_token_is_retired_five_minutes_after_the_next(land: Land) -> None:
    first = ask(land, "/cgi-bin/token", **APP)["access_token"]
    second = ask(land, "/cgi-bin/token", **APP)["access_token"]
    assert (works(land, first), works(land, second)) == (0, 0)
    land.clock.advance(seconds=300)
    assert (works(land, first), works(land, second)) == (42001, 0)


def test_the_stable_token_stays_until_its_last_five_minutes(land: Land) -> None:
    first = token_of(land)
    ask(land, "/cgi-bin/token", **APP)
    land.clock.advance(seconds=6899)
    assert token_of(land) == first
    land.clock.advance(seconds=1)
    second = token_of(land)
    assert second != first
    assert (works(land, first), works(land, second)) == (0, 0)
    land.clock.advance(seconds=300)
    assert (works(land, first), works(land, second)) == (42001, 0)


def test_a_forced_refresh_kills_the_token_and_is_rare(land: Land) -> None:
    forced = APP | {"force_refresh": True}
    first = token_of(land)
    second = ask(land, "/cgi-bin/stable_token", forced)["access_token"]
    assert (works(land, first), works(land, second)) == (40001, 0)
    assert ask(land, "/cgi-bin/stable_token", forced)["access_token"] == second
    for _ in range(19):
        land.clock.advance(seconds=30)
        assert not errcode(ask(land, "/cgi-bin/stable_token", forced))
    land.clock.advance(seconds=30)
    assert errcode(ask(land, "/cgi-bin/stable_token", forced)) == 45009


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"appid": "wx-another"}, 40013),
        ({"secret": "another"}, 40125),
        ({"grant_type": "password"}, 40097),
    ],
)
def test_a_token_is_for_the_app_and_its_secret(
    land: Land, changes: dict[str, str], refused: int
) -> None:
    assert errcode(ask(land, "/cgi-bin/token", **(APP | changes))) == refused
    assert errcode(ask(land, "/cgi-bin/stable_token", APP | changes)) == refused


def test_an_address_outside_the_list_gets_no_token(land: Land) -> None:
    control(land, "settings", ip_allowed=False)
    assert errcode(ask(land, "/cgi-bin/stable_token", APP)) == 40164


def test_the_quota_of_the_day_ends(land: Land) -> None:
    control(land, "settings", limits={"token": [2, 86400]})
    said = [errcode(ask(land, "/cgi-bin/token", **APP)) for _ in range(3)]
    assert said == [0, 0, 45009]
    land.clock.advance(days=1)
    assert not errcode(ask(land, "/cgi-bin/token", **APP))


def test_every_call_wants_a_token(land: Land) -> None:
    assert works(land, "") == 41001
    assert works(land, "made up") == 40001


def test_the_answer_to_a_login_calls_itself_plain_text(land: Land) -> None:
    query = {"appid": APPID, "secret": SECRET, "js_code": land.login_code()}
    query |= {"grant_type": "authorization_code"}
    answer = httpx.get(f"{land.address}/sns/jscode2session", params=query)
    assert answer.headers["Content-Type"] == "text/plain"
    assert set(answer.json()) == {"session_key", "openid", "unionid"}


def test_a_session_is_checked_by_its_signature(land: Land) -> None:
    identity = land.client().code_to_session(land.login_code())
    key = land.world.session_keys[identity.openid]
    query = {"openid": identity.openid, "sig_method": "hmac_sha256", "access_token": token_of(land)}
    good = session_signature(key)
    assert not errcode(ask(land, "/wxa/checksession", **query, signature=good))
    assert errcode(ask(land, "/wxa/checksession", **query, signature="0" * 64)) == 87009


@pytest.mark.parametrize(
    ("life", "refused"),
    [
        ({"expire_type": 1, "expire_interval": 1}, 0),
        ({"expire_type": 1, "expire_interval": 30}, 0),
        ({"expire_type": 1, "expire_interval": 31}, 85401),
        ({"expire_type": 1, "expire_interval": 0}, 85401),
        ({"expire_type": 0, "expire_time": 1}, 85401),
        ({}, 85401),
    ],
)
def test_links_and_schemes_live_1_to_30_days(
    land: Land, life: dict[str, int], refused: int
) -> None:
    token = token_of(land)
    for path in ("/wxa/generate_urllink", "/wxa/generatescheme"):
        assert errcode(ask(land, path, life, access_token=token)) == refused


def test_a_link_leads_to_a_published_page(land: Land) -> None:
    control(land, "settings", pages=["pages/index/index"])
    token, life = token_of(land), {"expire_type": 1, "expire_interval": 1}
    jump = {"jump_wxa": {"path": "pages/index/index"}, **life}
    assert ask(land, "/wxa/generatescheme", jump, access_token=token)["openlink"]
    other = {"path": "pages/other/other", **life}
    assert errcode(ask(land, "/wxa/generate_urllink", other, access_token=token)) == 40165


def test_the_first_text_check_is_no_longer_there(land: Land) -> None:
    old = {"content": "韦志远"}
    assert errcode(ask(land, "/wxa/msg_sec_check", old, access_token=token_of(land))) == 40097


def test_a_body_that_is_no_json_is_refused_as_wechat_does(land: Land) -> None:
    answer = httpx.post(f"{land.address}/cgi-bin/stable_token", content=b"secret=1")
    assert errcode(answer.json()) == 47001


def test_the_same_user_has_the_same_openid_in_every_run(clock: FakeClock) -> None:
    found = set()
    for _ in range(2):
        with land_of(clock) as land:
            found.add(control(land, "codes", user="wei")["openid"])
    assert len(found) == 1


def test_everything_can_be_controlled_from_outside(land: Land) -> None:
    wechat = land.client()
    code = control(land, "codes", user="wei", what="phone", phone="13877100001")["code"]
    assert wechat.phone_number(code) == "13877100001"
    openid = control(land, "codes", user="wei")["openid"]
    control(land, "consents", user="wei", template="t", fields=["thing1"], count=2)
    message = {"openid": openid, "template": "t", "fields": {"thing1": "合同"}}
    wechat.send_subscribe_message(**message, page="pages/index/index")
    assert control(land, "messages")["messages"][0]["user"] == "wei"
    control(land, "tokens", do="revoke")
    wechat.send_subscribe_message(**message, page="pages/index/index")
    counted = control(land, "calls", reset=True)["calls"]
    assert counted["/cgi-bin/stable_token"] == 2
    assert control(land, "calls")["calls"] == {}
    control(land, "faults", path="*", errcode=-1)
    assert errcode(ask(land, "/cgi-bin/stable_token", APP)) == -1
    now = land.clock.now().timestamp()
    assert control(land, "clock", seconds=60)["now"] == now + 60


def test_a_control_that_does_not_exist_says_so(land: Land) -> None:
    for name, asked in (("settings", {"page": []}), ("codes", {}), ("faults", {"pathh": "*"})):
        answer = httpx.post(f"{land.address}/__ctl/{name}", json=asked or {"x": 1})
        assert answer.status_code == 400


class Callback(ThreadingHTTPServer):
    """An address of ours for pushes: fails so many times first."""

    daemon_threads = True

    def __init__(self, reader: PushReader, failures: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reader, self.failures, self.keys = reader, failures, list[str]()


class _Handler(BaseHTTPRequestHandler):
    server: Callback

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = dict(httpx.URL(self.path).params)
        event = self.server.reader.read(query, self.headers["Content-Type"], body)
        self.server.keys.append(event.key)
        failed = len(self.server.keys) <= self.server.failures
        self.send_response(500 if failed else 200)
        self.end_headers()
        self.wfile.write(b"" if failed else b"success")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@pytest.mark.parametrize(("failures", "tries"), [(0, 1), (2, 3), (9, 3)])
def test_a_push_is_sent_until_it_is_answered_three_times_at_most(
    land: Land, failures: int, tries: int
) -> None:
    reader = PushReader(PUSH, LocalSeen(land.clock), land.clock)
    with Callback(reader, failures) as callback:
        Thread(target=callback.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{callback.server_port}/wx/push"
        event = {"FromUserName": "o1", "MsgType": "event", "Event": "debug_demo"}
        answers = control(land, "pushes", url=url, event=event, format="xml")["answers"]
        callback.shutdown()
    assert len(answers) == len(callback.keys) == tries
    assert len(set(callback.keys)) == 1


def test_a_push_goes_to_this_machine_only(land: Land) -> None:
    asked = {"url": "http://192.0.2.1/", "event": {}}
    answer = httpx.post(f"{land.address}/__ctl/pushes", json=asked)
    assert answer.status_code == 400


def test_the_program_keeps_its_settings_in_its_folder_and_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "standins.wechat", "--folder", str(tmp_path / "wechat")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        app, clock = kept_app(tmp_path / "wechat"), FakeClock()
        where = WeChatApp(app.appid, app.secret, address)
        code = httpx.post(f"{address}/__ctl/codes", json={"user": "wei"}).json()["code"]
        with closing(HttpWeChat(where, LocalTokens(clock), clock)) as wechat:
            assert wechat.code_to_session(code).openid
        process.terminate()
        assert process.wait(10) == 0
    kept = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "wechat").iterdir()}
    assert kept == dict.fromkeys(["appid", "secret", "push_token", "push_aes_key", "port"], 0o600)


def test_the_stand_in_refuses_production(tmp_path: Path, capsys: Any) -> None:
    assert main(["--folder", str(tmp_path), "--profile", "production"]) == 2
    assert "refuses production" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
