"""Another phone for an account: its code proves the new one, a fresh proof the owner (P-38)."""

from dataclasses import dataclass, field

from server.accounts import fresh_proofs, notices, registration, sessions
from server.accounts.codes import CodeAsk, CodeDesk, CodeProof, Purpose, to_phone
from server.accounts.errors import PhoneTaken
from server.accounts.fresh_proofs import CHANGE_PHONE, FreshProof
from server.accounts.models import Account, AccountSession
from server.accounts.news import News
from server.accounts.phones import phone_index, read_phone, seal_phone
from server.core import audit
from server.core.db import UnitOfWork
from server.providers.keys import Keys


@dataclass(frozen=True)
class NewPhone:
    """A phone, closed for the row of one account."""

    account_id: str
    index: str
    sealed: bytes = field(repr=False)


def ask_new(desk: CodeDesk, session: AccountSession, phone: str, address: str) -> CodeAsk:
    """The code to the new phone, for `desk.send` and `desk.prove`. Raises BadPhone.

    It is sent whether or not another account has that phone: only its holder may learn so.
    """
    return CodeAsk(to_phone(desk.keys, phone), Purpose.NEW_PHONE, address, session.id)


def prepare(keys: Keys, account_id: str, phone: str) -> NewPhone:
    """Close the new phone before the transaction begins. Raises BadPhone."""
    number = read_phone(phone)
    return NewPhone(account_id, phone_index(keys, number), seal_phone(keys, account_id, number))


def change(
    uow: UnitOfWork, session: AccountSession, new: NewPhone, of_new: CodeProof, old: FreshProof
) -> Account:
    """Bind the new phone; every other session ends, and nothing finds the account by the old one.

    `old` proves the person (fresh_proofs.CHANGE_PHONE), `of_new` that he holds the new phone.
    Raises what `fresh_proofs.spend` does, and PhoneTaken.
    """
    account = fresh_proofs.spend(uow, session, old, CHANGE_PHONE)
    if new.account_id != account.id:
        raise ValueError("a phone that was closed for another account")
    fresh_proofs.spend_code(uow, session, of_new, Purpose.NEW_PHONE, new.index)
    registration.queue_for_phone(uow, new.index)
    other = registration.by_phone(uow, new.index)
    if other is not None and other.id != account.id:
        raise PhoneTaken()
    account.phone_index, account.phone_sealed = new.index, new.sealed
    ended = sessions.end_all(uow, account.id, but=session.id)
    told = {"sessions_ended": ended}
    notices.tell(uow, account.id, News.PHONE_CHANGED, subject=account.id, words={})
    audit.record(uow, "account.phone_changed", actor=account.id, subject=account.id, **told)
    return account
