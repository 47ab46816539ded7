"""What is done with a seal behind an intent, made ready for sending twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server.applications import cancelling
from server.core.idempotency import body_digest
from server.intents.actions import Action, IntentMethod
from server.seals import lifecycle
from server.seals.models import Reason, Seal
from server.web.seal_looks import Look
from tests.factories.changes import Ready, Request
from tests.factories.devices import multipart
from tests.factories.domain import account_of
from tests.factories.mini_changes import sent
from tests.factories.mini_program import MiniProgram, logged_in
from tests.factories.mini_twice import RID
from tests.factories.pictures import photo
from tests.factories.product import WEI, Product
from tests.factories.seals import about, company_seal, own_seal, proof, stand_before_end
from tests.factories.twice import Route

LOOK = {"font": "hei"}
SPENT = (409, "intent_spent")


def suspended(product: Product, seal: Seal) -> None:
    with product.parts.db.begin() as uow:
        lifecycle.suspend(uow, seal.id, actor=account_of(uow, WEI).id, by=Reason.OWNER)


def nearly_over(product: Product, seal: Seal) -> None:
    stand_before_end(product, seal, days=5)


def as_it_is(_product: Product, _seal: Seal) -> None:
    return


def _act(
    path: str,
    action: Action,
    before: Callable[[Product, Seal], None] = as_it_is,
    look: dict[str, Any] | None = None,
) -> Callable[[bool], Ready]:
    """By the phone's page, or by a mini-program."""

    def by(mini: bool) -> Ready:
        def ready(product: Product) -> Request:
            seal = own_seal(product)
            before(product, seal)
            who = logged_in(product) if mini else product.phone()
            more = {"look": body_digest(Look(**look).wish())} if look else {}
            body: dict[str, Any] = {"look": look} if look else {}
            body["intent"] = proof(product, who, action, about(product, seal, **more))
            where = f"/seals/{seal.id}/{path}"
            if isinstance(who, MiniProgram):
                return sent(who, where, body)
            return Request(who.client, f"/m{where}", body=body)

        return ready

    return by


def _looked(mini: bool) -> Ready:
    def ready(product: Product) -> Request:
        where = f"/seals/{own_seal(product).id}/looks"
        if mini:
            return sent(logged_in(product), where, {"look": LOOK})
        return Request(product.phone().client, f"/m{where}", body={"look": LOOK})

    return ready


def _company_cancelled(mini: bool) -> Ready:
    def ready(product: Product) -> Request:
        seal, who = company_seal(product), logged_in(product) if mini else product.phone()
        with product.parts.db.begin() as uow:
            row = cancelling.begin(uow, seal.id, actor=account_of(uow, WEI).id)
            for slot in cancelling.needed(row):
                taken = product.parts.material_desk.take(slot, photo())
                cancelling.keep_material(uow, row, taken)
            bound = about(product, seal, content=cancelling.content(uow, row))
        intent = proof(product, who, Action.CANCEL_SEAL, bound, IntentMethod.SMS)
        where = f"/seals/{seal.id}/cancel"
        if isinstance(who, MiniProgram):
            return sent(who, where, {"intent": intent})
        return Request(who.client, f"/m{where}", body={"intent": intent})

    return ready


def _handed_in(mini: bool) -> Ready:
    def ready(product: Product) -> Request:
        where = f"/seals/{company_seal(product).id}/materials"
        if mini:
            return sent(logged_in(product), where, {})
        return Request(product.phone().client, f"/m{where}", body={})

    return ready


def _picture_taken(mini: bool) -> Ready:
    def ready(product: Product) -> Request:
        where = f"/seals/{company_seal(product).id}/materials/licence"
        form = multipart("picture", "a.jpg", photo())
        if mini:
            request = sent(logged_in(product), where)
            return replace(request, form=form)
        return Request(product.phone().client, f"/m{where}", form=form)

    return ready


ACTS = {
    "suspend": (_act("suspend", Action.SUSPEND_SEAL), SPENT),
    "enable": (_act("enable", Action.ENABLE_SEAL, suspended), SPENT),
    "renew": (_act("renew", Action.RENEW_SEAL, nearly_over), SPENT),
    "change": (_act("impression", Action.CHANGE_IMPRESSION, look=LOOK), SPENT),
    "cancel": (_company_cancelled, (410, "seal_cancelled")),
}
# Both certificates of the ring are planned; other signings end and the authority is told.
ANEW = {"renew": frozenset({"certificate_renewals"}), "cancel": frozenset({"jobs"})}
OF_SEALS = {
    "phone_seals.show_look": Route(_looked(False)),
    "mp_seal_lifecycle.show_look": Route(_looked(True), fresh=RID),
    "phone_seals.hand_in": Route(_handed_in(False)),
    "mp_seal_lifecycle.hand_in": Route(_handed_in(True), fresh=RID),
    # A cancellation is begun, and its picture kept.
    "phone_seals.take_material": Route(_picture_taken(False)),
    "mp_seal_lifecycle.take_material": Route(_picture_taken(True), fresh=RID),
    **{
        f"phone_seals.{name}": Route(by(False), later, anew=ANEW.get(name, frozenset()))
        for name, (by, later) in ACTS.items()
    },
    **{
        f"mp_seal_lifecycle.{name}": Route(by(True), fresh=RID, anew=ANEW.get(name, frozenset()))
        for name, (by, _) in ACTS.items()
    },
}
