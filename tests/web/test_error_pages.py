"""A person who follows a link reads a page; a program gets a problem, in its own form."""

import html

import pytest

from tests.factories.product import Product

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nothing", "/m/nothing", "/q/nonsense", "/sign/unknown", "/d/x"])
def test_a_browser_gets_a_page_with_a_next_step(product: Product, path: str) -> None:
    browser = product.phone() if path.startswith("/m/") else product.browser()

    problem = browser.get(path).get_json()
    answer = browser.get(path, headers=BROWSER)

    assert answer.status_code == problem["status"]
    assert answer.mimetype == "text/html"
    assert problem["detail"] in html.unescape(answer.text)
    assert problem["next_step"] in html.unescape(answer.text)


@pytest.mark.parametrize("path", ["/nothing", "/partner/v1/nothing"])
def test_a_program_gets_a_problem(product: Product, path: str) -> None:
    answer = product.browser().get(path)

    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"
    assert answer.get_json()["next_step"]


def test_the_mini_program_gets_the_form_of_wechat(product: Product) -> None:
    answer = product.browser().get("/mp/v1/nothing")

    said = answer.get_json()
    assert answer.status_code == 404
    assert said["errcode"] > 100_000
    assert said["errmsg"].startswith("not_found")
    assert said["rid"] == answer.headers["X-Request-Id"]


def test_a_navigation_to_the_partner_interface_is_no_page(product: Product) -> None:
    answer = product.browser().get("/partner/v1/documents/x", headers=BROWSER)

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
