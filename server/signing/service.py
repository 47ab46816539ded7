"""The use cases of a signing task, each inside the caller's transaction."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from server.certificates import envelope
from server.certificates import service as certificates
from server.certificates.unlock import OpenedPerson
from server.core import audit, outbox
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.documents.models import Document
from server.documents.names import plain_line
from server.documents.queries import of_partner
from server.grants.rights import Right, right_for
from server.partners.models import Partner
from server.partners.service import check_return_url
from server.sealing.placement import most_seals
from server.signing.errors import GrantOver, PageTokenMissing, TaskNotFound, WrongTaskState
from server.signing.models import PageGrant, SigningTask, TaskStatus

OPEN_TOKEN_LIFE = timedelta(seconds=120)
# As long as a QR session stays confirmed: a page that does not take its right by then has none.
TAKE_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class NewTask:
    """What a partner asks for."""

    document_id: str
    title: str
    user_reference: str = ""
    return_url: str | None = None
    named_signer_id: str | None = None


@dataclass(frozen=True)
class Browser:
    """The asking browser as the phone shows it: its system and a coarse address."""

    system: str
    address: str


@dataclass(frozen=True)
class GrantTerms:
    """How long a page may seal, in all and without activity."""

    life: timedelta
    idle: timedelta


@dataclass(frozen=True)
class PageRelease:
    """The service's half of what closes a data key to a page, and how long the page may seal."""

    pepper: bytes
    terms: GrantTerms


def create_task(uow: UnitOfWork, partner: Partner, new: NewTask) -> SigningTask:
    """A task for a file that passed its inspection.

    Raises DocumentNotFound, DocumentNotReady, DocumentRejected, ReturnUrlNotRegistered.
    """
    document = of_partner(uow, partner.id, new.document_id)
    document.require_ready()
    if new.return_url:
        check_return_url(partner, new.return_url)
    task = SigningTask(
        id=new_id("task"),
        partner_id=partner.id,
        document_id=document.id,
        title=plain_line(new.title) or document.name,
        user_reference=new.user_reference,
        return_url=new.return_url,
        named_signer_id=new.named_signer_id,
        every_page=partner.every_page,
        status=TaskStatus.AWAITING_SIGNER,
        created_at=uow.now,
    )
    uow.session.add(task)
    audit.record(
        uow,
        "signing.created",
        actor=partner.id,
        subject=task.id,
        document=document.digest,
    )
    return task


def new_open_token(uow: UnitOfWork, task: SigningTask) -> str:
    """A token for one opening of the page within two minutes; the earlier one dies.

    The partner's back end puts it into the fragment of the address, which reaches no server.
    """
    token = new_secret()
    task.open_digest, task.open_until = fingerprint(token), uow.now + OPEN_TOKEN_LIFE
    return token


def open_page(
    uow: UnitOfWork, task_id: str, open_token: str, browser: Browser
) -> tuple[SigningTask, str]:
    """Exchange an open token for the page's own; from now on this browser is the page.

    An older page loses its right to seal. Raises TaskNotFound, OpenTokenRefused,
    OpenTokenExpired.
    """
    task = _locked(uow, task_id)
    task.take_open_token(fingerprint(open_token), uow.now)
    end_grant(uow, task)
    if task.status_at(uow.now) in (TaskStatus.AUTHORIZED, TaskStatus.FAILED):
        task.begin_again(uow.now)
    task.page_browser, task.page_address = browser.system[:64], browser.address[:64]
    task.opened_at, task.public_computer, task.qr_session_id = uow.now, False, ""
    return task, _new_page_token(task)


def resume_page(
    uow: UnitOfWork, task_id: str, page_token: str | None, open_token: str | None
) -> SigningTask:
    """Go on in the browser that is the page; a link that it brings along is spent by it.

    Raises TaskNotFound, PageTokenMissing.
    """
    task = task_of_page(uow, task_id, page_token)
    if open_token and task.is_open_token(fingerprint(open_token)):
        task.drop_open_token()
    return task


