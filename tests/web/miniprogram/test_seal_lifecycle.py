"""The mini-program suspends, renews and changes seals, and is told what may be done next."""

import pytest

from server.core.idempotency import body_digest
from server.intents.actions import Action
from server.web.seal_looks import Look
from tests.factories.mini_program import MiniProgram, logged_in
from tests.factories.product import LI, Product
from tests.factories.seals import about, company_seal, own_seal, proof, stand_before_end


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return logged_in(product)


@pytest.mark.row("F-29", "R-12")
def test_a_seal_is_suspended_once_and_the_answer_says_what_comes_next(
    product: Product, phone: MiniProgram
) -> None:
    seal = company_seal(product)
    intent = proof(product, phone, Action.SUSPEND_SEAL, about(product, seal))

    said = phone.post(f"/seals/{seal.id}/suspend", {"intent": intent}, key="k-1").get_json()
    again = phone.post(f"/seals/{seal.id}/suspend", {"intent": intent}, key="k-1").get_json()

    assert said["seal"]["state"] == "suspended"
    assert said["suspended_because"] == "owner"
    assert said["allowed_actions"] == ["enable", "cancel"]
    assert {**again, "rid": ""} == {**said, "rid": ""}
    other = phone.post(f"/seals/{seal.id}/suspend", {"intent": intent}, key="k-2").get_json()
    assert other["errcode"] == 160004


@pytest.mark.row("F-28")
def test_a_renewal_is_under_way_until_the_worker_has_done_it(product: Product) -> None:
    seal = company_seal(product)
    stand_before_end(product, seal, days=9)
    phone = logged_in(product)
    intent = proof(product, phone, Action.RENEW_SEAL, about(product, seal))

    said = phone.post(f"/seals/{seal.id}/renew", {"intent": intent}).get_json()
    product.work()
    then = phone.get(f"/seals/{seal.id}").get_json()

    assert (said["under_way"], then["under_way"]) == ("renewal", None)
    assert then["seal"]["valid_until"].startswith(str(seal.valid_until.year + 3))


@pytest.mark.row("F-27", "P-49")
def test_every_look_that_a_seal_has_had_is_listed(product: Product, phone: MiniProgram) -> None:
    seal, look = own_seal(product), {"font": "hei"}
    bound = about(product, seal, look=body_digest(Look(font="hei").wish()))
    intent = proof(product, phone, Action.CHANGE_IMPRESSION, bound)
    body = {"look": look, "intent": intent}
    assert phone.post(f"/seals/{seal.id}/impression", body).status_code == 200
    product.work()

    items = phone.get(f"/seals/{seal.id}/impressions").get_json()["items"]

    assert [one["version"] for one in items] == [2, 1]
    pictures = [phone.get(one["picture"].removeprefix("/mp/v1")).data for one in items]
    assert pictures[0] != pictures[1]


@pytest.mark.row("F-31")
def test_who_only_uses_a_seal_is_offered_nothing_else(product: Product) -> None:
    seal = company_seal(product)

    said = logged_in(product, LI).get(f"/seals/{seal.id}").get_json()

    assert said["allowed_actions"] == ["sign"]
