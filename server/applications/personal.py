"""What applications know of a person: for his own eyes, and when he closes his account."""

from sqlalchemy import func, or_, select

from server.accounts.closing import Obstacle, Tie
from server.accounts.models import Account
from server.accounts.personal_data import Records, rows
from server.applications.cancellation_models import Cancellation
from server.applications.certification_models import Certification
from server.applications.lifecycle import EDITABLE, UNDER_WAY, Move
from server.applications.models import Application, Material, Party
from server.applications.queries import Viewer, visible_to
from server.core.db import UnitOfWork

WORDS = ("您有正在办理的印章申请。", "You have applications for seals under way.")


def obstacles(uow: UnitOfWork, account_id: str) -> list[Obstacle]:
    """Applications that would make seals for nobody; a draft stands in no way."""
    under_way = Application.state.in_(UNDER_WAY - EDITABLE)
    wanted = select(func.count()).where(visible_to(Viewer(account_id)), under_way)
    count = uow.session.scalar(wanted.select_from(Application)) or 0
    return [Obstacle("applications", count, WORDS)] if count else []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """His drafts are withdrawn with the account."""
    editable = Application.state.in_(EDITABLE)
    mine = select(Application).where(Application.applicant_id == account_id, editable)
    for row in uow.session.scalars(mine).all():
        row.move(Move.WITHDRAW, uow.now)
    return False


def records(uow: UnitOfWork, account_id: str) -> Records:
    """What he applied for, cancelled and handed in, and what names him."""
    account = uow.session.get_one(Account, account_id)
    mine = select(Application).where(Application.applicant_id == account_id)
    named = select(Party).where(Party.number_index == account.id_number_index)
    signed = select(Certification).where(Certification.number_index == account.id_number_index)
    begun = select(Cancellation).where(Cancellation.begun_by == account_id)
    acted = select(Cancellation).where(Cancellation.agent_number_index == account.id_number_index)
    holders = mine.with_only_columns(Application.id), begun.with_only_columns(Cancellation.id)
    held = select(Material).where(or_(*(Material.holder_id.in_(ids) for ids in holders)))
    return {
        "cancellations": rows(
            uow, begun.order_by(Cancellation.id), ("begun_at", "changed_at", "done_at")
        ),
        "named_in_cancellations": rows(
            uow, acted.order_by(Cancellation.id), ("agent_name", "agent_document_type", "begun_at")
        ),
        "applications": rows(
            uow,
            mine.order_by(Application.id),
            ("way", "unit_name", "wanted", "state", "reason", "created_at", "ended_at"),
        ),
        "named_in_applications": rows(
            uow, named.order_by(Party.id), ("role", "name", "document_type", "consented_at")
        ),
        "certifications": rows(
            uow,
            signed.order_by(Certification.id),
            ("role", "name", "turn", "state", "consent_version", "identified_at", "done_at"),
        ),
        "application_materials": rows(
            uow, held.order_by(Material.id), ("slot", "size", "taken_at")
        ),
    }


TIE = Tie(obstacles, let_go)
