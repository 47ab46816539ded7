"""意愿认证 in a route: the field that an acting request carries, and its spending.

    class SuspendIn(Body):
        intent: IntentId = ""

    with runtime().db.begin() as uow:
        spend_intent(uow, body.intent, Action.SUSPEND_SEAL, seal=seal_id)
        lifecycle.suspend(uow, …)

The parameters are those that the proof was begun with, each a text: ids and digests of what is
done. A company's act names it as `enterprise`, so that it is proved as a company's (F-21, F-30).
"""

from typing import Annotated

from pydantic import StringConstraints

from server.core.db import UnitOfWork
from server.intents import service
from server.intents.actions import Action, Subject
from server.intents.models import Intent
from server.web.identity import current_person

# Without one the act is refused as IntentNeeded, which says what to do.
IntentId = Annotated[str, StringConstraints(pattern="^[0-9a-z-]{0,32}$")]


def spend_intent(uow: UnitOfWork, intent_id: str, action: Action, **parameters: str) -> Intent:
    """Use the proof of who is logged in up, in the transaction of the act.

    Raises IntentNeeded, IntentRefused, IntentExpired, IntentSpent, LoginNeeded.
    """
    session, subject = current_person().session, Subject(action, parameters)
    return service.spend(uow, intent_id=intent_id, session=session, subject=subject)
