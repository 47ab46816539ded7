"""A signing task and the page that holds it: made, opened, resumed, cancelled."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from server.certificates import envelope
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.documents.names import plain_line
from server.documents.queries import of_partner
from server.partners.models import Partner
from server.partners.return_urls import check_return_url
from server.signing.errors import PageTokenMissing, SignerNotNamed, TaskNotFound, WrongTaskState
from server.signing.models import OPEN, SigningTask, TaskStatus
from server.signing.page_grants import end_grant
from server.signing.queries import by_id, locked
from server.signing.telling import tell_partner

OPEN_TOKEN_LIFE = timedelta(seconds=120)


@dataclass(frozen=True)
class NewTask:
    """What a partner asks for."""

    document_id: str
    title: str
    user_reference: str = ""
    return_url: str | None = None
    named_signer: str | None = None


@dataclass(frozen=True)
class Browser:
    """The asking browser as the phone shows it: its system and a coarse address."""

    system: str
    address: str


def create_task(uow: UnitOfWork, partner: Partner, new: NewTask) -> SigningTask:
    """A task for a file that passed its inspection.

    Raises DocumentNotFound, DocumentNotReady, DocumentRejected, ReturnUrlNotRegistered,
    SignerNotNamed.
    """
    if partner.requires_named_signer and new.named_signer is None:
        raise SignerNotNamed()
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
        named_signer=new.named_signer,
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
    task = locked(uow, task_id)
    task.take_open_token(fingerprint(open_token), uow.now)
    end_grant(uow, task)
    if task.status_at(uow.now) in (TaskStatus.AUTHORIZED, TaskStatus.FAILED):
        task.begin_again(uow.now)
    _clear_public_computer(task)
    task.page_browser, task.page_address = browser.system[:64], browser.address[:64]
    task.opened_at, task.public_computer, task.qr_session_id = uow.now, False, ""
    return task, _new_page_token(task)


def leave_page(uow: UnitOfWork, task: SigningTask) -> None:
    """The page goes, and its right to seal with it; on a public computer the placed seals too."""
    end_grant(uow, task)
    _clear_public_computer(task)


def _clear_public_computer(task: SigningTask) -> None:
    """The next one to sit there must not find what the last one placed."""
    if task.public_computer and task.status in OPEN:
        task.forget_draft()


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
    """The task, for a change by the browser that opened it; nobody else moves it meanwhile.

    Raises TaskNotFound, PageTokenMissing.
    """
    return _of_page(locked(uow, task_id), page_token)


def task_seen_by_page(uow: UnitOfWork, task_id: str, page_token: str | None) -> SigningTask:
    """`task_of_page` only to look at: waits for nobody, and nobody waits for it."""
    return _of_page(by_id(uow, task_id), page_token)


def _of_page(task: SigningTask, page_token: str | None) -> SigningTask:
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


def cancel(uow: UnitOfWork, task: SigningTask, *, actor: str) -> None:
    """End the task for good; raises TaskEnded, WrongTaskState (while it is being sealed)."""
    task = uow.locked(SigningTask, task.id)
    if task.status != TaskStatus.CANCELLED:
        task.cancel(uow.now)
        end_grant(uow, task)
        tell_partner(uow, "signing.cancelled", task)
        audit.record(uow, "signing.cancelled", actor=actor, subject=task.id)
