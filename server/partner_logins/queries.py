"""Finding logins at partners."""

from sqlalchemy import select

from server.accounts.qr_login import Asking
from server.core.db import UnitOfWork
from server.partner_logins.errors import LoginSessionNotFound
from server.partner_logins.models import PartnerLogin
from server.partners.models import Partner


def of_partner(uow: UnitOfWork, partner_id: str, login_id: str) -> PartnerLogin:
    """A partner's own login; raises LoginSessionNotFound for any other."""
    found = uow.session.scalar(
        select(PartnerLogin).where(
            PartnerLogin.id == login_id, PartnerLogin.partner_id == partner_id
        )
    )
    if found is None:
        raise LoginSessionNotFound()
    return found


def by_id(uow: UnitOfWork, login_id: str) -> PartnerLogin:
    """The login that a QR session or an address names; raises LoginSessionNotFound."""
    found = uow.session.get(PartnerLogin, login_id)
    if found is None:
        raise LoginSessionNotFound()
    return found


def locked(uow: UnitOfWork, login_id: str) -> PartnerLogin:
    """`by_id` for a change: nobody else moves the row until the transaction ends."""
    by_id(uow, login_id)
    return uow.locked(PartnerLogin, login_id)


def by_session(uow: UnitOfWork, session_id: str) -> PartnerLogin | None:
    """The login whose page shows this QR session's code."""
    return uow.session.scalar(select(PartnerLogin).where(PartnerLogin.qr_session_id == session_id))


def partner_of(uow: UnitOfWork, login: PartnerLogin) -> Partner:
    """Whom the person would log in at; only its registered words are ever shown."""
    return uow.session.get_one(Partner, login.partner_id)


def partner_asking(uow: UnitOfWork, asking: Asking) -> Partner | None:
    """The partner behind what a phone is asked; None for a login to our own pages."""
    return partner_of(uow, by_id(uow, asking.partner_login)) if asking.partner_login else None
