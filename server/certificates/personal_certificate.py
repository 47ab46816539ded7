"""A person's certificate and signing PIN: downloaded, changed, made anew (A3-A4, F-14, P-40).

Downloading and making anew have the same steps, so that they may break off anywhere and be sent
again (R-08): one transaction spends the code and keeps the key pair, none is open while the
authority is asked and the PIN stretched, and another keeps what came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from server.accounts import faces, fresh_proofs
from server.accounts.codes import CodeProof
from server.accounts.errors import FaceNotPassed, RealNameNeeded
from server.accounts.faces import FacePurpose
from server.accounts.fresh_proofs import DOWNLOAD_CERTIFICATE, RESET_PIN, Act, FaceShown
from server.accounts.models import Account, AccountSession, SmsCode
from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates import held_copies, rekeying, requests, service
from server.certificates.errors import (
    CertificateHeld,
    NoCertificate,
    PinExchanged,
    PinUnchanged,
    RequestClosed,
    WrongPin,
)
from server.certificates.jobs import revoke
from server.certificates.models import Certificate, KeyRequest, OwnerKind, PersonalKey, RequestedKey
from server.certificates.pins import NewPin, known_numbers, same
from server.certificates.service import Owner
from server.certificates.unlock import attempts_key, open_person
from server.core import audit, jobs
from server.core.db import Database, UnitOfWork
from server.core.ids import new_id
from server.core.limits import forgive_within
from server.pki.authority import Period, Subject
from server.pki.revocation import RevocationReason
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys

LIFE = timedelta(days=3 * 365)
DOWNLOADED = "certificates.downloaded"
"""The job by which grants learn that somebody has a certificate now."""

# What its owner hears of each event; the first two bring a new PIN too.
TOLD = {
    "certificate.downloaded": News.CERTIFICATE_DOWNLOADED,
    "pin.reset": News.CERTIFICATE_DOWNLOADED,
    "pin.changed": News.PIN_CHANGED,
}
Keep = Callable[[UnitOfWork, Certificate], None]


@dataclass(frozen=True)
class CertificateDesk:
    """Serves a person who is logged in; `end_pages` ends his pages' rights to seal."""

    db: Database
    keys: Keys
    ca: CertificateAuthority
    end_pages: Callable[[UnitOfWork, str], None]

    def download(self, session: AccountSession, proof: CodeProof, new: NewPin) -> None:
        """His first certificate, under a PIN of his own. The same code again is the same request.

        Raises PinsDiffer, BadPin, PinTooPlain, LoginNeeded, RealNameNeeded, WrongCode, CodeExpired,
        CertificateHeld; CaUnavailable, after which the same request may be sent again.
        """
        pin, account_id = self._chosen(session, new), session.account_id
        with self.db.begin() as uow:
            account, code = _asking(uow, session, proof, DOWNLOAD_CERTIFICATE)
            request = _last_request(uow, account_id)
            if request is None or request.asked_by != code.id:
                code.use(uow.now)
                if uow.session.get(PersonalKey, account_id) is not None:
                    raise CertificateHeld()
                request = self._asked(uow, request, account, code)

        def keep(uow: UnitOfWork, certificate: Certificate) -> None:
            jobs.enqueue(uow, DOWNLOADED, account_id=account_id)
            _note(uow, "certificate.downloaded", account_id, serial=certificate.serial)

        self._certify(request, pin, keep)

    def reset(
        self, session: AccountSession, proof: CodeProof, face: FaceShown, new: NewPin
    ) -> None:
        """For a forgotten PIN: another certificate and wrapping key, and no lock (S-21).

        What was sealed to the old key is lost: rings of his own are replaced. Raises what
        `download` does; NoCertificate, FaceNotPassed.
        """
        pin, account_id = self._chosen(session, new), session.account_id
        with self.db.begin() as uow:
            account, code = _asking(uow, session, proof, RESET_PIN)
            request = _last_request(uow, account_id)
            if request is None or request.asked_by != code.id:
                code.use(uow.now)
                if uow.session.get(PersonalKey, account_id) is None:
                    raise NoCertificate()
                check = face.check_id
                if faces.spend(uow, check, FacePurpose.RESET_PIN, session.id) != account_id:
                    raise FaceNotPassed()
                request = self._asked(uow, request, account, code)

        def keep(uow: UnitOfWork, certificate: Certificate) -> None:
            before = uow.session.get_one(
                Certificate, uow.session.get_one(PersonalKey, account_id).certificate_id
            )
            revoke(uow, before, RevocationReason.SUPERSEDED)
            forgive_within(uow, attempts_key(account_id))
            rekeying.lose_copies(uow, self.keys, account_id)
            self.end_pages(uow, account_id)
            facts = {"serial": certificate.serial, "before": before.serial}
            _note(uow, "pin.reset", account_id, **facts)

        self._certify(request, pin, keep)

    def change(self, session: AccountSession, old: str, new: NewPin) -> None:
        """Another PIN for the same certificate; the old one is tried like any other (S-21).

        Raises PinsDiffer, BadPin, PinTooPlain, NoCertificate, PinLocked, WrongPin, PinUnchanged,
        PinExchanged.
        """
        pin, account_id = self._chosen(session, new), session.account_id
        with self.db.read() as uow:
            before = uow.session.get(PersonalKey, account_id)
        person = open_person(self.db, self.keys, account_id, old)
        if before is None:
            raise PinExchanged()
        if same(pin, old):
            raise PinUnchanged()
        now = PersonalKey(account_id=account_id, version=before.version)
        service.close_under(self.keys, now, person.wrapping_key.private_bytes_raw(), pin)
        with self.db.begin() as uow:
            fresh_proofs.own_account(uow, session)
            row = uow.locked(PersonalKey, account_id)
            changed = row.closed == before.closed
            if changed:
                row.salt, row.closed = now.salt, now.closed
                _note(uow, "pin.changed", account_id)
        if not changed:
            self._require_exchanged_for(account_id, pin)

    def _require_exchanged_for(self, account_id: str, pin: str) -> None:
        """Another request was quicker: it may have been this one, sent twice at once."""
        try:
            open_person(self.db, self.keys, account_id, pin)
        except WrongPin:
            raise PinExchanged() from None

    def _chosen(self, session: AccountSession, new: NewPin) -> str:
        with self.db.read() as uow:
            account = uow.session.get_one(Account, session.account_id)
        return new.chosen(*known_numbers(self.keys, account))

    def _asked(
        self, uow: UnitOfWork, last: KeyRequest | None, account: Account, code: SmsCode
    ) -> KeyRequest:
        """The request that is open, as its answer was lost, or a new one."""
        if last is None or last.closed_at is not None or last.subject_name != account.name:
            request_id, starts = new_id("own"), uow.now.replace(microsecond=0)
            subject = Subject.of_person(account.name, account.id)
            requests.open_personal_request(
                uow,
                self.keys,
                request_id=request_id,
                owner=Owner(OwnerKind.ACCOUNT, account.id, subject),
                period=Period(starts, starts + LIFE),
            )
            last = uow.session.get_one(KeyRequest, request_id)
        last.asked_by = code.id
        return last

    def _certify(self, request: KeyRequest, pin: str, keep: Keep) -> None:
        account_id = request.owner_id
        if not self._is_certified_now(request, pin, keep):
            # Sent again after it was done: the answer is the same for the same PIN alone.
            open_person(self.db, self.keys, account_id, pin)
        held_copies.settle(self.db, self.keys, account_id)

    def _is_certified_now(self, request: KeyRequest, pin: str, keep: Keep) -> bool:
        """Whether this very call has kept the certificate; another may have been quicker."""
        try:
            issued = requests.fulfil_personal(self.db, self.keys, self.ca, request.id)
        except RequestClosed:
            return False
        with self.db.read() as uow:
            now, before = uow.now, uow.session.get(PersonalKey, request.owner_id)
        version = before.version + 1 if before else 1
        key = service.prepare_personal_key(self.keys, issued, pin, now, version)
        with self.db.begin() as uow:
            held_copies.queue_for(uow, request.owner_id)
            if uow.locked(KeyRequest, request.id).closed_at is not None:
                return False
            certificate = service.store_certificate(uow, issued, requests.WRAPPING)
            keep(uow, certificate)
            key.certificate_id = certificate.id
            uow.session.merge(key)
            requests.close_request(uow, request.id)
        return True


