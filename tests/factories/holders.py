"""People who download a certificate, forget its PIN, and hold keys of companies."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from server.accounts.codes import CodeProof
from server.accounts.faces import FaceDesk, FacePurpose
from server.accounts.fresh_proofs import DOWNLOAD_CERTIFICATE, RESET_PIN, FaceShown
from server.accounts.models import Account, AccountSession
from server.certificates.models import Certificate, OwnerKind, PersonalKey
from server.certificates.personal_certificate import CertificateDesk
from server.certificates.pins import NewPin
from server.core.db import Database
from server.providers.ca import CertificateAuthority
from server.providers.face.local import LocalFace
from server.seed import DemoPerson
from tests.factories.people import NEW_PHONE, Faces, People, claim
from tests.factories.product import Product

PIN, NEW_PIN = "271828", "314159"


def typed(pin: str, again: str | None = None) -> NewPin:
    return NewPin(pin, pin if again is None else again)


@dataclass
class Holders:
    """The domain's ways to a certificate, for the people of one product."""

    product: Product
    people: People
    faces: Faces

    @classmethod
    def of(cls, product: Product, folder: Path) -> "Holders":
        people, service = People(product), LocalFace(folder / "faces")
        return cls(product, people, Faces(FaceDesk(people.db, people.desk.keys, service), service))

    @property
    def db(self) -> Database:
        return self.product.parts.db

    def desk(self, ca: CertificateAuthority | None = None) -> CertificateDesk:
        desk = self.product.parts.certificate_desk
        return replace(desk, ca=ca) if ca else desk

    def proven(self, phone: str = NEW_PHONE) -> AccountSession:
        """Somebody new whose name a face has proved, logged in."""
        account_id = self.people.register(phone, claim())
        self.faces.passed(account_id)
        return self.people.log_in(account_id)

    def logged_in(self, person: DemoPerson) -> AccountSession:
        return self.people.log_in_by(person.phone)

    def code(self, session: AccountSession) -> CodeProof:
        return self.people.own_proof(session, DOWNLOAD_CERTIFICATE)

    def download(self, session: AccountSession, pin: str = PIN) -> None:
        self.desk().download(session, self.code(session), typed(pin))

    def proofs(self, session: AccountSession) -> tuple[CodeProof, FaceShown]:
        """What a new PIN takes: a code, and a face."""
        shown = self.faces.passed(session.account_id, FacePurpose.RESET_PIN, session.id)
        return self.people.own_proof(session, RESET_PIN), FaceShown(shown)

    def forget_pin(self, session: AccountSession, pin: str = NEW_PIN) -> None:
        self.reset(session, self.proofs(session), pin)

    def reset(
        self, session: AccountSession, proofs: tuple[CodeProof, FaceShown], pin: str = NEW_PIN
    ) -> None:
        self.desk().reset(session, *proofs, typed(pin))

    def person(self, session: AccountSession) -> Account:
        with self.db.read() as uow:
            return uow.session.get_one(Account, session.account_id)

    def key(self, session: AccountSession) -> PersonalKey | None:
        with self.db.read() as uow:
            return uow.session.get(PersonalKey, session.account_id)

    def certificates(self, session: AccountSession) -> list[Certificate]:
        """Every personal certificate that he has had, the oldest first."""
        his = (
            Certificate.owner_kind == OwnerKind.ACCOUNT,
            Certificate.owner_id == session.account_id,
        )
        with self.db.read() as uow:
            rows = select(Certificate).where(*his).order_by(Certificate.id)
            return list(uow.session.scalars(rows))


Prepare = Callable[[Holders], AccountSession]
