"""The name that a person logs in by: his phone, or the number of one of his documents (F-06)."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts.codes import Recipient
from server.accounts.errors import BadName
from server.accounts.id_documents import IdDocument, document_index, read_document
from server.accounts.models import Account
from server.accounts.phones import open_nothing, open_phone, phone_index, read_phone
from server.core.db import Database, UnitOfWork
from server.providers.keys import Keys

RESIDENT = "resident_id"
_RESIDENT_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·・ .'-])*")
LONGEST_NAME = 50


@dataclass(frozen=True)
class LoginName:
    """A name that was typed: `index` finds its account; `is_document` says of which kind it is."""

    index: str
    is_document: bool

    def of(self, uow: UnitOfWork) -> Account | None:
        """The open account of this name, if there is one."""
        column = Account.id_number_index if self.is_document else Account.phone_index
        return uow.session.scalar(
            select(Account).where(column == self.index, Account.closed_at.is_(None))
        )


def read_login_name(keys: Keys, text: str, document_type: str = "") -> LoginName:
    """A phone, a resident's number, or a number of the given document type.

    Raises BadPhone or BadIdNumber, in the same words, and UnknownDocumentType.
    """
    if document_type:
        return of_document(keys, read_document(document_type, text))
    if _RESIDENT_NUMBER.fullmatch("".join(text.split())):
        return of_document(keys, read_document(RESIDENT, text))
    return LoginName(phone_index(keys, read_phone(text)), is_document=False)


def of_document(keys: Keys, document: IdDocument) -> LoginName:
    """The name that a document is."""
    return LoginName(document_index(keys, document), is_document=True)


def recipient(db: Database, keys: Keys, name: LoginName) -> Recipient:
    """Where a code for this name goes: to the account's bound phone, or nowhere."""
    with db.read() as uow:
        account = name.of(uow)
    if account is None or account.phone_sealed is None:
        open_nothing(keys, name.index)
        return Recipient(name.index, None, is_found=True)
    phone = open_phone(keys, account.id, account.phone_sealed)
    return Recipient(name.index, phone, is_found=True)


def read_person_name(text: str) -> str:
    """A person's name, tidied: letters of any script with dots, spaces and hyphens between.

    Raises BadName. `阿不都·热合曼` and `O'Neill` are names, `张三1` is not.
    """
    name = " ".join(text.split())
    if not 1 < len(name) <= LONGEST_NAME or not _NAME.fullmatch(name):
        raise BadName()
    return name
