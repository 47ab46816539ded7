"""A name that somebody has costs the key holder no more calls than one that nobody has (S-24).

Each call takes time and is limited, so their number must tell nothing.
"""

from typing import Any, ClassVar

import pytest

from server.providers.keys import Keys
from server.providers.registry.demo_companies import DEMO_COMPANIES
from tests.factories.entry import LIUZHOU, OFFICE, Entrance, registered_company
from tests.factories.product import NEWCOMER, WEI, Product


class CountedKeys:
    """Counts the calls that it hands on."""

    development_only: ClassVar[bool] = True

    def __init__(self, keys: Keys) -> None:
        self._keys, self.calls = keys, 0

    def hmac(self, *given: Any) -> bytes:
        return self._counted(self._keys.hmac, *given)

    def wrap(self, *given: Any) -> bytes:
        return self._counted(self._keys.wrap, *given)

    def unwrap(self, *given: Any) -> bytes:
        return self._counted(self._keys.unwrap, *given)

    def _counted(self, call: Any, *given: Any) -> bytes:
        self.calls += 1
        done: bytes = call(*given)
        return done


def resident(number: str) -> dict[str, Any]:
    return {"document_type": "resident_id", "number": number}


def by_face(name: str) -> dict[str, Any]:
    return {"name": name, "consent": True}


KNOWN, UNKNOWN = WEI.id_number, NEWCOMER.id_number
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/m/login/document/sms": (resident(KNOWN), resident(UNKNOWN)),
    "/m/forgot/sms": ({"name": KNOWN}, {"name": UNKNOWN}),
    "/m/forgot/company/sms": ({"company": LIUZHOU.code}, {"company": DEMO_COMPANIES[3].code}),
    "/m/login/face": (
        {**by_face(KNOWN), "agreed": True},
        {**by_face(UNKNOWN), "agreed": True},
    ),
    "/m/forgot/face": (by_face(KNOWN), by_face(UNKNOWN)),
}


@pytest.mark.row("S-24")
@pytest.mark.parametrize("path", ASKED)
def test_as_many_calls_for_a_name_that_nobody_has(product: Product, path: str) -> None:
    registered_company(product)
    product.clock.advance(minutes=2)
    keys = CountedKeys(product.parts.providers.keys)
    entrance = Entrance(product.restarted_with(keys=keys).app.test_client(), product)
    cost = []
    for body in ASKED[path]:
        keys.calls = 0
        assert entrance.post(path, body).status_code == 200
        cost.append(keys.calls)

    assert cost[0] == cost[1] > 0


@pytest.mark.row("S-24", "F-05")
def test_one_company_that_is_asked_for_often_stops_no_other_of_its_city(product: Product) -> None:
    """The key holder's limit is for one company, not for the first digits of its code."""
    entrance = registered_company(product)
    product.clock.advance(minutes=2)
    for _ in range(40):
        entrance.ask_reset_code("91450200MA5NY0000G")

    assert entrance.ask_reset_code().status_code == 200
    assert entrance.code(OFFICE)
