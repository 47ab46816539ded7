"""How long a login lasts, and what ends it."""

import pytest
from sqlalchemy import select

from server.accounts.models import AccountSession
from tests.factories.product import Product


@pytest.mark.row("S-49")
def test_logging_out_ends_the_session_itself(product: Product) -> None:
    phone = product.phone()
    token = next(c.value for c in phone.client._cookies.values() if c.key == "gy_phone")

    answer = phone.post("/m/logout")

    assert answer.get_json() == {"next": "/m/login"}
    thief = product.browser()
    thief.client.set_cookie("gy_phone", token)
    assert thief.get("/m/me").status_code == 401


@pytest.mark.row("S-50")
def test_a_session_ends_after_twelve_hours(product: Product) -> None:
    phone = product.phone()
    product.clock.advance(hours=12, seconds=-1)
    assert phone.get("/m/me").status_code == 200

    product.clock.advance(seconds=1)

    assert phone.get("/m/me").status_code == 401


@pytest.mark.row("S-49")
def test_logging_in_on_a_second_browser_leaves_the_first_alone(product: Product) -> None:
    first, second = product.phone(), product.phone()
    second.post("/m/logout")

    assert first.get("/m/me").status_code == 200
    with product.parts.db.read() as uow:
        assert len(uow.session.scalars(select(AccountSession)).all()) == 2
