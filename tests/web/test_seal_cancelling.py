"""注销 of a company's seal: papers handed in, bound to a text message's proof, for good (F-30)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.accounts.notices import Notice
from server.applications import cancelling
from server.applications.cancellation_models import Cancellation
from server.applications.models import Material
from server.intents.actions import Action, IntentMethod
from server.intents.errors import IntentMethodRefused
from server.seals.models import Seal, SealKind, SealStatus
from tests.factories.devices import PhoneInHand, multipart
from tests.factories.domain import account_of, company
from tests.factories.pictures import photo
from tests.factories.product import HUANG, LI, Product
from tests.factories.seals import about, company_seal, own_seal, proof, text_of, told

OWN = ("licence", "representative_front", "representative_back")
OF_AGENT = ("agent_front", "agent_back", "authorization")
AGENT = {
    "name": LI.name,
    "number": LI.id_number,
    "phone": LI.phone,
    "consent_to_id_number": True,
}


@pytest.fixture
def seal(product: Product) -> Seal:
    return company_seal(product)


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone()


def take(phone: PhoneInHand, seal: Seal, slot: str, picture: bytes | None = None) -> Any:
    form = multipart("picture", "a.jpg", picture or photo())
    return phone.client.post(
        f"/m/seals/{seal.id}/materials/{slot}",
        headers={"Origin": "http://127.0.0.1:8321", "Accept": "application/json"},
        **form,
    )


def hand_in(phone: PhoneInHand, seal: Seal, agent: dict[str, Any] | None = None) -> dict[str, Any]:
    body = {"agent": agent} if agent else {}
    said: dict[str, Any] = phone.post(f"/m/seals/{seal.id}/materials", body).get_json()
    return said


def whole(phone: PhoneInHand, seal: Seal) -> str:
    """Everything handed in by the representative himself; the digest of it."""
    for slot in OWN:
        assert take(phone, seal, slot).status_code == 200
    said = hand_in(phone, seal)
    assert said["missing"] == []
    content: str = said["content"]
    return content


def cancel(product: Product, phone: PhoneInHand, seal: Seal, content: str) -> tuple[int, str]:
    bound = about(product, seal, content=content)
    intent = proof(product, phone, Action.CANCEL_SEAL, bound, IntentMethod.SMS)
    return told(phone.post(f"/m/seals/{seal.id}/cancel", {"intent": intent}))


@pytest.mark.row("F-30", "F-22")
def test_a_companys_seal_is_cancelled_by_its_papers_and_a_text_message(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    assert hand_in(phone, seal)["missing"] == list(OWN)
    assert cancel(product, phone, seal, whole(phone, seal)) == (200, f"/m/seals/{seal.id}")
    product.work()

    assert "已注销" in text_of(phone, f"/m/seals/{seal.id}")
    with product.parts.db.read() as uow:
        assert uow.session.get_one(Seal, seal.id).status == SealStatus.CANCELLED
        row = uow.session.scalars(select(Cancellation)).one()
        assert row.done_at is not None
        news = [one.news for one in uow.session.scalars(select(Notice))]
        assert news.count("seal_cancelled") == 1
    answer = phone.post(f"/m/seals/{seal.id}/materials", {})
    assert told(answer) == (410, "seal_cancelled")


@pytest.mark.row("F-30")
def test_an_agent_besides_the_representative_shows_who_he_is_and_by_whose_word(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    whole(phone, seal)
    assert hand_in(phone, seal, AGENT)["missing"] == list(OF_AGENT)
    assert told(phone.post(f"/m/seals/{seal.id}/cancel", {}))[1] == "materials_needed"
    unasked = {**AGENT, "consent_to_id_number": False}
    answer = phone.post(f"/m/seals/{seal.id}/materials", {"agent": unasked})
    assert told(answer) == (422, "consent_needed")

    for slot in OF_AGENT:
        take(phone, seal, slot)
    said = hand_in(phone, seal, AGENT)

    assert said["missing"] == []
    assert cancel(product, phone, seal, said["content"])[0] == 200
    with product.parts.db.read() as uow:
        row = uow.session.scalars(select(Cancellation)).one()
        assert row.agent_name == LI.name
        assert LI.id_number.encode() not in row.agent_number


@pytest.mark.row("F-30", "S-16")
@pytest.mark.parametrize("changed", ["picture", "agent"])
def test_what_was_proved_is_what_was_handed_in(
    product: Product, phone: PhoneInHand, seal: Seal, changed: str
) -> None:
    content = whole(phone, seal)
    for slot in OF_AGENT:
        take(phone, seal, slot)
    bound = about(product, seal, content=content)
    intent = proof(product, phone, Action.CANCEL_SEAL, bound, IntentMethod.SMS)
    if changed == "agent":
        hand_in(phone, seal, AGENT)
    else:
        take(phone, seal, OWN[0], photo("PNG"))

    answer = phone.post(f"/m/seals/{seal.id}/cancel", {"intent": intent})

    assert told(answer) == (403, "intent_refused")
    with product.parts.db.read() as uow:
        assert uow.session.get_one(Seal, seal.id).status == SealStatus.ACTIVE


@pytest.mark.row("F-30")
def test_a_companys_cancellation_takes_a_text_message_alone(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    bound = about(product, seal, content=whole(phone, seal))

    with pytest.raises(IntentMethodRefused):
        proof(product, phone, Action.CANCEL_SEAL, bound, IntentMethod.PIN)


@pytest.mark.row("S-18", "F-31")
def test_papers_are_seen_by_who_handed_them_in(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    whole(phone, seal)
    path = f"/m/seals/{seal.id}/materials/licence/picture"
    assert phone.get(path).data.startswith(b"\xff\xd8")

    assert told(product.phone(HUANG).get(path)) == (404, "seal_not_found")
    assert told(product.phone(LI).get(path)) == (403, "seal_not_yours_to_change")
    assert take(product.phone(LI), seal, "licence").status_code == 403


@pytest.mark.row("P-39", "F-30")
def test_a_new_representative_begins_anew_and_the_formers_papers_are_deleted(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    whole(phone, seal)
    with product.parts.db.begin() as uow:
        company(uow).representative_id = account_of(uow, HUANG).id
    new = product.phone(HUANG)
    path = f"/m/seals/{seal.id}/materials/licence/picture"
    assert told(new.get(path)) == (404, "seal_not_found")

    assert hand_in(new, seal)["missing"] == list(OWN)

    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(Material)).all() == []


@pytest.mark.row("F-22", "F-30")
def test_what_is_no_picture_and_what_nobody_asks_for_is_refused(
    phone: PhoneInHand, seal: Seal
) -> None:
    assert told(take(phone, seal, "licence", b"%PDF-1.7 not a picture"))[0] == 422
    assert told(take(phone, seal, "handwriting")) == (422, "slot_unknown")
    assert told(take(phone, seal, "licence", b"\xff\xd8" + b"x" * (5 * 1024 * 1024)))[0] == 413


@pytest.mark.row("F-30")
def test_a_persons_own_seal_takes_no_papers(product: Product, phone: PhoneInHand) -> None:
    seal = own_seal(product, SealKind.SQUARE)

    assert told(phone.post(f"/m/seals/{seal.id}/materials", {})) == (404, "seal_not_found")


@pytest.mark.row("F-30")
def test_papers_that_came_to_nothing_are_deleted_after_a_month(
    product: Product, phone: PhoneInHand, seal: Seal
) -> None:
    whole(phone, seal)
    with product.parts.db.begin() as uow:
        row = uow.session.scalars(select(Cancellation)).one()
        row.changed_at = uow.now - timedelta(days=29)
        cancelling.sweep(uow)
        assert uow.session.scalars(select(Cancellation)).all()
        row.changed_at = uow.now - timedelta(days=31)
        uow.session.flush()
        cancelling.sweep(uow)
        assert uow.session.scalars(select(Cancellation)).all() == []
        assert uow.session.scalars(select(Material)).all() == []
