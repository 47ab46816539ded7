"""The gate before acting for a company: the session's person shows his face (F-10)."""

from server.accounts import consents, faces
from server.accounts.errors import FaceNotPassed, LoginNeeded
from server.accounts.faces import FacePurpose
from server.accounts.models import AccountSession
from server.core import audit
from server.core.db import UnitOfWork
from server.enterprises import service
from server.enterprises.errors import FaceGate
from server.enterprises.models import Enterprise, EnterpriseLogin


def require_face(session: AccountSession, *, for_granted: bool) -> None:
    """Raise FaceGate for a session that acts for a company and may not enter yet."""
    by_company = session.enterprise_login_id is not None
    acts = by_company or session.acting_enterprise_id is not None
    if acts and not may_enter(session, for_granted=for_granted):
        raise FaceGate()


def may_enter(session: AccountSession, *, for_granted: bool) -> bool:
    """Whether this session may act for a company: a face was shown in it, or none is asked.

    A company's own login always needs one (B3.2); `for_granted` is the policy for people who act
    for a company from their personal login (A3).
    """
    asked = for_granted or session.enterprise_login_id is not None
    return session.face_at is not None or not asked


def enter(uow: UnitOfWork, check_id: str, session_id: str) -> None:
    """Spend a passed check of this very session and person; the same check again changes nothing.

    The first face behind a company's login also says that its person is the representative; the
    face of one whom the registry names no longer opens nothing. Raises FaceNotPassed, LoginNeeded,
    CompanyStruckOff, NoRepresentative.
    """
    session = uow.locked(AccountSession, session_id)
    if not session.is_open(uow.now):
        raise LoginNeeded()
    if session.face_at and faces.is_spent(uow, check_id, FacePurpose.ENTER_COMPANY, session.id):
        return
    if faces.spend(uow, check_id, FacePurpose.ENTER_COMPANY, session.id) != session.account_id:
        raise FaceNotPassed()
    session.face_at = uow.now
    if session.enterprise_login_id is not None:
        consents.give_ticked(uow, session.account_id, session.ticked or {})
        _open(uow, uow.locked(EnterpriseLogin, session.enterprise_login_id), session.account_id)


def _open(uow: UnitOfWork, login: EnterpriseLogin, account_id: str) -> None:
    enterprise = uow.locked(Enterprise, login.enterprise_id)
    service.require_open(enterprise)
    service.name_representative(uow, enterprise)
    if enterprise.representative_id != account_id:
        raise service.NoRepresentative()
    if login.opened_at is None:
        login.opened_at = uow.now
        audit.record(uow, "enterprise.login_opened", actor=account_id, subject=enterprise.id)