def _asking(
    uow: UnitOfWork, session: AccountSession, proof: CodeProof, act: Act
) -> tuple[Account, SmsCode]:
    """The account behind a login, and the code that came to its phone, spent or not."""
    account = fresh_proofs.own_account(uow, session)
    if not account.proven:
        raise RealNameNeeded()
    code = fresh_proofs.find_code(uow, session, proof, act.code, account.phone_index)
    return account, code


def _last_request(uow: UnitOfWork, account_id: str) -> KeyRequest | None:
    """What was asked for last for a person's wrapping key."""
    his = (KeyRequest.owner_kind == OwnerKind.ACCOUNT, KeyRequest.owner_id == account_id)
    return uow.session.scalars(
        select(KeyRequest)
        .join(RequestedKey, RequestedKey.request_id == KeyRequest.id)
        .where(*his, RequestedKey.kind == requests.WRAPPING)
        .order_by(KeyRequest.opened_at.desc(), KeyRequest.id.desc())
        .limit(1)
    ).first()


def _note(uow: UnitOfWork, event: str, account_id: str, **facts: str) -> None:
    audit.record(uow, event, actor=account_id, subject=account_id, **facts)
    about: About = {"subject": account_id, "words": {}}
    tell(uow, account_id, TOLD[event], **about)
