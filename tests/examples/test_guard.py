"""What holds for every page of the demo approval system."""

import ast
import re
from pathlib import Path

import pytest

import examples.approval_system
from examples.approval_system.__main__ import main, read_arguments

HOME = Path(examples.approval_system.__file__).parent
PAGES = ["/", "/online-signing/", "/materials/sealed", "/filings/", "/filings/new"]


def test_it_imports_nothing_of_the_product():
    for source in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            names = [alias.name for alias in getattr(node, "names", [])]
            names.append(getattr(node, "module", None) or "")
            assert not [name for name in names if name.split(".")[0] in {"server", "qr_session"}]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_led_to_log_in_and_then_on(visitor, page):
    answer = visitor.get(page)
    assert answer.location.startswith("/login?next=")
    form = {"person": "demo-wei", "next": page}
    assert visitor.post("/login", data=form).location == page
    assert visitor.get(page).status_code == 200


def test_a_fragment_for_a_stranger_is_401_and_not_the_login_page(visitor):
    answer = visitor.get("/online-signing/rows", headers={"X-Fragment": "1"})
    assert answer.status_code == 401


@pytest.mark.parametrize("away", ["//evil.test", "/\\evil.test", "https://evil.test", "/a\tb"])
def test_logging_in_never_leads_away(visitor, away):
    assert visitor.post("/login", data={"person": "demo-wei", "next": away}).location == "/"


def test_an_unknown_person_is_not_logged_in(visitor):
    assert visitor.post("/login", data={"person": "root"}).status_code == 422
    assert visitor.get("/").status_code == 302


def test_logging_out_ends_it(browser):
    browser.post("/logout")
    assert browser.get("/").location.startswith("/login")


@pytest.mark.row("S-25")
@pytest.mark.parametrize("origin", ["http://evil.test", "null", "", "http://approval.test:81"])
def test_a_foreign_form_is_refused(browser, origin):
    form = {"matter": "completion", "project": "x"}
    answer = browser.post("/filings/", data=form, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "还没有申报" in browser.get("/filings/").text


@pytest.mark.row("S-47")
@pytest.mark.parametrize("page", [*PAGES, "/login", "/nothing-here"])
def test_every_page_has_its_headers_and_no_inline_code(browser, partner, page):
    answer = browser.get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert f"form-action 'self' {partner.url}" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=)", answer.text)
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


def test_every_page_says_that_it_is_a_demo_and_whom_to_call(browser):
    for page in PAGES:
        text = browser.get(page).text
        assert "南宁市工程建设项目审批系统（演示）" in text
        assert "0771-4977565" in text


def test_the_session_cookie_is_out_of_reach(visitor):
    cookie = visitor.post("/login", data={"person": "demo-wei"}).headers["Set-Cookie"]
    assert cookie.startswith("approval_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_another_name_of_the_host_leads_to_the_registered_one(browser):
    answer = browser.get("/filings/?a=1", base_url="http://localhost:8322")
    assert answer.location == "http://approval.test/filings/?a=1"
    assert browser.post("/logout", base_url="http://localhost:8322").status_code == 400
    assert browser.get("/livez", base_url="http://localhost:8322").text == "ok"


def test_addresses_follow_from_the_port_and_the_api():
    options = read_arguments(["--port", "9000", "--api", "http://127.0.0.1:9001/"])
    assert options.public_url == "http://127.0.0.1:9000"
    assert options.signing_origin == "http://127.0.0.1:9001"


def test_a_missing_key_file_ends_the_start_with_a_sentence(tmp_path):
    with pytest.raises(SystemExit, match="接口密钥文件"):
        main(["--api-key-file", str(tmp_path / "none"), "--data", str(tmp_path)])
