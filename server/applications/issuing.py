"""Making what was applied for: keys, certificates, seals, in this order, each once (R-08).

Everything outside is asked under the application's own id, so that asking again brings the same
keys, certificates and numbers. What it all leads to is stored in one transaction at the end: the
ring, its holder's copy, the seals, the method. A worker that dies anywhere leaves nothing half
done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from server.applications import service, telling, wanted_seals
from server.applications.errors import (
    CannotApply,
    NotAsRegistered,
    NotRepresentative,
    RingReplaced,
)
from server.applications.lifecycle import ApplicationState, Move
from server.applications.models import KEPT, Application
from server.certificates import method_copies
from server.certificates.held_copies import give_or_hold
from server.certificates.models import Certificate, KeyRequest, KeyRing, OwnerKind, SigningKey
from server.certificates.requests import close_request, fulfil, open_request
from server.certificates.service import OpenRing, Owner, SigningKeys, current_ring, make_ring
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim
from server.enterprises.errors import CompanyStruckOff
from server.enterprises.models import Enterprise
from server.intents import methods
from server.intents.methods import MethodChoice
from server.intents.models import VerificationMethod
from server.pki.authority import Period, Subject
from server.pki.subject_keys import Algorithm
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys
from server.providers.seal_maker import SealMaker
from server.providers.seal_numbers import SealNumbers
from server.seals.models import SealKind
from server.seals.service import NewSeal, PreparedSeal, make_seal, prepare_seal

CERTIFICATE_LIFE: Final = timedelta(days=3 * 365)
# A person's seal is numbered by the region: his own place of birth is nobody's business.
REGION: Final = "450000"
CHANGED: Final = "企业登记信息在申请提交后发生变更，请由现任法定代表人重新申领。"
REFUSALS: Final = (NotAsRegistered, NotRepresentative, CannotApply, CompanyStruckOff)


@dataclass(frozen=True)
class Ring:
    """A ring that the owner has: its seals need only its SM2 certificate (DER), and end with it."""

    id: str
    signer: bytes
    ends: datetime


@dataclass(frozen=True)
class Plan:
    """What is to be made; `ring` is None where the owner gets his first keys, or new ones."""

    application_id: str
    place: str
    kinds: tuple[SealKind, ...]
    ring: Ring | None


@dataclass(frozen=True)
class Outside:
    """Those who have a part in making a seal."""

    ca: CertificateAuthority
    maker: SealMaker
    numbers: SealNumbers


@dataclass(frozen=True)
class Issuer:
    """The handler of `applications.issue`; doing it twice, or by two at once, changes nothing."""

    db: Database
    keys: Keys
    outside: Outside
    keys_by_method: bool = True

    def __call__(self, job: Claim) -> None:
        """Raises CaUnavailable, SealMakerUnavailable, SealNumbersUnavailable, KeysUnavailable:
        the application stays `issuing`, and is tried again.
        """
        job.require_tries_left()
        plan = self._plan(job.payload["application_id"])
        if plan is None:
            return
        issued = None if plan.ring else self._certificates(plan)
        prepared = self._prepare(plan, plan.ring or _ring_of(issued))
        with self.db.begin() as uow:
            self._store(uow, plan, issued, prepared)

    def _plan(self, application_id: str) -> Plan | None:
        """What is still to be made, with the keys of a new ring kept before anybody is asked.

        None when it is done, or when the registry's word forbids it by now.
        """
        with self.db.begin() as uow:
            row = uow.locked(Application, application_id)
            if row.state != ApplicationState.ISSUING or not self._is_allowed(uow, row):
                return None
            ring = ring_of(uow, row)
            if ring is None and uow.session.get(KeyRequest, row.id) is None:
                # Once: the registry may write the same name otherwise by the next try.
                period, owner = _period(row), owner_of(uow, row)
                open_request(uow, self.keys, request_id=row.id, owner=owner, period=period)
            place = uow.session.get_one(Enterprise, row.owner_id).place if row.is_of_company else ""
            return Plan(row.id, place or REGION, tuple(row.kinds), ring)

    def _certificates(self, plan: Plan) -> SigningKeys:
        return fulfil(self.db, self.keys, self.outside.ca, plan.application_id)

    def _prepare(self, plan: Plan, ring: Ring) -> list[PreparedSeal]:
        allot, given = self.outside.numbers.allot, plan.application_id
        numbers = {kind: allot(f"{given} {kind}", plan.place) for kind in plan.kinds}
        seals, now = self._seals(plan, numbers), self.db.clock.now()
        return [
            prepare_seal(self.outside.maker, seal, ring.signer, now, ring.ends) for seal in seals
        ]

    def _seals(self, plan: Plan, numbers: dict[SealKind, str]) -> list[NewSeal]:
        with self.db.read() as uow:
            row = uow.session.get_one(Application, plan.application_id)
            return wanted_seals.of(uow, row, numbers)

    def _store(
        self,
        uow: UnitOfWork,
        plan: Plan,
        issued: SigningKeys | None,
        prepared: Sequence[PreparedSeal],
    ) -> None:
        row = uow.locked(Application, plan.application_id)
        if row.state != ApplicationState.ISSUING or not self._is_allowed(uow, row):
            return
        if plan.ring is not None:
            uow.locked(KeyRing, plan.ring.id)
        uow.queue_up(f"rings of {row.owner_id}")
        # Also when its certificates were renewed: the seals were made for the former ones.
        if ring_of(uow, row) != plan.ring:
            raise RingReplaced()
        opened = make_ring(uow, issued) if issued else None
        if opened is not None:
            give_or_hold(uow, self.keys, opened, row.applicant_id)
        ring = opened.ring if opened else _existing(uow, plan)
        service.require_free(uow, row)
        made = [make_seal(uow, ring, one) for one in prepared]
        _close(uow, row)
        _choose_method(uow, row)
        if opened is not None and self.keys_by_method:
            self._keep_for_method(uow, row, opened)
        row.move(Move.FINISH, uow.now)
        told = {"seals": [seal.id for seal in made], "ring": ring.id}
        audit.record(uow, "application.done", actor="system", subject=row.id, **told)
        telling.done(uow, row)

    def _keep_for_method(self, uow: UnitOfWork, row: Application, opened: OpenRing) -> None:
        """Who chose another method than the PIN signs by it from the first day (F-48)."""
        method = methods.method_of(uow, OwnerKind(row.owner_kind), row.owner_id)
        if method != VerificationMethod.PIN:
            method_copies.keep(uow, self.keys, opened, row.applicant_id)

    def _is_allowed(self, uow: UnitOfWork, row: Application) -> bool:
        """Whether the registry still stands by it; else it is refused, and its keys are wiped."""
        try:
            service.require_agreed(uow, row)
        except REFUSALS:
            service.refuse(uow, row, CHANGED)
            _close(uow, row)
            return False
        return True


def ring_of(uow: UnitOfWork, row: Application) -> Ring | None:
    """The owner's present ring, if its certificates are good."""
    ring = current_ring(uow, OwnerKind(row.owner_kind), row.owner_id)
    if ring is None:
        return None
    keys = select(SigningKey.algorithm, Certificate).join(
        Certificate, Certificate.id == SigningKey.certificate_id
    )
    found = uow.session.execute(keys.where(SigningKey.ring_id == ring.id)).all()
    by_kind = dict(found)
    if not all(certificate.is_good(uow.now) for certificate in by_kind.values()):
        return None
    ends = min(certificate.not_after for certificate in by_kind.values())
    return Ring(ring.id, by_kind[Algorithm.SM2].der, ends)


