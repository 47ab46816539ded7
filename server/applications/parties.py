"""The people whom an application names: read, closed, kept, and opened again to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from server.accounts import consents
from server.accounts.consents import Agreement
from server.accounts.id_documents import (
    IdDocument,
    document_index,
    open_number,
    read_document,
    read_number,
    seal_number,
)
from server.accounts.models import Account
from server.accounts.names import read_person_name
from server.accounts.phones import open_phone, phone_index, read_phone, seal_phone
from server.applications.errors import ApplicationIncomplete
from server.applications.models import Application, Party, PartyRole, Way
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys

ROLES = {
    Way.FAST: (),
    Way.FULL: (PartyRole.REPRESENTATIVE, PartyRole.AGENT),
    Way.PERSONAL: (PartyRole.PERSON,),
}


@dataclass(frozen=True)
class PartyForm:
    """What was typed about a person. An empty field of the applicant's own is taken from his
    account: his number need not be typed again (P-47).
    """

    role: PartyRole
    name: str = ""
    document_type: str = ""
    number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    consent_to_id_number: bool = False


@dataclass(frozen=True)
class SealedParty:
    """A person, closed for his row."""

    id: str
    role: PartyRole
    name: str
    document_type: str
    number_index: str
    number: bytes = field(repr=False)
    phone_index: str
    phone: bytes = field(repr=False)


@dataclass(frozen=True)
class Person:
    """A party in the clear, to reach him and to ask for his face; never kept."""

    role: PartyRole
    name: str
    document: IdDocument
    phone: str = field(repr=False)


def of_applicant(keys: Keys, account: Account, role: PartyRole) -> PartyForm:
    """What is known of the applicant himself, in the clear."""
    number, phone = account.id_number_sealed, account.phone_sealed
    return PartyForm(
        role,
        account.name,
        account.document_type,
        open_number(keys, account.id, number) if number else "",
        open_phone(keys, account.id, phone) if phone else "",
        consent_to_id_number=True,
    )


def prepare(keys: Keys, form: PartyForm, applicant: Account) -> SealedParty:
    """Close a person for his row; asks the key holder, so outside any transaction.

    Raises BadName, BadIdNumber, UnknownDocumentType, BadPhone, ConsentNeeded.
    """
    form = _completed(keys, form, applicant)
    consents.require_said(form.consent_to_id_number, Agreement.ID_NUMBER)
    name, phone = read_person_name(form.name), read_phone(form.phone)
    typed = form.document_type, form.number
    document = read_document(*typed) if form.document_type else read_number(form.number)
    party_id = new_id("pty")
    return SealedParty(
        party_id,
        form.role,
        name,
        document.type,
        document_index(keys, document),
        seal_number(keys, party_id, document),
        phone_index(keys, phone),
        seal_phone(keys, party_id, phone),
    )


def _completed(keys: Keys, form: PartyForm, applicant: Account) -> PartyForm:
    """The representative and the person himself are the applicant; the agent is who is named."""
    if form.role == PartyRole.AGENT and (form.name or form.number):
        return form
    own = of_applicant(keys, applicant, form.role)
    kept = (own.name, own.document_type, own.number)
    typed = (form.name, form.document_type, form.number) if form.number else kept
    return PartyForm(form.role, *typed, form.phone or own.phone, consent_to_id_number=True)


def keep(uow: UnitOfWork, application: Application, given: Sequence[SealedParty]) -> None:
    """Put these people into the application, each in the place of who had his role."""
    allowed = ROLES[Way(application.way)]
    for one in given:
        if one.role not in allowed:
            raise ApplicationIncomplete(missing=[f"party:{role}" for role in allowed])
        uow.session.execute(
            delete(Party).where(Party.application_id == application.id, Party.role == one.role)
        )
        uow.session.add(
            Party(
                id=one.id,
                application_id=application.id,
                role=one.role,
                name=one.name,
                document_type=one.document_type,
                number_index=one.number_index,
                number_sealed=one.number,
                phone_index=one.phone_index,
                phone_sealed=one.phone,
                consented_at=uow.now,
            )
        )
        uow.session.flush()


def of(uow: UnitOfWork, application_id: str) -> dict[PartyRole, Party]:
    """The people of an application by their roles."""
    rows = uow.session.scalars(select(Party).where(Party.application_id == application_id))
    return {PartyRole(row.role): row for row in rows}


def opened(keys: Keys, party: Party) -> Person:
    """A party in the clear; asks the key holder, so outside any transaction."""
    document = IdDocument(party.document_type, open_number(keys, party.id, party.number_sealed))
    phone = open_phone(keys, party.id, party.phone_sealed)
    return Person(PartyRole(party.role), party.name, document, phone)


def is_one_person(parties: dict[PartyRole, Party]) -> bool:
    """Whether representative and agent are the same: then he certifies twice (F-16)."""
    representative = parties.get(PartyRole.REPRESENTATIVE)
    agent = parties.get(PartyRole.AGENT)
    if representative is None or agent is None:
        return False
    return representative.number_index == agent.number_index
