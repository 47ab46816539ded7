"""A person who is logged in and proves what he wants, by each method."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete

from server.accounts.models import AccountSession, FaceCheck, SmsCode
from server.core.db import Database
from server.intents import service
from server.intents.actions import Action, IntentMethod, Subject
from server.intents.models import Intent
from server.intents.service import Begun, IntentAsk, IntentDesk
from server.providers.face import Outcome
from server.providers.face.local import LocalFace
from server.seed import DemoPerson
from tests.factories.people import People
from tests.factories.product import WEI, Product

SEAL = {"seal": "seal-1"}


@dataclass
class Intents:
    """The desk, with one session at it."""

    product: Product
    session: AccountSession
    person: DemoPerson = WEI

    @classmethod
    def of(cls, product: Product, person: DemoPerson = WEI) -> "Intents":
        return cls(product, People(product).log_in_by(person.phone), person)

    @property
    def db(self) -> Database:
        return self.product.parts.db

    @property
    def desk(self) -> IntentDesk:
        return self.product.parts.intent_desk

    def begin(
        self,
        method: IntentMethod = IntentMethod.PIN,
        action: Action = Action.SUSPEND_SEAL,
        parameters: Mapping[str, str] | None = None,
    ) -> Begun:
        with self.db.begin() as uow:
            uow.session.execute(delete(SmsCode))  # as if the last one were long ago
        subject = Subject(action, SEAL if parameters is None else parameters)
        return self.desk.begin(IntentAsk(self.session, subject, method, "127.0.0.1", consent=True))

    def prove(self, begun: Begun) -> str:
        """By whatever method it was begun with, rightly; the intent's id."""
        intent = begun.intent
        if intent.method == IntentMethod.PIN:
            self.desk.prove_pin(self.session, intent.id, self.person.pin)
        elif intent.method == IntentMethod.SMS:
            self.desk.prove_sms(self.session, intent.id, self.code())
        else:
            self.show_face(intent.face_check_id or "")
            assert self.desk.prove_face(self.session, intent.id) == Outcome.PASSED
        return intent.id

    def proved(
        self,
        method: IntentMethod = IntentMethod.PIN,
        action: Action = Action.SUSPEND_SEAL,
        parameters: Mapping[str, str] | None = None,
    ) -> str:
        return self.prove(self.begin(method, action, parameters))

    def code(self) -> str:
        return People(self.product).sent()

    def show_face(self, check_id: str, *, passes: bool = True) -> None:
        with self.db.read() as uow:
            reference = uow.session.get_one(FaceCheck, check_id).reference
        face = self.product.parts.providers.face
        assert isinstance(face, LocalFace)
        face.decide(reference, passes=passes)

    def spend(
        self,
        intent_id: str,
        action: Action = Action.SUSPEND_SEAL,
        parameters: Mapping[str, str] | None = None,
    ) -> Intent:
        subject = Subject(action, SEAL if parameters is None else parameters)
        with self.db.begin() as uow:
            return service.spend(uow, intent_id=intent_id, session=self.session, subject=subject)
