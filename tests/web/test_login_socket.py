"""The login page hears of its own session by a socket, and of no other."""

from collections.abc import Iterator

import pytest

from tests.factories.devices import LoginPage
from tests.factories.product import Product
from tests.factories.site import Site, hear, refusal


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    site = Site(product)
    yield site
    site.close()


def ticket_of(page: LoginPage) -> str:
    ticket: str = page.post_to("ticket").get_json()["ticket"]
    return ticket


@pytest.mark.row("S-19", "P-04", "F-13")
def test_a_page_hears_when_its_code_is_scanned_and_nothing_of_the_page_beside_it(
    site: Site,
) -> None:
    first, second = site.product.login_page(), site.product.login_page()
    sockets = [site.connect(ticket_of(one), one) for one in (first, second)]
    ids = [hear(socket, "snapshot")["id"] for socket in sockets]
    assert len(set(ids)) == 2

    site.product.phone().scan_login(second)

    told = hear(sockets[1], "state")
    assert (told["id"], told["state"], told["masked_name"]) == (ids[1], "scanned", "韦*远")
    first.post_to("refresh")
    assert hear(sockets[0], "state")["state"] == "pending"


@pytest.mark.row("S-10", "S-19")
def test_the_ticket_of_a_page_that_began_anew_hears_the_end_of_its_own_session_alone(
    site: Site,
) -> None:
    page = site.product.login_page()
    ticket = ticket_of(page)
    page.open()
    site.product.phone().scan_login(page)

    seen = hear(site.connect(ticket, page), "snapshot")

    assert (seen["state"], seen["masked_name"]) == ("cancelled", None)


@pytest.mark.row("S-19")
def test_neither_the_id_in_the_code_nor_another_browser_opens_the_socket(site: Site) -> None:
    page = site.product.login_page()
    session_id = site.product.phone().scan_login(page)["session_id"]

    assert refusal(site.connect(session_id, page)) == "ticket_refused"
    assert refusal(site.connect(ticket_of(page), site.product.browser())) == "ticket_refused"
