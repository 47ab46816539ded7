"""Registering a person: by a proved phone alone, or with a name and a document (F-02, F-03)."""

from dataclasses import dataclass, field

from sqlalchemy import select, update

from server.accounts import codes, consents, notices
from server.accounts.codes import CodeProof, Purpose
from server.accounts.consents import Agreement
from server.accounts.errors import WrongCode
from server.accounts.id_documents import IdDocument, document_index, seal_number
from server.accounts.models import Account, FaceCheck, FaceState, Level, Means
from server.accounts.names import read_person_name
from server.accounts.news import News
from server.accounts.phones import seal_phone
from server.accounts.sessions import Device, end_all, open_session
from server.core import audit, jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys

# The job that asks the registry for the companies of a person; companies are above this layer.
LOOK_UP_COMPANIES = "enterprises.look_up"


@dataclass(frozen=True)
class Declared:
    """The name and the document that a person says are his; nobody has proved them yet."""

    name: str
    document: IdDocument
    consent_to_id_number: bool


@dataclass(frozen=True)
class SealedDocument:
    """A declared document, closed for the row of one account."""

    account_id: str
    name: str
    type: str
    index: str
    number: bytes = field(repr=False)


@dataclass(frozen=True)
class NewPerson:
    """All that a new account holds, closed before the transaction begins."""

    account_id: str
    phone: bytes = field(repr=False)
    document: SealedDocument | None


def prepare(keys: Keys, phone: str, declared: Declared | None = None) -> NewPerson:
    """Close phone and document for a new account. BadName, ConsentNeeded."""
    account_id = new_id("acc")
    document = close_document(keys, account_id, declared) if declared else None
    return NewPerson(account_id, seal_phone(keys, account_id, phone), document)


def close_document(keys: Keys, account_id: str, declared: Declared) -> SealedDocument:
    """Close a document for one account's row. BadName, ConsentNeeded."""
    name = read_person_name(declared.name)
    consents.require_said(declared.consent_to_id_number, Agreement.ID_NUMBER)
    document = declared.document
    number = seal_number(keys, account_id, document)
    return SealedDocument(account_id, name, document.type, document_index(keys, document), number)


def register(
    uow: UnitOfWork, new: NewPerson, proof: CodeProof, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Spend the code and make the account, or come in by the one that has this phone already.

    Raises AgreementsNotTicked, WrongCode, CodeExpired.
    """
    consents.require_ticked(agreed)
    if proof.purpose != Purpose.ENTER:
        raise WrongCode()
    codes.spend(uow, proof)
    account = account_of_phone(uow, new, proof.to.index)
    return let_in(uow, account, device, Means.REGISTRATION)


def account_of_phone(uow: UnitOfWork, new: NewPerson, index: str) -> Account:
    """The account of a phone that was just proved, made of `new` where there is none."""
    queue_for_phone(uow, index)
    account = by_phone(uow, index)
    if account is not None:
        return account
    account = Account(
        id=new.account_id,
        name="",
        phone_index=index,
        phone_sealed=new.phone,
        level=Level.PHONE,
        created_at=uow.now,
    )
    uow.session.add(account)
    uow.session.flush()
    audit.record(uow, "account.registered", actor=account.id, subject=account.id)
    if new.document is not None:
        declare(uow, account, new.document)
    return account


def let_in(uow: UnitOfWork, account: Account, device: Device, means: Means) -> tuple[Account, str]:
    """Open a session for somebody who has ticked the agreements; the account and its token."""
    consents.give(uow, account.id)
    return account, open_session(uow, account, device, means)


def declare(uow: UnitOfWork, account: Account, document: SealedDocument) -> None:
    """Note name and document on a phone-only account (P-37); a proven one keeps what was proved.

    The number finds the account only once it is proved: a claim takes nothing away, and does not
    tell whether somebody else has made it before. Face checks that were begun for another
    document end here.
    """
    account = uow.locked(Account, account.id)
    if account.proven:
        return
    account.name, account.document_type = document.name, document.type
    account.id_number_sealed, account.level = document.number, Level.DECLARED
    begun = (FaceCheck.account_id == account.id, FaceCheck.state == FaceState.STARTED)
    uow.session.execute(update(FaceCheck).where(*begun).values(state=FaceState.FAILED))
    consents.give(uow, account.id, (Agreement.ID_NUMBER,))
    audit.record(uow, "account.declared", actor=account.id, subject=account.id)


def prove(uow: UnitOfWork, account: Account, index: str) -> None:
    """A face has shown that the document is this person's; it finds no other account any more.

    An account that had proved it before may be in other hands, as its phone may be: it keeps a
    claim, and its sessions end. Its companies move to this one by the job.
    """
    others = select(Account).where(Account.id_number_index == index, Account.id != account.id)
    for other in uow.session.scalars(others):
        other.id_number_index, other.level = None, Level.DECLARED
        end_all(uow, other.id)
        notices.tell(uow, other.id, News.ID_NUMBER_MOVED, subject=other.id, words={})
        audit.record(uow, "account.id_number_moved", actor=account.id, subject=other.id)
    uow.session.flush()
    account.id_number_index, account.level = index, Level.PROVEN
    audit.record(uow, "account.proven", actor=account.id, subject=account.id)
    jobs.enqueue(uow, LOOK_UP_COMPANIES, account_id=account.id)


def queue_for_phone(uow: UnitOfWork, index: str) -> None:
    """One transaction at a time may find out whether a phone is free, and take it."""
    uow.queue_up(f"phone {index}")


def by_phone(uow: UnitOfWork, index: str) -> Account | None:
    """The open account with this phone."""
    return uow.session.scalar(
        select(Account).where(Account.phone_index == index, Account.closed_at.is_(None))
    )
