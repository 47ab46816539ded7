"""Seals of people's own, and the proofs of intent behind what is done with a seal."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import AccountSession
from server.certificates import requests
from server.certificates import service as certificates
from server.certificates.held_copies import give_or_hold
from server.certificates.models import OwnerKind
from server.certificates.service import Owner
from server.core.ids import fingerprint
from server.intents.actions import Action, IntentMethod
from server.pki.authority import Period, Subject
from server.sealing import impression
from server.seals.models import KIND_NAMES, Seal, SealKind
from server.seals.service import SEAL_LIFE, NewSeal, make_seal, prepare_seal
from server.seed import DemoPerson
from tests.factories.devices import PhoneInHand
from tests.factories.domain import account_of, company, seal_of
from tests.factories.handwriting import a_name
from tests.factories.intents import Intents
from tests.factories.mini_program import MiniProgram
from tests.factories.product import WEI, Product


def own_seal(product: Product, kind: SealKind = SealKind.SQUARE, person: DemoPerson = WEI) -> Seal:
    """A personal seal with its own key ring, as an application leaves it."""
    parts, now = product.parts, product.clock.now().replace(microsecond=0)
    outside = parts.providers
    with parts.db.begin() as uow:
        account = account_of(uow, person)
        owner = Owner(OwnerKind.ACCOUNT, account.id, Subject.of_person(person.name, account.id))
        period = Period(now, now + SEAL_LIFE)
        asked = f"own-{account.id}-{kind}"
        requests.open_request(uow, outside.keys, request_id=asked, owner=owner, period=period)
    issued = requests.fulfil(parts.db, outside.keys, outside.ca, asked)
    strokes = impression.read_strokes(a_name()) if kind == SealKind.HANDWRITTEN else None
    new = NewSeal(kind, KIND_NAMES[kind], person.name, "4501030000001", strokes=strokes)
    prepared = prepare_seal(outside.seal_maker, new, issued.sm2.answer.certificate, now)
    with parts.db.begin() as uow:
        opened = certificates.make_ring(uow, issued)
        give_or_hold(uow, outside.keys, opened, account.id)
        return make_seal(uow, opened.ring, prepared)


def company_seal(product: Product, kind: SealKind = SealKind.COMPANY) -> Seal:
    with product.parts.db.read() as uow:
        return seal_of(uow, kind)


def about(product: Product, seal: Seal, **more: str) -> dict[str, str]:
    """What an intent about this seal is bound to."""
    of_company = {"enterprise": seal.owner_id} if seal.owner_kind == "enterprise" else {}
    return {"seal": seal.id, **of_company, **more}


def proof(
    product: Product,
    by: PhoneInHand | MiniProgram,
    action: Action,
    parameters: Mapping[str, str],
    method: IntentMethod = IntentMethod.PIN,
) -> str:
    """A proved intent of whoever holds this phone or mini-program; its id."""
    return Intents(product, session_of(product, by), by.person).proved(method, action, parameters)


def session_of(product: Product, by: PhoneInHand | MiniProgram) -> AccountSession:
    cookie = by.client.get_cookie("gy_phone") if isinstance(by, PhoneInHand) else None
    token = cookie.value if cookie else getattr(by, "token", "")
    mine = AccountSession.token_digest == fingerprint(token)
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(AccountSession).where(mine)).one()


def stand_before_end(product: Product, seal: Seal, **left: Any) -> None:
    """Move the clock to so long before the seal's end."""
    at = seal.valid_until - timedelta(**left)
    product.clock.advance(seconds=(at - product.clock.now()).total_seconds())


def enterprise_id(product: Product) -> str:
    with product.parts.db.read() as uow:
        return company(uow).id


def text_of(phone: PhoneInHand, path: str) -> str:
    answer = phone.get(path)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_data(as_text=True)


def told(answer: TestResponse) -> tuple[int, str]:
    """The status, and where it leads or why not."""
    said = answer.get_json()
    return answer.status_code, said.get("next") or said["code"]
