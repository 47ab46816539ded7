"""扫码登录 at the demo approval system, over a platform that is a fake on loopback."""

from urllib.parse import urlsplit

import pytest

from examples.approval_system.scan_login import challenge_of


def begin(visitor, next_path=""):
    """Click 扫码登录; the code that the platform would send along, and the state."""
    answer = visitor.post("/scan-login", data={"next": next_path})
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.location).path.rsplit("/", 1)[1]


def newest(partner):
    code, login = list(partner.logins.items())[-1]
    return {"code": code, "state": login["state"]}


def come_back(visitor, brought):
    return visitor.get("/scan-login/back", query_string=brought)


@pytest.mark.row("F-13", "S-10")
def test_a_person_names_his_account_once_and_then_scans_alone(visitor, partner):
    begin(visitor)
    first = come_back(visitor, newest(partner))
    assert first.location == "/login?next="
    assert "黄*，扫码成功" in visitor.get("/login").text
    visitor.post("/login", data={"person": "demo-huang"})
    visitor.post("/logout")
    begin(visitor, "/filings/")

    assert come_back(visitor, newest(partner)).location == "/filings/"

    assert "黄淼" in visitor.get("/").text
    assert partner.logins == {}


@pytest.mark.row("S-10")
def test_a_code_carried_to_another_browser_logs_nobody_in(visitor, partner, app):
    """The attacker's code in the victim's browser, and the victim's in the attacker's."""
    attacker = type(visitor)(app, use_cookies=True)
    begin(attacker)
    stolen = newest(partner)

    for own in (False, True):
        if own:
            begin(visitor)
        answer = come_back(visitor, stolen)
        assert (answer.status_code, "不是在本浏览器发起的" in answer.text) == (403, True)
        assert visitor.get("/").status_code == 302
    assert "POST /partner/v1/login-sessions/exchange" not in partner.calls


@pytest.mark.row("S-10")
def test_a_right_state_with_a_foreign_code_is_refused_by_the_platform(visitor, partner, app):
    attacker = type(visitor)(app, use_cookies=True)
    begin(visitor)
    stolen = newest(partner)["code"]
    begin(attacker)

    answer = come_back(attacker, newest(partner) | {"code": stolen})

    assert (answer.status_code, "wrong_code_verifier" in answer.text) == (403, True)
    assert attacker.get("/").status_code == 302


@pytest.mark.row("S-06")
def test_an_address_back_is_good_once(visitor, partner):
    """Also in a browser that has kept its cookie from before."""
    begin(visitor)
    brought = newest(partner)
    with visitor.session_transaction(base_url="http://approval.test") as session:
        handle = session["scan_login"]
    assert come_back(visitor, brought).status_code == 303
    with visitor.session_transaction(base_url="http://approval.test") as session:
        session["scan_login"] = handle

    assert come_back(visitor, brought).status_code == 403

    assert partner.calls.count("POST /partner/v1/login-sessions/exchange") == 1


def test_a_person_who_gave_up_can_start_again(visitor, partner):
    begin(visitor)
    state = newest(partner)["state"]

    answer = come_back(visitor, {"error": "access_denied", "state": state})

    assert answer.status_code == 403
    assert "本次扫码登录未完成" in answer.text
    assert "扫码登录</button>" in answer.text
    begin(visitor)
    assert come_back(visitor, newest(partner)).status_code == 303


def test_a_platform_that_is_away_is_said_so(visitor, partner):
    partner.faults = [(503, {})] * 3

    answer = visitor.post("/scan-login")

    assert (answer.status_code, 'role="alert"' in answer.text) == (503, True)


def test_neither_verifier_nor_state_is_in_the_browser(visitor, partner):
    begin(visitor)
    _, login = list(partner.logins.items())[-1]
    with visitor.session_transaction(base_url="http://approval.test") as session:
        kept = dict(session)

    assert list(kept) == ["scan_login"]
    assert kept["scan_login"] != login["state"]
    assert challenge_of(kept["scan_login"]) != login["code_challenge"]
