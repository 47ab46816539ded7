"""A page's right to seal: released by the phone, taken by the page, ended by time or by either."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from server.certificates import envelope
from server.certificates import service as certificates
from server.certificates.held_copies import queue_for
from server.certificates.rekeying import supply_wanted
from server.certificates.unlock import OpenedPerson
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.documents.models import Document
from server.grants.rights import Right, right_for
from server.grants.service import reserved_by
from server.sealing.placement import most_seals
from server.signing.errors import GrantOver, WrongTaskState
from server.signing.models import PageGrant, SigningTask, TaskStatus
from server.signing.queries import locked

# As long as a QR session stays confirmed: a page that does not take its right by then has none.
TAKE_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class GrantTerms:
    """How long a page may seal, in all and without activity."""

    life: timedelta
    idle: timedelta


@dataclass(frozen=True)
class PageRelease:
    """What a confirmation releases to a page: the QR session that the page shows, the service's
    half of what closes a data key to it, and how long it may seal. `same_device`: the phone proved
    to be the page's own browser, and no reference code was compared."""

    session_id: str
    pepper: bytes
    terms: GrantTerms
    same_device: bool = False


def authorize(
    uow: UnitOfWork, task_id: str, person: OpenedPerson, enterprise_id: str, release: PageRelease
) -> PageGrant:
    """The signer has given his PIN: put the owner's data key where only the page can open it.

    May be repeated by the same signer, as the push after the commit may fail: what stands is
    released once. Raises NoRight, OtherSigner, NotEntitled, TaskEnded, WrongTaskState.
    """
    # His key is not exchanged from here to the commit, or was before: what that ends is seen.
    queue_for(uow, person.account_id)
    task = locked(uow, task_id)
    if task.qr_session_id != release.session_id:
        # Another browser has opened the task since: what the phone was shown is not its page.
        raise WrongTaskState(status=task.status)
    right = right_for(uow, person.account_id, enterprise_id)
    standing = _standing_grant(uow, task, person.account_id, enterprise_id)
    if standing is not None:
        return standing
    document = uow.session.get_one(Document, task.document_id)
    document.require_ready()
    end_grant(uow, task)
    grant = _new_grant(uow, task, right, person.account_id, release.terms)
    grant.document_digest, grant.most_seals = document.digest, most_seals(len(document.pages))
    task.authorize(person.account_id, grant.id, uow.now)
    ring_id = right.seals[0].ring_id
    data_key = _opened(uow, ring_id, person, right)
    sealed = envelope.seal_to(task.page_point, data_key, about_release(grant.id), release.pepper)
    certificates.keep_release(uow, grant.id, ring_id=ring_id, sealed=sealed, ends_at=grant.ends_at)
    facts = {"document": document.digest, "enterprise": enterprise_id, "seals": grant.seal_ids}
    audit.record(
        uow,
        "signing.authorized",
        actor=person.account_id,
        subject=task.id,
        grant=right.grant_id,
        means="pin",
        same_device=release.same_device,
        **facts,
    )
    return grant


def _opened(uow: UnitOfWork, ring_id: str, person: OpenedPerson, right: Right) -> bytes:
    """The owner's data key; with the representative's PIN those who wait for it get it too."""
    data_key = certificates.open_copy(uow, ring_id, person, right.grant_id)
    if right.grant is None:
        supply_wanted(uow, ring_id, data_key)
    return data_key


def _standing_grant(
    uow: UnitOfWork, task: SigningTask, account_id: str, enterprise_id: str
) -> PageGrant | None:
    """What the same confirmation has released before and the page has taken or still can take."""
    if task.status != TaskStatus.AUTHORIZED or task.signer_id != account_id:
        return None
    grant = uow.session.get(PageGrant, task.page_grant_id)
    if grant is None or grant.enterprise_id != enterprise_id or not grant.is_live(uow.now):
        return None
    return grant if grant.taken_at is not None or uow.now < grant.take_by else None


