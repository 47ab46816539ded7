"""How far a person who is logged in may go: one place for cookies and bearer tokens alike.

Agreements come first (P-41), then the face before a company (F-10). What is a person's own, his
phone and his other companies, is closed to a session that a company's own login opened.
"""

from server.accounts import consents
from server.accounts.consents import Agreement
from server.accounts.errors import AgreementsChanged, NotForCompanyLogin
from server.core.db import UnitOfWork
from server.enterprises import gate
from server.enterprises.errors import FaceGate
from server.runtime import runtime
from server.web.identity import Person, current_person
from server.web.pages.roles import require_within, rights_within


def require_admitted() -> None:
    """Raise AgreementsChanged, then FaceGate, for whoever may not go on yet."""
    person = current_person()
    with runtime().db.read() as uow:
        _require_agreements(uow, person)
        gate.require_face(person.session, for_granted=_face_for_every_company())
        if not may_enter(person) and _begins_with_company(uow, person):
            raise FaceGate()


def require_agreements() -> None:
    """Raise AgreementsChanged before the present agreements were accepted."""
    with runtime().db.read() as uow:
        _require_agreements(uow, current_person())


def require_own() -> None:
    """The same for what is the person's own: no face, but also no company's login.

    Raises AgreementsChanged.
    """
    require_agreements()
    require_personal(current_person())


def require_personal(person: Person) -> None:
    """Raise NotForCompanyLogin for a session that a company's own login opened."""
    if person.session.enterprise_login_id is not None:
        raise NotForCompanyLogin()


def require_may_act_for(person: Person, enterprise_id: str) -> None:
    """Raise NoRight for another company than the login's own, FaceGate before a face was shown."""
    require_within(person, enterprise_id)
    if not may_enter(person):
        raise FaceGate()


def require_seen(person: Person) -> None:
    """Raise FaceGate behind a company's own login before any face was shown: nobody accepts
    anything in the name of a person who has not been seen."""
    if person.session.is_unseen:
        raise FaceGate()


def missing_agreements(uow: UnitOfWork, person: Person) -> list[Agreement]:
    """The agreements that this person has still to accept.

    None for a company's login whose person was not seen yet: it ticked the present ones to come
    in, and they become his word with his face (`gate.enter`).
    """
    return [] if person.session.is_unseen else consents.missing(uow, person.account.id)


def may_enter(person: Person) -> bool:
    """Whether this session may act for a company: a face was shown in it, or none is asked."""
    return gate.may_enter(person.session, for_granted=_face_for_every_company())


def _require_agreements(uow: UnitOfWork, person: Person) -> None:
    missing = missing_agreements(uow, person)
    if missing:
        raise AgreementsChanged(agreements=[kind.value for kind in missing])


def _begins_with_company(uow: UnitOfWork, person: Person) -> bool:
    """Until somebody has chosen, home shows the first company (F-12)."""
    return not person.session.role_chosen and bool(rights_within(uow, person))


def _face_for_every_company() -> bool:
    return runtime().settings.face_for_every_company
