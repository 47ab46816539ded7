"""Companies as the registry knows them: kept, followed, stopped (P-39)."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts import sessions
from server.accounts.models import Account, Level
from server.core import audit, jobs, outbox
from server.core.db import UnitOfWork
from server.core.errors import Conflict
from server.core.ids import new_id
from server.enterprises.errors import CompanyStruckOff
from server.enterprises.models import Enterprise, EnterpriseLogin, EnterpriseStatus
from server.providers.registry import Company

CHANGED, RENAMED, STRUCK_OFF = "representative_changed", "name_changed", "struck_off"
# Handled in `seals`, which companies know nothing of: what fits the registry no more stops.
NEWS = "enterprises.news"


class NoRepresentative(Conflict):
    """The registry names a representative who has not proved himself here yet."""

    code = "no_representative"
    message = (
        "企业的法定代表人已变更，新任法定代表人尚未完成实名认证。",
        "The company's new representative has not verified his identity yet.",
    )
    next_step = (
        "请新任法定代表人用本人证件号登录并完成人脸核验。",
        "The new representative logs in with his ID number and takes the face check.",
    )


@dataclass(frozen=True)
class Facts:
    """What the registry says of a company, with the representative's number as a keyed digest."""

    code: str
    name: str
    place: str
    representative: str
    representative_index: str
    struck_off: bool

    @classmethod
    def of(cls, company: Company, representative_index: str) -> "Facts":
        """A registry's answer; the caller has made the digest."""
        return cls(
            company.code,
            company.name,
            company.place,
            company.representative,
            representative_index,
            company.struck_off,
        )


def keep(uow: UnitOfWork, facts: Facts) -> Enterprise:
    """Bring the company's row in line with the registry; what changed is an event and audited.

    The representative is whoever has proved that the registered number is his; until somebody
    has, there is none, and nobody acts in the former one's place.
    """
    row = uow.session.scalar(
        select(Enterprise).where(Enterprise.code == facts.code).with_for_update()
    )
    if row is None:
        return _add(uow, facts)
    news = _news(row, facts)
    row.checked_at = uow.now
    row.name, row.place = facts.name, facts.place
    row.representative_name = facts.representative
    row.representative_index = facts.representative_index
    former = row.representative_id
    name_representative(uow, row)
    if facts.struck_off:
        row.status = EnterpriseStatus.STRUCK_OFF
    if {CHANGED, STRUCK_OFF} & set(news) or former not in (None, row.representative_id):
        _close_logins(uow, row)
    for kind in news:
        audit.record(uow, f"enterprise.{kind}", actor="registry", subject=row.id)
        outbox.publish(uow, f"enterprise.{kind}", audience="own", subject=row.id)
    if news or row.representative_id not in (None, former):
        jobs.enqueue(uow, NEWS, enterprise_id=row.id, news=news, former=former)
    return row


def name_representative(uow: UnitOfWork, enterprise: Enterprise) -> None:
    """Let the person who has proved the registered number act for the company."""
    enterprise.representative_id = proven_by(uow, enterprise.representative_index)


def require_open(enterprise: Enterprise) -> None:
    """Raise CompanyStruckOff for a company that is no more."""
    if enterprise.status == EnterpriseStatus.STRUCK_OFF:
        raise CompanyStruckOff()


def require_not_struck_off(company: Company) -> None:
    """The same for the registry's own word."""
    if company.struck_off:
        raise CompanyStruckOff()


def representative_of(enterprise: Enterprise) -> str:
    """The account of the representative; raises NoRepresentative."""
    if enterprise.representative_id is None:
        raise NoRepresentative()
    return enterprise.representative_id


def plain(name: str) -> str:
    """A company's name for comparing: full-width brackets and letters are as their narrow kin."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _add(uow: UnitOfWork, facts: Facts) -> Enterprise:
    row = Enterprise(
        id=new_id("ent"),
        code=facts.code,
        name=facts.name,
        place=facts.place,
        representative_name=facts.representative,
        representative_index=facts.representative_index,
        representative_id=proven_by(uow, facts.representative_index),
        status=EnterpriseStatus.STRUCK_OFF if facts.struck_off else EnterpriseStatus.ACTIVE,
        created_at=uow.now,
        checked_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def _news(row: Enterprise, facts: Facts) -> list[str]:
    news = []
    if row.name != facts.name:
        news.append(RENAMED)
    if row.representative_index != facts.representative_index:
        news.append(CHANGED)
    if facts.struck_off and row.status != EnterpriseStatus.STRUCK_OFF:
        news.append(STRUCK_OFF)
    return news


def _close_logins(uow: UnitOfWork, enterprise: Enterprise) -> None:
    """The sessions of its own login hold a face that counts no longer (S-49).

    The login is as before any face was shown: it gives way when the company registers again.
    """
    mine = select(EnterpriseLogin).where(EnterpriseLogin.enterprise_id == enterprise.id)
    for login in uow.session.scalars(mine).all():
        login.opened_at = None
        sessions.end_all_of_login(uow, login.id)


def proven_by(uow: UnitOfWork, index: str) -> str | None:
    """The account that has proved the document with this digest."""
    return uow.session.scalar(
        select(Account.id).where(
            Account.id_number_index == index,
            Account.level == Level.PROVEN,
            Account.closed_at.is_(None),
        )
    )
