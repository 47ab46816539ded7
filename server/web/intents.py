"""意愿认证 in a route: what pages and the mini-program send, and the spending by an acting route.

    class SuspendIn(Body):
        intent: IntentId = ""

    with runtime().db.begin() as uow:
        spend_intent(uow, body.intent, Action.SUSPEND_SEAL, seal=seal_id)
        lifecycle.suspend(uow, …)

The parameters are those that the proof was begun with, each a text: ids and digests of what is
done. A company's act names it as `enterprise`, so that it is proved as a company's (F-21, F-30).
"""

from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints

from server.accounts.models import mask_phone
from server.accounts.phones import open_phone
from server.core.db import UnitOfWork
from server.intents import service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.errors import IntentMethodRefused, NoIntentMethod
from server.intents.models import Intent
from server.providers.face import Outcome
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.language import is_english

# Without one the act is refused as IntentNeeded, which says what to do.
IntentId = Annotated[str, StringConstraints(pattern="^[0-9a-z-]{0,32}$")]
Name = Annotated[str, StringConstraints(pattern="^[a-z_]{1,32}$")]
Value = Annotated[str, StringConstraints(max_length=128)]
# Long enough for any PIN: what is too long is a wrong one, said by the same words.
Secret = Annotated[SecretStr, Field(max_length=64)]


class MethodsIn(Body):
    """What is about to be done with what; ids and digests, never a secret."""

    action: Action
    parameters: dict[Name, Value] = Field(default_factory=dict, max_length=12)

    @property
    def subject(self) -> Subject:
        """As the proof binds it."""
        return Subject(self.action, self.parameters)


class BeginIn(MethodsIn):
    """`consent`: the separate tick for the face (PIPL 29), in this very request."""

    method: IntentMethod
    consent: bool = False


class ProveIn(Body):
    """The signing PIN, or the code that was sent; neither after a face."""

    pin: Secret | None = None
    code: Annotated[str, Field(pattern="^[0-9]{6}$")] | None = None


def offered(body: MethodsIn) -> dict[str, Any]:
    """The act in words, the methods at hand, and the phone that a code goes to, masked.

    Raises NoIntentMethod.
    """
    session, keys = current_person().session, runtime().providers.keys
    with runtime().db.read() as uow:
        found = service.methods_for(uow, session, body.subject)
        phone = service.phone_of(uow, session)
    if not found:
        raise NoIntentMethod()
    by_text = phone is not None and IntentMethod.SMS in found
    return {
        "action": body.action.words[1 if is_english() else 0],
        "methods": [one.value for one in found],
        "phone": mask_phone(open_phone(keys, phone.row_id, phone.sealed))
        if phone is not None and by_text
        else "",
    }


def prove(intent_id: str, body: ProveIn, wechat_openid: str = "") -> Outcome:
    """Prove an intent of who is logged in by what was sent. Raises IntentMethodRefused for two
    secrets at once, and what the desk's `prove_…` raise.
    """
    desk, session = runtime().intent_desk, current_person().session
    if body.pin is not None and body.code is not None:
        raise IntentMethodRefused(methods=[one.value for one in IntentMethod])
    if body.pin is not None:
        desk.prove_pin(session, intent_id, body.pin.get_secret_value())
        return Outcome.PASSED
    if body.code is not None:
        desk.prove_sms(session, intent_id, body.code)
        return Outcome.PASSED
    return desk.prove_face(session, intent_id, wechat_openid)


def spend_intent(uow: UnitOfWork, intent_id: str, action: Action, **parameters: str) -> Intent:
    """Use the proof of who is logged in up, in the transaction of the act.

    Raises IntentNeeded, IntentRefused, IntentExpired, IntentSpent, LoginNeeded.
    """
    session, subject = current_person().session, Subject(action, parameters)
    return service.spend(uow, intent_id=intent_id, session=session, subject=subject)
