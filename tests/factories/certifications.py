"""Applications whose people certify by the links in their text messages."""

import re
from dataclasses import dataclass

from server.applications import certification, certification_steps
from server.applications.certification import Visit
from server.applications.certification_desk import CertificationDesk
from server.applications.certification_models import Certification
from server.applications.models import Application, Way
from server.providers.face import Outcome
from server.providers.face.local import LocalFace
from server.seals.models import SealKind
from tests.factories.applications import AGENT, STROKES, Applicant
from tests.factories.product import WEI, Product


@dataclass
class Certifying:
    """One application that waits for its people; each has a browser of his own."""

    product: Product
    application_id: str
    applicant: Applicant
    phones: tuple[str, str]

    @classmethod
    def begun(
        cls, product: Product, way: Way = Way.FULL, agent: tuple[str, str, str] | None = AGENT
    ) -> "Certifying":
        """Submitted, reviewed by the registry's word, and the first text is sent."""
        applicant = Applicant(product)
        kinds = (SealKind.SQUARE,) if way == Way.PERSONAL else (SealKind.COMPANY, SealKind.FINANCE)
        application_id = applicant.filled(way, kinds, agent=agent)
        applicant.submit(application_id)
        product.work()
        phones = (WEI.phone, agent[2] if agent else WEI.phone)
        return cls(product, application_id, applicant, phones)

    @property
    def desk(self) -> CertificationDesk:
        return self.product.parts.certification_desk

    @property
    def application(self) -> Application:
        with self.product.parts.db.read() as uow:
            return uow.session.get_one(Application, self.application_id)

    def row(self, turn: int = 1) -> Certification:
        with self.product.parts.db.read() as uow:
            return certification.of(uow, self.application_id)[turn - 1]

    def links(self, phone: str) -> list[str]:
        """The tokens that were sent to a phone, the newest first."""
        texts = [one.text for one in self.product.sms.messages() if one.phone == phone]
        return [token for text in texts for token in re.findall(r"/m/certify/([\w-]+)", text)]

    def visit(self, turn: int = 1, browser: str = "") -> Visit:
        """By the newest link of this turn, in its person's browser."""
        phone = self.phones[turn - 1]
        return Visit(self.links(phone)[0], browser or f"the browser of turn {turn}")

    def open(self, visit: Visit) -> Certification:
        with self.product.parts.db.begin() as uow:
            return certification_steps.open_link(uow, visit)

    def read(self, visit: Visit) -> Certification:
        with self.product.parts.db.begin() as uow:
            return certification_steps.note_read(uow, visit)

    def show_face(self, visit: Visit, *, passes: bool = True) -> Outcome:
        started = self.desk.begin_face(visit, consent=True)
        assert isinstance(self.product.parts.providers.face, LocalFace)
        self.product.parts.providers.face.decide(started.reference, passes=passes)
        return self.desk.settle_face(visit)

    def identify(self, visit: Visit) -> Certification:
        with self.product.parts.db.begin() as uow:
            return certification_steps.identify(uow, visit)

    def identified(self, turn: int = 1, browser: str = "") -> Visit:
        """All steps but the signature."""
        visit = self.visit(turn, browser)
        self.open(visit)
        self.read(visit)
        assert self.show_face(visit) == Outcome.PASSED
        self.identify(visit)
        return visit

    def certify(self, turn: int = 1, browser: str = "") -> Visit:
        """All steps of one turn."""
        visit = self.identified(turn, browser)
        self.desk.sign(visit, STROKES)
        self.product.work()
        return visit
