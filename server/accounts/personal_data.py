"""Everything that we hold about one person, for himself (PIPL 45): as JSON, in the clear.

Each package says what of its tables names him, in a `Section`; `server/persons.py` puts them
together. Secrets are left out: tokens, digests and keys tell him nothing and open something.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from server.accounts import fresh_proofs, identities
from server.accounts.fresh_proofs import TAKE_DATA, FreshProof
from server.accounts.id_documents import open_number
from server.accounts.models import (
    Account,
    AccountSession,
    Consent,
    FaceCheck,
    Identity,
    Subscription,
)
from server.accounts.notice_models import Notice, TextMessage
from server.accounts.phones import open_phone
from server.accounts.security_log import WORDS
from server.core import audit
from server.core.audit import AuditRow
from server.core.db import Base, UnitOfWork
from server.providers.keys import Keys

Records = dict[str, list[dict[str, Any]]]
Section = Callable[[UnitOfWork, str], Records]


@dataclass(frozen=True)
class PersonalData:
    """What was gathered; phone, number and names at other houses are still closed."""

    account: Account
    at: datetime
    identities: Sequence[Identity] = field(repr=False)
    records: Mapping[str, Any] = field(repr=False)

    def opened(self, keys: Keys) -> dict[str, Any]:
        """The whole as JSON values; asks the key holder, so outside any transaction."""
        account, number = self.account, self.account.id_number_sealed
        phone = account.phone_sealed
        person = {
            **_values(account, ACCOUNT),
            "phone": open_phone(keys, account.id, phone) if phone else None,
            "document_number": open_number(keys, account.id, number) if number else None,
        }
        houses = [
            {**_values(one, IDENTITY), "subject": identities.open_subject(keys, one)}
            for one in self.identities
        ]
        return {
            "taken_at": self.at.isoformat(),
            "account": person,
            "identities": houses,
            **self.records,
        }


ACCOUNT = ("id", "name", "document_type", "level", "created_at", "first_login_at")
IDENTITY = ("kind", "app", "created_at", "bound_at")
SESSION = ("kind", "means", "user_agent", "address", "created_at", "expires_at", "ended_at")
CONSENT = ("kind", "version", "given_at", "withdrawn_at")
TEXT = ("template", "state", "created_at", "settled_at")
NOTICE = ("news", "words", "created_at", "read_at")
FACE = ("purpose", "state", "result_id", "score", "started_at", "settled_at")


def take(
    uow: UnitOfWork, session: AccountSession, proof: FreshProof, sections: Sequence[Section]
) -> PersonalData:
    """Gather all about the person of this session. Raises what `fresh_proofs.spend` does."""
    account = fresh_proofs.spend(uow, session, proof, TAKE_DATA)
    records: Records = {}
    for section in (of_accounts, *sections):
        records.update(section(uow, account.id))
    audit.record(uow, "account.data_taken", actor=account.id, subject=account.id)
    mine = select(Identity).where(Identity.account_id == account.id).order_by(Identity.id)
    return PersonalData(account, uow.now, uow.session.scalars(mine).all(), records)


def of_accounts(uow: UnitOfWork, account_id: str) -> Records:
    """Logins, consents, face checks, messages, and what the audit trail says of him."""
    bound = select(Identity.id).where(Identity.account_id == account_id)
    told = select(AuditRow).where(AuditRow.subject == account_id, AuditRow.event.in_(WORDS))
    return {
        "logins": rows(uow, of(AccountSession, account_id), SESSION),
        "consents": rows(uow, of(Consent, account_id), CONSENT),
        "face_checks": rows(uow, of(FaceCheck, account_id), FACE),
        "subscriptions": rows(
            uow,
            select(Subscription).where(Subscription.identity_id.in_(bound)),
            ("template", "left", "changed_at"),
        ),
        "messages": rows(uow, of(Notice, account_id), NOTICE),
        "texts": rows(uow, of(TextMessage, account_id), TEXT),
        "security_log": rows(uow, told.order_by(AuditRow.seq), ("at", "event")),
    }


def of(kind: type[Any], account_id: str) -> Select[Any]:
    """The rows of a table that name the account by `account_id`, the oldest first."""
    return select(kind).where(kind.account_id == account_id).order_by(kind.id)


def rows(uow: UnitOfWork, wanted: Select[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    """These columns of these rows, as JSON values."""
    return [_values(row, columns) for row in uow.session.scalars(wanted)]


def _values(row: Base, columns: Sequence[str]) -> dict[str, Any]:
    return {name: _json(getattr(row, name)) for name in columns}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