def _new_grant(
    uow: UnitOfWork, task: SigningTask, right: Right, account_id: str, terms: GrantTerms
) -> PageGrant:
    ring_id = right.seals[0].ring_id
    grant = PageGrant(
        id=new_id("pg"),
        task_id=task.id,
        account_id=account_id,
        enterprise_id=right.enterprise.id,
        seal_grant_id=right.grant_id,
        seal_ids=[seal.id for seal in right.seals if seal.ring_id == ring_id],
        ends_at=uow.now + terms.life,
        idle_seconds=int(terms.idle.total_seconds()),
        last_active_at=uow.now,
        take_by=uow.now + TAKE_WITHIN,
    )
    uow.session.add(grant)
    return grant


def withdraw(uow: UnitOfWork, task_id: str, session_id: str, *, by: str) -> bool:
    """Take back what this phone released by this session; whether it is so (S-09).

    False when the page has taken it: then it is too late.
    """
    task = locked(uow, task_id)
    if task.qr_session_id != session_id or task.signer_id != by:
        return True
    grant = uow.session.get(PageGrant, task.page_grant_id)
    if grant is not None and grant.taken_at is not None:
        return grant.ended_at is not None
    if grant is None or task.status_at(uow.now) != TaskStatus.AUTHORIZED:
        return True
    # Also when the page went away before it took anything: nobody has authorised this task now.
    restart(uow, task)
    audit.record(uow, "signing.withdrawn", actor=by, subject=task.id, grant=grant.id)
    return True


def take_grant(uow: UnitOfWork, task: SigningTask, *, confirmed: bool) -> PageGrant:
    """The page takes what the phone confirmed; a second time it is simply shown again.

    `confirmed` says that the QR session still stands so: one that has failed since takes what
    was released with it. Raises WrongTaskState, GrantOver.
    """
    grant = live_grant(uow, task)
    if grant.taken_at is None and not confirmed:
        raise GrantOver()
    grant.take(uow.now)
    audit.record(uow, "signing.taken", actor="page", subject=task.id, grant=grant.id)
    return grant


def live_grant(uow: UnitOfWork, task: SigningTask) -> PageGrant:
    """The task's page grant; WrongTaskState before there is one, GrantOver after its end."""
    if not task.page_grant_id:
        raise WrongTaskState(status=task.status)
    grant = uow.session.get(PageGrant, task.page_grant_id)
    if grant is None:
        raise GrantOver()
    grant.require_live(uow.now)
    return grant


def loaded_grant(uow: UnitOfWork, task: SigningTask) -> PageGrant:
    """The live grant that the page has loaded: placing does not skip that step (S-08)."""
    grant = live_grant(uow, task)
    if grant.taken_at is None:
        raise WrongTaskState(status=task.status)
    return grant


def restart(uow: UnitOfWork, task: SigningTask) -> None:
    """A fresh QR for the same task: the old right ends, the placed seals stay."""
    end_grant(uow, task)
    task.begin_again(uow.now)


def end_grant(uow: UnitOfWork, task: SigningTask) -> None:
    """End the page's right to seal and forget the key that was released to it."""
    grant = uow.session.get(PageGrant, task.page_grant_id) if task.page_grant_id else None
    if grant is not None:
        grant.end(uow.now)
        certificates.wipe_release(uow, grant.id)


def end_all_of(uow: UnitOfWork, account_id: str) -> None:
    """End every page's right to seal that this person has given: his key was exchanged.

    What he has confirmed and is not published yet loses its key too, and comes to nothing.
    """
    his = (PageGrant.account_id == account_id, PageGrant.ended_at.is_(None))
    grants = uow.session.scalars(select(PageGrant).where(*his)).all()
    for grant in grants:
        grant.end(uow.now)
    # A confirmation that is under way holds its page's row: it is over by now, and seen here.
    uow.session.flush()
    # In the order of `publish`: the worker's, then the page's.
    uses = reserved_by(uow, account_id)
    for holder_id in [one.id for one in uses] + [one.id for one in grants]:
        certificates.wipe_release(uow, holder_id)


def about_release(grant_id: str) -> str:
    """What a data key sealed to a page is bound to."""
    return f"data key for page grant {grant_id}"