def owner_of(uow: UnitOfWork, row: Application) -> Owner:
    """Whose certificates are asked for, in the registered words."""
    if not row.is_of_company:
        named = Subject.of_person(wanted_seals.person(uow, row), row.owner_id)
        return Owner(OwnerKind.ACCOUNT, row.owner_id, named)
    company = uow.session.get_one(Enterprise, row.owner_id)
    return Owner(OwnerKind.ENTERPRISE, company.id, Subject.of_company(company.name, company.code))


def _ring_of(issued: SigningKeys | None) -> Ring:
    if issued is None:
        raise RingReplaced()
    return Ring("", issued.sm2.answer.certificate, issued.sm2.period.ends)


def _period(row: Application) -> Period:
    """From when issuing began: the same however often it is tried."""
    began = datetime.fromisoformat(row.steps[-1][1]).replace(microsecond=0)
    return Period(began, began + CERTIFICATE_LIFE)


def _existing(uow: UnitOfWork, plan: Plan) -> KeyRing:
    if plan.ring is None:
        raise RingReplaced()
    return uow.session.get_one(KeyRing, plan.ring.id)


def _close(uow: UnitOfWork, row: Application) -> None:
    """Wipe what `open_request` kept, also where another ring has come meanwhile."""
    if uow.session.get(KeyRequest, row.id) is not None:
        close_request(uow, row.id)


def _choose_method(uow: UnitOfWork, row: Application) -> None:
    if row.method and row.method_digest != KEPT:
        choice = MethodChoice(VerificationMethod(row.method), row.method_digest)
        kind, by = OwnerKind(row.owner_kind), row.applicant_id
        methods.set_method(uow, kind, row.owner_id, choice, by=by)
        row.method_digest = KEPT  # the owner's row has it now
