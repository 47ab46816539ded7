"""Logins: opened under a fresh token, listed, ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from server.accounts import consents, notices
from server.accounts.errors import LoginNeeded, LoginNotFound
from server.accounts.models import Account, AccountSession, DeviceKind, Means
from server.accounts.news import News
from server.accounts.notices import About
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret

# Their English is in `server/web/words.py`.
DEVICE_WORDS: Final = {
    DeviceKind.PHONE: "手机网页",
    DeviceKind.COMPUTER: "电脑",
    DeviceKind.MINI_PROGRAM: "微信小程序",
}
UNKNOWN: Final = "未知"
SESSIONS_LOOKED_AT: Final = 200


@dataclass(frozen=True)
class Device:
    """What asks to be let in: its kind, its own words, its network address, and how long it may
    stay."""

    kind: DeviceKind
    user_agent: str
    address: str
    life: timedelta


@dataclass(frozen=True)
class Company:
    """For a session that a company's own login opens: the login's and the company's id."""

    login_id: str
    enterprise_id: str


def open_session(
    uow: UnitOfWork,
    account: Account,
    device: Device,
    means: Means,
    company: Company | None = None,
    **details: str,
) -> str:
    """A session under a fresh token, which is shown once; `details` go into the audit row."""
    token = new_secret()
    if account.first_login_at is not None and not _is_known(uow, account.id, device):
        _tell_new_device(uow, account.id, device, company)
    account.first_login_at = account.first_login_at or uow.now
    session = AccountSession(
        id=new_id("ses"),
        account_id=account.id,
        token_digest=fingerprint(token),
        kind=device.kind,
        means=means,
        user_agent=device.user_agent[:256],
        address=device.address[:64],
        created_at=uow.now,
        expires_at=uow.now + device.life,
    )
    if company is not None:
        session.enterprise_login_id, session.ticked = company.login_id, consents.ticked()
        session.acting_enterprise_id, session.role_chosen = company.enterprise_id, True
    uow.session.add(session)
    told = {"means": means.value, **details}
    audit.record(uow, "account.logged_in", actor=account.id, subject=account.id, **told)
    return token


def _is_known(uow: UnitOfWork, account_id: str, device: Device) -> bool:
    """Whether he came by such a browser of such a kind before, of whichever version."""
    before = (
        select(AccountSession.user_agent)
        .where(AccountSession.account_id == account_id, AccountSession.kind == device.kind)
        .order_by(AccountSession.id.desc())
        .limit(SESSIONS_LOOKED_AT)
    )
    return _unversioned(device.user_agent) in map(_unversioned, uow.session.scalars(before))


def _unversioned(user_agent: str) -> str:
    return re.sub(r"\d+", "", user_agent[:256])


def _tell_new_device(
    uow: UnitOfWork, account_id: str, device: Device, company: Company | None
) -> None:
    words = {"device": DEVICE_WORDS[device.kind], "address": device.address or UNKNOWN}
    of_company = company.enterprise_id if company else None
    about: About = {"subject": account_id, "words": words, "enterprise_id": of_company}
    notices.tell(uow, account_id, News.NEW_DEVICE, **about)


def renew_token(uow: UnitOfWork, session_id: str) -> str:
    """A fresh token of an open session; the one before opens nothing. Raises LoginNeeded."""
    session = uow.locked(AccountSession, session_id)
    if not session.is_open(uow.now):
        raise LoginNeeded()
    token = new_secret()
    session.token_digest = fingerprint(token)
    audit.record(uow, "account.token_renewed", actor=session.account_id, subject=session.account_id)
    return token


def end_session(uow: UnitOfWork, session_id: str, *, account_id: str) -> None:
    """End a login of one's own, on whatever device; raises LoginNotFound for any other."""
    session = uow.session.get(AccountSession, session_id)
    if session is None or session.account_id != account_id or not session.is_open(uow.now):
        raise LoginNotFound()
    session.ended_at = uow.now
    told = {"session": session_id}
    audit.record(uow, "account.session_ended", actor=account_id, subject=account_id, **told)


def log_out(uow: UnitOfWork, session_id: str) -> None:
    """End one session; ending it twice changes nothing."""
    session = uow.session.get(AccountSession, session_id)
    if session is not None and session.ended_at is None:
        session.ended_at = uow.now


def end_all(uow: UnitOfWork, account_id: str, *, but: str = "") -> int:
    """End a person's open sessions, but one; how many."""
    others = [row for row in open_sessions(uow, account_id) if row.id != but]
    for row in others:
        row.ended_at = uow.now
    return len(others)


def end_all_of_login(uow: UnitOfWork, login_id: str) -> None:
    """End every session that a company's login has opened."""
    mine = (AccountSession.enterprise_login_id == login_id, AccountSession.ended_at.is_(None))
    for row in uow.session.scalars(select(AccountSession).where(*mine)):
        row.ended_at = uow.now


def open_sessions(uow: UnitOfWork, account_id: str) -> Sequence[AccountSession]:
    """The sessions that still count, the newest first."""
    return uow.session.scalars(
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > uow.now,
        )
        .order_by(AccountSession.created_at.desc(), AccountSession.id.desc())
    ).all()


def in_reach(uow: UnitOfWork, session: AccountSession) -> list[AccountSession]:
    """The open sessions that one of them may list and end: a company's login reaches its own."""
    mine = open_sessions(uow, session.account_id)
    if session.enterprise_login_id is None:
        return list(mine)
    return [row for row in mine if row.enterprise_login_id == session.enterprise_login_id]


def end_in_reach(uow: UnitOfWork, session: AccountSession, session_id: str) -> None:
    """End one of the sessions of `in_reach`; raises LoginNotFound for any other."""
    if session_id not in {row.id for row in in_reach(uow, session)}:
        raise LoginNotFound()
    end_session(uow, session_id, account_id=session.account_id)


def end_others(uow: UnitOfWork, session: AccountSession) -> int:
    """End all of `in_reach` but this one; how many."""
    others = [row for row in in_reach(uow, session) if row.id != session.id]
    for row in others:
        end_session(uow, row.id, account_id=session.account_id)
    return len(others)


def switch_role(uow: UnitOfWork, session_id: str, *, enterprise_id: str | None) -> None:
    """Act for a company, or for oneself with None (F-12); the caller has checked the right."""
    session = uow.session.get_one(AccountSession, session_id)
    session.acting_enterprise_id, session.role_chosen = enterprise_id, True
