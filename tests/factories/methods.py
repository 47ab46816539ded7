"""Owners who verify the use of their seals by another method than the PIN (F-23)."""

from server.accounts import passwords
from server.certificates import method_copies
from server.certificates import service as certificates
from server.certificates.models import MethodCopy, OwnerKind
from server.certificates.service import OpenRing
from server.intents.actions import Action, IntentMethod
from server.intents.methods import MethodChoice, set_method
from server.intents.models import VerificationMethod
from server.seed import DemoPerson
from tests.factories.domain import account_of, company, opened, ring_of
from tests.factories.intents import Intents
from tests.factories.own_signings import OwnSigning
from tests.factories.product import WEI, Product

USE_PASSWORD = "紫薇花开2026"


def choose(product: Product, method: str) -> None:
    """桂印 verifies the use of its seals by this method from now on."""
    digest = passwords.digest(USE_PASSWORD) if method == VerificationMethod.PASSWORD else ""
    with product.parts.db.begin() as uow:
        choice = MethodChoice(VerificationMethod(method), digest)
        set_method(uow, OwnerKind.ENTERPRISE, company(uow).id, choice)


def keep_copy(product: Product, person: DemoPerson = WEI, grant_id: str = "") -> bytes:
    """The data key of 桂印, of which the service keeps a copy for this person from now on."""
    holder = opened(product.parts, person)
    with product.parts.db.begin() as uow:
        ring = ring_of(uow)
        data_key = certificates.open_copy(uow, ring.id, holder, grant_id)
        keys, whose = product.parts.providers.keys, (holder.account_id, grant_id)
        method_copies.keep(uow, keys, OpenRing(ring, data_key), *whose)
    return data_key


def copies(product: Product) -> list[MethodCopy]:
    with product.parts.db.read() as uow:
        return list(uow.session.query(MethodCopy).order_by(MethodCopy.id))


def account_id(product: Product, person: DemoPerson) -> str:
    with product.parts.db.read() as uow:
        return account_of(uow, person).id


def proof_for(signing: OwnSigning, method: str, /, **changed: str) -> str:
    """An intent that was proved by text message or face, for what the page shows now."""
    subject = {**signing.read()["submission"], **changed}
    by = Intents(signing.product, signing.phone.session)
    return by.proved(IntentMethod(method), Action.SIGN_DOCUMENTS, subject)


def submit_by(signing: OwnSigning, method: str) -> tuple[int, str]:
    """提交 by this method, all rightly; the status, and the signing's or the refusal's code."""
    if method == VerificationMethod.PASSWORD:
        answer = signing.submit(pin=None, password=USE_PASSWORD)
    else:
        answer = signing.submit(pin=None, intent=proof_for(signing, method))
    told = answer.get_json()
    return answer.status_code, told.get("code") or told["status"]
