"""Finding applications: each select is scoped by who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, or_, select

from server.accounts.models import AccountSession
from server.applications.errors import ApplicationNotFound
from server.applications.lifecycle import EDITABLE, ENDED, UNDER_WAY, ApplicationState
from server.applications.models import Application, Way
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.core.paging import Page, newest_first
from server.enterprises.models import Enterprise
from server.seals.models import SealKind, SealState
from server.seals.queries import of_owner


@dataclass(frozen=True)
class Viewer:
    """Who asks: a person, and for a company's own login the one company that it stands for."""

    account_id: str
    only: str | None = None

    @classmethod
    def of(cls, session: AccountSession) -> Self:
        """Who is logged in by this session."""
        by_company = session.enterprise_login_id is not None
        return cls(session.account_id, session.acting_enterprise_id if by_company else None)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """His own applications, and those of the companies that he represents now.

    A former representative sees them no more; a company's own login sees only the company's.
    """
    represented = select(Enterprise.id).where(Enterprise.representative_id == viewer.account_id)
    of_company = Application.owner_kind == OwnerKind.ENTERPRISE
    companies = and_(of_company, Application.owner_id.in_(represented))
    if viewer.only is not None:
        return and_(companies, Application.owner_id == viewer.only)
    of_person = Application.owner_kind == OwnerKind.ACCOUNT
    return or_(companies, and_(of_person, Application.owner_id == viewer.account_id))


def find(uow: UnitOfWork, application_id: str, viewer: Viewer) -> Application:
    """An application that this viewer may see; raises ApplicationNotFound."""
    wanted = select(Application).where(Application.id == application_id, visible_to(viewer))
    found = uow.session.scalar(wanted)
    if found is None:
        raise ApplicationNotFound()
    return found


def find_locked(uow: UnitOfWork, application_id: str, viewer: Viewer) -> Application:
    """The same, kept from others until the end of the transaction."""
    return uow.locked(Application, find(uow, application_id, viewer).id)


def seen_by(
    uow: UnitOfWork, viewer: Viewer, *, cursor: str | None = None, limit: int = 20
) -> Page[Application]:
    """All that a viewer may see, newest first; drafts and what has ended are among them."""
    return newest_first(uow.session, _of(viewer), Application.id, cursor=cursor, limit=limit)


def unfinished(uow: UnitOfWork, viewer: Viewer) -> Sequence[Application]:
    """What is neither done nor over, newest first (认证记录, B6)."""
    over = (*ENDED, ApplicationState.DONE)
    wanted = _of(viewer).where(Application.state.not_in(over))
    return uow.session.scalars(wanted.order_by(Application.id.desc())).all()


def draft_of(uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str, way: Way) -> Application | None:
    """The one application of this owner and way whose content may still be changed."""
    return uow.session.scalars(
        select(Application)
        .where(
            Application.owner_kind == owner_kind,
            Application.owner_id == owner_id,
            Application.way == way,
            Application.state.in_(EDITABLE),
        )
        .order_by(Application.id.desc())
        .limit(1)
    ).first()


def taken_kinds(
    uow: UnitOfWork, owner_kind: str, owner_id: str, *, besides: str = ""
) -> set[SealKind]:
    """The kinds of which the owner has a living seal, or has applied for one.

    One living seal for each kind and owner, of persons too: the kind says which seal is meant,
    and only a cancelled or expired one makes room. `besides` is an application's own id.
    """
    ended = (SealState.CANCELLED, SealState.EXPIRED)
    seals = of_owner(uow, owner_kind, owner_id)
    living = {SealKind(seal.kind) for seal in seals if seal.state(uow.now) not in ended}
    rows = uow.session.scalars(
        select(Application).where(
            Application.owner_kind == owner_kind,
            Application.owner_id == owner_id,
            Application.id != besides,
            Application.state.in_(UNDER_WAY),
        )
    )
    return living.union(*(row.kinds for row in rows))


def in_review(uow: UnitOfWork, *, cursor: str | None = None, limit: int = 20) -> Page[Application]:
    """What waits for a reviewer, newest first; only for reviewers."""
    waiting = select(Application).where(Application.state == ApplicationState.IN_REVIEW)
    return newest_first(uow.session, waiting, Application.id, cursor=cursor, limit=limit)


def for_review(uow: UnitOfWork, application_id: str) -> Application:
    """One application that was submitted; only for reviewers. ApplicationNotFound."""
    found = uow.session.get(Application, application_id)
    if found is None or found.submitted_at is None:
        raise ApplicationNotFound()
    return found


def _of(viewer: Viewer) -> Select[Any]:
    return select(Application).where(visible_to(viewer))
