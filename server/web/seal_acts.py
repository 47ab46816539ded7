"""What a person does with a seal, by whichever way he came: each behind its intent (F-27 to F-30).

Each runs in the caller's transaction; what it refuses leaves the proof of intent unspent.
"""

from collections.abc import Mapping
from typing import Any

from server.applications import cancelling
from server.core.db import UnitOfWork
from server.core.idempotency import body_digest
from server.intents.actions import Action
from server.seals import changing, lifecycle, renewing
from server.seals.models import Seal, SealChange
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.intents import IntentId, spend_intent
from server.web.seal_looks import Look
from server.web.visible_seals import visible_seal


class ActIn(Body):
    """`intent`: the id of a proof of this very act (意愿认证)."""

    intent: IntentId = ""


class LookIn(Body):
    look: Look


class ChangeIn(ActIn):
    look: Look


def suspend(uow: UnitOfWork, seal_id: str, intent: str) -> Seal:
    """停用. SealNotFound, NotYoursToChange, what `Seal.suspend` and `spend_intent` raise."""
    person = current_person()
    seen = visible_seal(uow, person, seal_id)
    by = seen.require_hand()
    spend_intent(uow, intent, Action.SUSPEND_SEAL, **seen.subject)
    return lifecycle.suspend(uow, seal_id, actor=person.account.id, by=by)


def enable(uow: UnitOfWork, seal_id: str, intent: str) -> Seal:
    """启用. SealNotFound, NotYoursToChange, what `Seal.enable` and `spend_intent` raise."""
    person = current_person()
    seen = visible_seal(uow, person, seal_id)
    by = seen.require_hand()
    spend_intent(uow, intent, Action.ENABLE_SEAL, **seen.subject)
    return lifecycle.enable(uow, seal_id, actor=person.account.id, by=by)


def renew(uow: UnitOfWork, seal_id: str, intent: str) -> SealChange:
    """续期: taken on, and carried out by the worker. TooEarlyToRenew, SealExpired …"""
    person = current_person()
    seen = visible_seal(uow, person, seal_id)
    seen.require_owner()
    seen.seal.require_renewable(uow.now)
    spend_intent(uow, intent, Action.RENEW_SEAL, **seen.subject)
    return renewing.ask_renewal(uow, seal_id, actor=person.account.id)


def change(uow: UnitOfWork, seal_id: str, intent: str, wish: Mapping[str, Any]) -> SealChange:
    """变更印模. ChangeNotOpen for a company, LookNotForSeal, BadStrokes, MissingGlyph …

    The intent is bound to the look: its parameter `look` is the digest of `wish`.
    """
    person = current_person()
    seen = visible_seal(uow, person, seal_id)
    changing.require_open(seen.seal)
    spend_intent(uow, intent, Action.CHANGE_IMPRESSION, **seen.subject, look=body_digest(wish))
    return changing.ask_impression(uow, seal_id, actor=person.account.id, wish=wish)


def cancel(uow: UnitOfWork, seal_id: str, intent: str) -> Seal:
    """注销. MaterialsNeeded for a company's before they are handed in; SealCancelled …

    A company's intent is bound to what was handed in: its parameter `content`.
    """
    person = current_person()
    seen = visible_seal(uow, person, seal_id)
    seen.require_owner()
    seen.seal.require_not_cancelled()
    if seen.right is None:
        spend_intent(uow, intent, Action.CANCEL_SEAL, **seen.subject)
        return lifecycle.cancel(uow, seal_id, actor=person.account.id)
    row = cancelling.require_whole(uow, seal_id, person.account.id)
    content = cancelling.content(uow, row)
    spend_intent(uow, intent, Action.CANCEL_SEAL, **seen.subject, content=content)
    return cancelling.cancel(uow, row, actor=person.account.id)
