"""What a caller writes into proxy headers moves no limit and stands in no address (S-48)."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Response
from sqlalchemy import select

from server.accounts.models import AccountSession
from tests.factories.devices import Browser
from tests.factories.logins import told
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI, Product

PROXY, REAL, SPOOF = "127.0.0.1", "203.0.113.7", "198.51.100.{}"
EVIL = {
    "HTTP_HOST": "evil.example",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "9999",
    "HTTP_X_FORWARDED_PREFIX": "/evil.example",
    "HTTP_X_FORWARDED_FOR": "198.51.100.1",
    "HTTP_FORWARDED": "for=198.51.100.1;host=evil.example;proto=https",
    "HTTP_X_REAL_IP": "198.51.100.1",
    "HTTP_X_ORIGINAL_URL": "http://evil.example/",
}
# How the proxy in front passes a request on: its own word is the last one.
PROXIED = {
    "HTTP_X_FORWARDED_HOST": "evil.example, 127.0.0.1:8321",
    "HTTP_X_FORWARDED_PROTO": "https, http",
    "HTTP_X_FORWARDED_FOR": f"198.51.100.1, {REAL}",
    "HTTP_X_FORWARDED_PREFIX": "/evil.example",
}


def said(product: Product, forwarded: Iterable[str]) -> list[int]:
    """The statuses of requests with these values of X-Forwarded-For, all from one address."""
    browser = product.browser()
    return [
        browser.get("/m/login", headers={"X-Forwarded-For": value}).status_code
        for value in forwarded
    ]


@pytest.mark.row("S-48", "P-29")
def test_where_no_proxy_is_trusted_no_header_gives_another_address(product: Product) -> None:
    limited = product.restarted(requests_per_minute=4, trusted_hops=0)
    assert said(limited, [SPOOF.format(n) for n in range(6)]) == [200] * 4 + [429] * 2


@pytest.mark.row("S-48", "P-29")
def test_behind_a_proxy_each_client_counts_by_the_address_that_the_proxy_saw(
    product: Product,
) -> None:
    limited = product.restarted(requests_per_minute=4, trusted_hops=1)
    assert said(limited, [f"{SPOOF.format(n)}, {REAL}" for n in range(6)]) == [200] * 4 + [429] * 2
    assert said(limited, ["203.0.113.8"]) == [200]


@pytest.mark.row("S-48", "S-23")
@pytest.mark.parametrize(("hops", "value"), [(0, "{}"), (1, "{}, " + REAL)])
def test_text_messages_are_counted_for_the_true_address(
    product: Product, hops: int, value: str
) -> None:
    trusting = product.restarted(trusted_hops=hops)
    browser, most = trusting.browser(), trusting.parts.code_desk.limits.address_an_hour
    before = len(product.sms.messages(200))
    statuses = [
        browser.post(
            "/m/login/sms",
            {"phone": f"139077{n:05}"},
            headers={"X-Forwarded-For": value.format(SPOOF.format(n))},
        ).status_code
        for n in range(most + 3)
    ]
    assert statuses == [200] * most + [429] * 3
    assert len(product.sms.messages(200)) == before + most


@pytest.mark.row("S-48")
def test_pages_to_log_in_on_are_counted_for_the_true_address(product: Product) -> None:
    limited = product.restarted(login_pages_per_minute=3)
    statuses = [
        limited.browser().post("/login/open", headers={"X-Forwarded-For": SPOOF.format(n)})
        for n in range(5)
    ]
    assert [one.status_code for one in statuses] == [200] * 3 + [429] * 2


@pytest.mark.row("S-48", "P-02")
@pytest.mark.parametrize(("hops", "place"), [(0, "本机或内网"), (1, "8.8.8.*")])
def test_a_login_is_written_down_with_the_true_address(
    product: Product, hops: int, place: str
) -> None:
    browser = product.restarted(trusted_hops=hops).browser()
    body = {"name": WEI.phone, "password": WEI.password, "agreed": True}
    headers = {"X-Forwarded-For": "1.1.1.1, 8.8.8.8"}
    assert browser.post("/m/login/password", body, headers=headers).status_code == 200
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(AccountSession.address)).all() == [place]


def whole_day(product: Product) -> None:
    """A computer is let in, a file is sealed and fetched, and something goes wrong."""
    product.computer()
    signing = product.signing(make_pdf())
    signing.new_link()
    signing.seal()
    signing.page.get(f"{signing.page.path}/download")
    browser: Browser = product.browser()
    for path in ("/", "/m/", "/login", "/m/login", "/docs/", "/openapi.json", "/nowhere", "/q/x"):
        browser.get(path, headers={"Accept": "text/html"})
    assert told(browser.post("/m/login", {}))[0] == 422


@pytest.mark.row("S-48")
@pytest.mark.parametrize(("hops", "headers"), [(0, EVIL), (1, PROXIED)])
def test_no_address_that_we_give_out_follows_the_callers_headers(
    product: Product, hops: int, headers: dict[str, str]
) -> None:
    spoofed = product.restarted(trusted_hops=hops)
    answers: list[bytes] = []

    def note(response: Response) -> Response:
        response.direct_passthrough = False
        answers.append(repr([*response.headers]).encode() + response.get_data())
        return response

    spoofed.app.after_request(note)
    spoofed.app.wsgi_app = under(spoofed.app.wsgi_app, headers)  # type: ignore[method-assign]
    whole_day(spoofed)

    assert len(answers) > 30
    assert [one[:300] for one in answers if b"evil.example" in one] == []
    links = {
        link for one in answers for link in re.findall(rb"https?://[^/\"'\s]+/(?:q|sign)/", one)
    }
    assert links == {b"http://127.0.0.1:8321/q/", b"http://127.0.0.1:8321/sign/"}


def under(app: Callable[..., Any], headers: dict[str, str]) -> Callable[..., Any]:
    """The app as a caller reaches it who adds these headers to each request."""
    return lambda environ, start: app({**environ, **headers}, start)


@pytest.mark.row("S-48", "S-25")
def test_a_spoofed_host_makes_no_other_origin_ours(product: Product) -> None:
    spoofed = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}
    answer = product.browser().post("/m/login/sms", {"phone": WEI.phone}, headers=spoofed)
    assert told(answer) == (403, "cross_site")
