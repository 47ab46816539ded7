"""A download link is one file's, for five minutes, and only for whoever was given it."""

import pytest
from werkzeug.test import TestResponse

from tests.factories.product import HUANG, Product, Signing


@pytest.fixture
def sealed(product: Product) -> Signing:
    signing = product.signing()
    signing.seal()
    return signing


def link_of(signing: Signing) -> dict[str, object]:
    links: dict[str, object] = signing.page.get(f"{signing.page.path}/download").get_json()
    return links


def follow(product: Product, url: object) -> TestResponse:
    """By a browser that holds nothing else."""
    return product.browser().get(str(url), headers={"Accept": "application/json"})


@pytest.mark.row("P-28", "F-44")
def test_a_link_lives_five_minutes(product: Product, sealed: Signing) -> None:
    links = link_of(sealed)
    assert links["expires_in"] == 300
    product.clock.advance(seconds=300)
    assert follow(product, links["url"]).data == sealed.partner.result(sealed.id)
    product.clock.advance(seconds=1)

    for url in (links["url"], links["view_url"]):
        answer = follow(product, url)
        assert (answer.status_code, answer.get_json()["code"]) == (410, "link_expired")


@pytest.mark.row("P-28")
def test_a_link_that_was_altered_leads_nowhere(product: Product, sealed: Signing) -> None:
    url = str(link_of(sealed)["url"])
    payload, stamp, mac = url.removeprefix("/d/").split(".")
    other = "A" if mac[3] != "A" else "B"

    for token in (
        f"{payload}.{stamp}.{mac[:3]}{other}{mac[4:]}",
        f"{payload}.{stamp}",
        f"{payload[:-1]}.{stamp}.{mac}",
        sealed.id,
        "x" * 5000,
        "é",
        ".",
    ):
        answer = follow(product, f"/d/{token}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "document_not_found")


@pytest.mark.row("P-28", "S-18")
def test_the_page_of_one_task_gets_no_link_to_anothers_file(
    product: Product, sealed: Signing
) -> None:
    other = product.signing(person=HUANG)

    answer = other.page.get(f"{sealed.page.path}/download")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "page_token_missing")
    assert other.page.get(f"{other.page.path}/download").status_code == 409


@pytest.mark.row("P-28", "S-18")
def test_a_page_whose_browser_was_replaced_gets_no_more_links(
    product: Product, sealed: Signing
) -> None:
    taken_over = product.page(sealed.new_link())

    assert sealed.page.get(f"{sealed.page.path}/download").status_code == 401
    assert taken_over.get(f"{sealed.page.path}/download").status_code == 200
