"""用章核验方式, changed from the phone's pages or the mini-program alike (F-23, P-40)."""

from typing import Annotated

from pydantic import Field, SecretStr

from server.core.db import UnitOfWork
from server.intents.actions import Action
from server.intents.errors import IntentRefused
from server.intents.methods import (
    LoginPasswords,
    MethodChoice,
    method_of,
    prepare_choice,
    set_method,
)
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.intents import IntentId, spend_intent
from server.web.seal_owner import owner_of

# Longer than any that is taken, so that what is too long is refused by its own words.
Typed = Annotated[SecretStr, Field(max_length=200)]
EMPTY = SecretStr("")


class PasswordIn(Body):
    """核验密码, typed twice, and the proof of intent `reset_use_password`."""

    password: Typed = EMPTY
    password_again: Typed = EMPTY
    intent: IntentId = ""

    def choice(self, method: VerificationMethod) -> MethodChoice:
        """What was chosen. UsePasswordsDiffer, UsePasswordTooShort, UsePasswordIsLogin,
        UsePasswordLocked."""
        unlike = LoginPasswords(runtime().db, current_person().account.id)
        typed = (self.password.get_secret_value(), self.password_again.get_secret_value())
        return prepare_choice(method, *typed, unlike=unlike)


class MethodIn(PasswordIn):
    """The method that was chosen; the proof is of `change_method`, and names it too."""

    method: VerificationMethod


def change(uow: UnitOfWork, body: MethodIn, choice: MethodChoice) -> None:
    """Keep another method by a proof of intent. Raises NoRight, and what `spend_intent` raises."""
    person = current_person()
    owner = owner_of(uow, person)
    owner.require_represented()
    bound = {**owner.parameters, "method": body.method.value}
    spend_intent(uow, body.intent, Action.CHANGE_METHOD, **bound)
    set_method(uow, owner.kind, owner.id, choice, by=person.account.id)


def reset_password(uow: UnitOfWork, body: PasswordIn, choice: MethodChoice) -> None:
    """Keep another use password where the old one is forgotten, by text message or face alone.

    Raises NoRight, and what `spend_intent` raises.
    """
    person = current_person()
    owner = owner_of(uow, person)
    owner.require_represented()
    if method_of(uow, owner.kind, owner.id) != VerificationMethod.PASSWORD:
        raise IntentRefused()  # Another method is chosen by a proof of its own.
    spend_intent(uow, body.intent, Action.RESET_USE_PASSWORD, **owner.parameters)
    set_method(uow, owner.kind, owner.id, choice, by=person.account.id)