def use_public_computer(uow: UnitOfWork, task: SigningTask) -> str:
    """公用电脑: a new page token, to be kept by the open page alone (Settled 9)."""
    if task.status_at(uow.now) != TaskStatus.AWAITING_SIGNER:
        raise WrongTaskState(status=task.status)
    task.public_computer = True
    return _new_page_token(task)


def _new_page_token(task: SigningTask) -> str:
    page_token = new_secret()
    task.page_digest = fingerprint(page_token)
    task.page_point = envelope.public_point(envelope.key_of_page(page_token))
    return page_token


def task_of_page(uow: UnitOfWork, task_id: str, page_token: str | None) -> SigningTask:
    """The task, for the browser that opened it; raises TaskNotFound, PageTokenMissing."""
    task = _locked(uow, task_id)
    known = task.page_digest
    if not page_token or not known or not hmac.compare_digest(known, fingerprint(page_token)):
        raise PageTokenMissing()
    return task


def is_page(uow: UnitOfWork, task_id: str, page_token: str | None) -> bool:
    """Whether this token is the task's page; a look only, nothing is raised."""
    try:
        task_of_page(uow, task_id, page_token)
    except (PageTokenMissing, TaskNotFound):
        return False
    return True


def authorize(
    uow: UnitOfWork, task_id: str, person: OpenedPerson, enterprise_id: str, release: PageRelease
) -> PageGrant:
    """The signer has given his PIN: put the owner's data key where only the page can open it.

    May be repeated by the same signer, as the push after the commit may fail. Raises NoRight,
    OtherSigner, NotEntitled, TaskEnded, WrongTaskState.
    """
    task = _locked(uow, task_id)
    right = right_for(uow, person.account_id, enterprise_id)
    document = uow.session.get_one(Document, task.document_id)
    document.require_ready()
    end_grant(uow, task)
    grant = _new_grant(uow, task, right, person.account_id, release.terms)
    grant.document_digest, grant.most_seals = document.digest, most_seals(len(document.pages))
    task.authorize(person.account_id, grant.id, uow.now)
    uow.session.add(grant)
    ring_id = right.seals[0].ring_id
    data_key = certificates.open_copy(uow, ring_id, person, right.grant_id)
    sealed = envelope.seal_to(task.page_point, data_key, about_release(grant.id), release.pepper)
    certificates.keep_release(uow, grant.id, ring_id=ring_id, sealed=sealed, ends_at=grant.ends_at)
    audit.record(
        uow,
        "signing.authorized",
        actor=person.account_id,
        subject=task.id,
        document=document.digest,
        enterprise=enterprise_id,
        seals=grant.seal_ids,
        grant=right.grant_id,
        means="pin",
    )
    return grant


def _new_grant(
    uow: UnitOfWork, task: SigningTask, right: Right, account_id: str, terms: GrantTerms
) -> PageGrant:
    ring_id = right.seals[0].ring_id
    return PageGrant(
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


def take_grant(uow: UnitOfWork, task: SigningTask) -> PageGrant:
    """The page takes what the phone confirmed; a second time it is simply shown again."""
    grant = live_grant(uow, task)
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


def cancel(uow: UnitOfWork, task: SigningTask, *, actor: str) -> None:
    """End the task for good; raises TaskEnded, WrongTaskState (while it is being sealed)."""
    if task.status != TaskStatus.CANCELLED:
        task.cancel(uow.now)
        end_grant(uow, task)
        outbox.publish(uow, "signing.cancelled", audience=task.partner_id, subject=task.id)
        audit.record(uow, "signing.cancelled", actor=actor, subject=task.id)


def about_release(grant_id: str) -> str:
    """What a data key sealed to a page is bound to."""
    return f"data key for page grant {grant_id}"


def _locked(uow: UnitOfWork, task_id: str) -> SigningTask:
    task = uow.session.get(SigningTask, task_id, with_for_update=True)
    if task is None:
        raise TaskNotFound()
    return task
