"""Every route of the URL map: who may call it, from where, and with which headers it answers."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server.web.permissions import BY_COMPUTER, BY_COOKIE, BY_PHONE, BY_TOKEN, NEEDS, Need
from tests.factories.product import Product

OWN = "http://127.0.0.1:8321"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
FOREIGN = [
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8322"},
    {"Origin": "http://127.0.0.1:8321.evil.test"},
    {"Origin": "https://127.0.0.1"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Referer": f"{OWN}/sign/x"},
    {},
]
PROBES = {
    "task_id": "task-none",
    "session_id": "A" * 16,
    "seal_id": "seal-none",
    "page": 1,
    "number": 1,
    "house": "alipay",
    "kind": "wechat",
    "text": "face",
}


def methods(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def call(client: FlaskClient, rule: Rule, method: str, **headers: str) -> TestResponse:
    values = {name: PROBES.get(name, "none") for name in rule.arguments}
    built = rule.build(values, append_unknown=False)
    assert built
    body = {} if method in UNSAFE else None
    sent = {"Accept": "application/json", **headers}
    return client.open(built[1], method=method, json=body, headers=sent, buffered=True)


def routes(product: Product, *needs: Need) -> list[tuple[Rule, str]]:
    found = [one for one in methods(product.app) if NEEDS.get(one[0].endpoint) in needs]
    assert found
    return found


@pytest.mark.row("S-18")
def test_every_route_has_a_row_and_every_row_a_route(product: Product) -> None:
    endpoints = {rule.endpoint for rule, _ in methods(product.app)}

    assert endpoints == set(NEEDS)


@pytest.mark.row("S-18")
def test_a_route_without_a_row_is_refused(product: Product) -> None:
    product.app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    assert product.browser().get("/forgotten").status_code == 403


@pytest.mark.row("S-18", "S-17")
@pytest.mark.parametrize("key", [None, "", "Bearer", "Bearer sk_wrong", "Basic c2s6", "sk_"])
def test_partner_routes_want_a_key(product: Product, key: str | None) -> None:
    headers = {} if key is None else {"Authorization": key}
    for rule, method in routes(product, Need.PARTNER):
        answer = call(product.app.test_client(), rule, method, **headers)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "bad_api_key"), rule


@pytest.mark.row("S-25")
def test_partner_routes_take_no_cookie_for_a_key(product: Product) -> None:
    phone = product.phone()
    for rule, method in routes(product, Need.PARTNER):
        assert call(phone.client, rule, method, Origin=OWN).status_code == 401, rule


@pytest.mark.row("S-18")
@pytest.mark.parametrize("cookie", [None, "", "guessed", "é"])
def test_personal_routes_want_a_login(product: Product, cookie: str | None) -> None:
    client = product.app.test_client()
    if cookie is not None:
        client.set_cookie("gy_phone", cookie)
        client.set_cookie("gy_desktop", cookie)
    for rule, method in routes(product, *BY_PHONE, *BY_COMPUTER):
        answer = call(client, rule, method, Origin=OWN)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "login_needed"), rule


@pytest.mark.row("S-18")
def test_personal_routes_take_no_api_key_for_a_login(product: Product) -> None:
    key = {"Authorization": f"Bearer {product.partner_key}", "Origin": OWN}
    for rule, method in routes(product, *BY_PHONE, *BY_COMPUTER):
        assert call(product.app.test_client(), rule, method, **key).status_code == 401, rule


@pytest.mark.row("S-18")
@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer guessed", "Basic c2s6", "sk_"])
def test_routes_of_the_mini_program_want_its_token(product: Product, token: str | None) -> None:
    phone = product.phone()
    headers = {"Origin": OWN} if token is None else {"Origin": OWN, "Authorization": token}
    for rule, method in routes(product, *BY_TOKEN):
        answer = call(phone.client, rule, method, **headers)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "login_needed"), rule


@pytest.mark.row("S-18", "S-02")
@pytest.mark.parametrize("token", ["", "guessed"])
def test_page_routes_want_the_pages_token(product: Product, token: str) -> None:
    signing = product.signing()
    client = signing.phone.client
    bodies = {
        "sign.public_computer": {"on": True},
        "sealing.save_placements": {"placements": []},
        "sealing.confirm": {"placements": [], "document_sha256": "0" * 64},
    }
    for rule, method in routes(product, Need.PAGE):
        path = rule.rule.replace("<task_id>", signing.id).replace("<seal_id>", "seal-x")
        body = bodies.get(rule.endpoint, {}) if method in UNSAFE else None
        headers = {"Origin": OWN, "Page-Token": token}
        answer = client.open(path, method=method, json=body, headers=headers, buffered=True)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "page_token_missing"), rule
    assert signing.page.read()["task"]["status"] == "awaiting_signer"


@pytest.mark.row("S-18", "S-02")
@pytest.mark.parametrize("cookie", [None, "", "guessed", "é", "A" * 59])
def test_login_page_routes_want_the_pages_cookie(product: Product, cookie: str | None) -> None:
    client = product.app.test_client()
    if cookie is not None:
        client.set_cookie("gy_login", cookie, path="/login")
    for rule, method in routes(product, Need.LOGIN_PAGE):
        answer = call(client, rule, method, Origin=OWN)
        assert answer.status_code in (403, 404), rule
        assert answer.get_json()["code"] in ("page_token_refused", "session_unknown"), rule


@pytest.mark.row("S-18")
def test_the_page_of_a_task_that_is_not_there_is_not_found(product: Product) -> None:
    signing = product.signing()
    for rule, method in routes(product, Need.PAGE):
        if method in UNSAFE:
            continue
        answer = call(signing.page.client, rule, method, Origin=OWN)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "task_not_found"), rule


@pytest.mark.row("S-25")
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_changes_by_cookie_are_refused_from_anywhere_else(
    product: Product, headers: dict[str, str]
) -> None:
    signing = product.signing()
    computer = product.computer()
    for client in (signing.page.client, signing.phone.client, computer.client):
        for rule, method in routes(product, *BY_COOKIE):
            if method not in UNSAFE:
                continue
            path = rule.rule.replace("<task_id>", signing.id)
            path = path.replace("<session_id>", "A" * 16)
            path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
            answer = client.open(path, method=method, json={}, headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (403, "cross_site"), rule
    assert signing.page.read()["task"]["status"] == "awaiting_signer"
    assert signing.phone.get("/m/me").status_code == 200
    assert computer.get("/account").status_code == 200


@pytest.mark.row("S-25")
def test_whatever_a_cookie_can_do_is_guarded() -> None:
    without_cookies = {Need.NOTHING, Need.PARTNER, Need.DEVELOPMENT, *BY_TOKEN}

    assert set(Need) - set(BY_COOKIE) == without_cookies


@pytest.mark.row("S-25")
@pytest.mark.parametrize(
    "headers",
    [{"Origin": OWN}, {"Origin": "http://localhost:8321"}, {"Sec-Fetch-Site": "same-origin"}],
)
def test_our_own_pages_may_change_things(product: Product, headers: dict[str, str]) -> None:
    phone = product.phone()

    assert phone.client.post("/m/logout", json={}, headers=headers).status_code == 200


@pytest.mark.row("S-25")
def test_in_production_only_the_public_address_is_ours(product: Product) -> None:
    changed = {"profile": "production", "public_url": "https://seal.test"}
    strict = product.restarted(**changed).app.test_client()

    def asked_from(origin: str) -> int:
        return strict.post("/m/login/sms", json={}, headers={"Origin": origin}).status_code

    assert asked_from("https://seal.test") == 422
    for origin in (OWN, "http://localhost:8321", "http://seal.test", "https://seal.test:8443"):
        assert asked_from(origin) == 403


@pytest.mark.row("S-47")
def test_every_answer_carries_the_headers_that_keep_browsers_strict(product: Product) -> None:
    signing = product.signing()
    answers = [
        call(client, rule, method, Origin=OWN)
        for client in (product.app.test_client(), signing.phone.client)
        for rule, method in methods(product.app)
        if rule.endpoint != "phone.log_out"
    ]
    answers.append(product.browser().get("/nowhere"))
    for answer in answers:
        headers, asked = answer.headers, answer.request.path
        assert headers["X-Content-Type-Options"] == "nosniff", asked
        assert headers["Referrer-Policy"] == "no-referrer", asked
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", asked
        assert headers["X-Frame-Options"] == "DENY", asked
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'"), asked
        assert "unsafe-inline" not in policy, asked
        assert "frame-ancestors 'none'" in policy, asked
        if not asked.startswith(("/static/", "/docs/assets")):
            assert headers["Cache-Control"] == "no-store", asked
        assert "Server" not in headers or "Werkzeug" not in headers["Server"], asked


@pytest.mark.row("S-47")
def test_behind_https_browsers_are_told_to_stay_there_and_cookies_are_secure(
    product: Product,
) -> None:
    secure = product.restarted(public_url="https://seal.test")

    answer = secure.browser().get("/q/none")
    page = secure.browser().get("/m/login")

    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    for cookie in (*answer.headers.getlist("Set-Cookie"), *page.headers.getlist("Set-Cookie")):
        assert "Secure" in cookie


@pytest.mark.row("S-51")
def test_a_failure_of_ours_says_nothing_of_its_cause(product: Product) -> None:
    def stumble() -> str:
        raise RuntimeError("secret path and code")

    product.app.view_functions["health.livez"] = stumble

    answer = product.browser().get("/livez", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal")
    assert "secret" not in answer.get_data(as_text=True)
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.row("S-51")
def test_the_text_messages_of_the_demo_are_not_there_in_production(product: Product) -> None:
    assert product.browser().get("/dev/outbox").status_code == 200

    strict = product.restarted(profile="production", public_url="https://seal.test")

    answer = strict.browser().get("/dev/outbox", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_the_walks_meet_every_kind_of_route(product: Product) -> None:
    assert {NEEDS[rule.endpoint] for rule, _ in methods(product.app)} == set(Need)
