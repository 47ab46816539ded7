"""变更印模: a person's seal gets another look, seen before and bound to the proof; F-27."""

from typing import Any

import pytest

from server.core.idempotency import body_digest
from server.intents.actions import Action
from server.seals.models import SealKind
from server.seals.queries import impression_of
from server.web.seal_looks import Look
from tests.factories.handwriting import a_name, loop, written
from tests.factories.product import Product
from tests.factories.seals import about, company_seal, own_seal, proof, text_of, told


@pytest.mark.row("F-27")
def test_change_is_not_open_for_companies(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()
    body = {"look": {"font": "hei"}, "intent": ""}
    for path, send in (("impression", body), ("looks", {"look": {"font": "hei"}})):
        answer = phone.post(f"/m/seals/{seal.id}/{path}", send)
        assert told(answer) == (409, "change_not_open")
        assert answer.get_json()["detail"] == "该功能暂未开放"
    assert phone.get(f"/m/seals/{seal.id}/change").status_code == 409


LOOKS: dict[SealKind, dict[str, Any]] = {
    SealKind.SQUARE: {"font": "hei"},
    SealKind.HANDWRITTEN: {"strokes": written([loop(300, 150, 90)])},
}


@pytest.mark.row("F-27", "P-49")
@pytest.mark.parametrize("kind", LOOKS)
def test_a_person_gives_his_seal_another_look_and_the_former_one_is_kept(
    product: Product, kind: SealKind
) -> None:
    seal, phone, wish = own_seal(product, kind), product.phone(), LOOKS[kind]
    path = f"/m/seals/{seal.id}"
    before = phone.get(f"{path}/picture.png").data
    seen = phone.post(f"{path}/looks", {"look": wish}).get_json()
    assert seen["picture"].startswith("data:image/png;base64,")
    assert seen["look"] == body_digest(Look(**wish).wish())

    other = proof(product, phone, Action.CHANGE_IMPRESSION, about(product, seal, look="0" * 64))
    answer = phone.post(f"{path}/impression", {"look": wish, "intent": other})
    assert told(answer) == (403, "intent_refused")
    parameters = about(product, seal, look=seen["look"])
    intent = proof(product, phone, Action.CHANGE_IMPRESSION, parameters)
    assert told(phone.post(f"{path}/impression", {"look": wish, "intent": intent})) == (200, path)
    product.work()

    assert phone.get(f"{path}/picture.png").data != before
    page = text_of(phone, path)
    assert f"{path}/impressions/1.png" in page
    assert phone.get(f"{path}/impressions/1.png").data == before
    assert phone.get(f"{path}/impressions/3.png").status_code == 404
    with product.parts.db.read() as uow:
        now = impression_of(uow, seal.id)
        assert (now.version, now.made is not None) == (2, True)


@pytest.mark.row("F-27")
def test_a_look_that_does_not_fit_the_seal_is_refused(product: Product) -> None:
    seal, phone = own_seal(product), product.phone()
    for look in ({}, {"strokes": a_name()}, {"font": "hei", "strokes": a_name()}):
        answer = phone.post(f"/m/seals/{seal.id}/looks", {"look": look})
        assert told(answer) == (422, "look_not_for_seal")
    assert phone.post(f"/m/seals/{seal.id}/looks", {"look": {"font": "x"}}).status_code == 422
