"""Logins at partners where transactions really run at once, on PostgreSQL."""

from collections import Counter

import pytest

from tests.factories.partner_logins import PartnerLogin
from tests.factories.product import WEI, Product
from tests.factories.truth import events_of
from tests.fakes.threads import together

RACERS = 16


@pytest.fixture
def login(product: Product) -> PartnerLogin:
    return PartnerLogin.asked(product.partner())


@pytest.mark.row("S-06", "S-10", "R-13")
def test_of_sixteen_exchanges_at_once_one_is_answered(
    product: Product, login: PartnerLogin
) -> None:
    code = login.code(product.phone(WEI))
    racers = [PartnerLogin(product.partner(), login.verifier) for _ in range(RACERS)]

    answers = together([lambda one=one: one.exchange(code) for one in racers])

    assert Counter(one.status_code for one in answers) == {200: 1, 403: RACERS - 1}
    assert events_of(product, login.id).count("partner_login.completed") == 1
    assert login.standing()[0] == "complete"


@pytest.mark.row("P-12", "R-12")
def test_requests_with_one_key_make_one_login_and_one_answer(product: Product) -> None:
    login = PartnerLogin(product.partner())
    made = together([lambda: PartnerLogin(product.partner(), login.verifier).create(key="k")] * 8)
    assert len({one.get_json()["id"] for one in made}) == 1
    login.made = login.create(key="k").get_json()
    code = login.code(product.phone(WEI))

    first, again = (login.exchange(code, key="e") for _ in range(2))

    assert first.status_code == 200
    assert first.get_json() == again.get_json()
