"""How many WeChat messages a person still takes: one for each time that he agreed to a template.

WeChat tells of an agreement twice, by the phone's own result and by a push. Each is an echo of
the other and counts once. What is counted here is a guess, kept rather too low than too high:
WeChat itself is the judge, and its refusal sets the count to nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from server.accounts.models import Identity, IdentityKind, PushReceipt, Subscription
from server.core import jobs
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id

SEND = "wechat.send_message"
ACCEPTED = ("accept", "acceptWithAudio", "acceptWithAlert")
# The phone answers at once, a push comes within seconds or with its third try.
ECHO = timedelta(minutes=2)
KEPT = timedelta(days=1)


class Source(StrEnum):
    """Who told of an agreement."""

    PHONE = "phone"
    PUSH = "push"

    @property
    def other(self) -> "Source":
        return Source.PUSH if self is Source.PHONE else Source.PHONE


def answered(uow: UnitOfWork, identity_id: str, answers: Mapping[str, str]) -> None:
    """Note what `wx.requestSubscribeMessage` gave on the phone: `accept`, `reject` … by template.

    A refusal here is of the one question: what was agreed to before still stands.
    """
    for template, answer in answers.items():
        if answer in ACCEPTED:
            accept(uow, identity_id, template, Source.PHONE, uow.now)


def accept(uow: UnitOfWork, identity_id: str, template: str, source: Source, at: datetime) -> None:
    """One message more, unless the other source has told of this very agreement.

    `at`: when the person agreed, as the source has it.
    """
    row = _locked(uow, identity_id, template)
    told = f"{identity_id} {template}"
    if _is_echo(uow, _named(source.other, told), at):
        return
    key = f"{_named(source, told)} {new_id('sub')}"
    uow.session.add(PushReceipt(key=key, taken_at=at))
    row.left, row.changed_at = row.left + 1, uow.now


def use(uow: UnitOfWork, identity_id: str, template: str) -> bool:
    """Take one message of the count; whether there was one."""
    row = _locked(uow, identity_id, template)
    if row.left < 1:
        return False
    row.left, row.changed_at = row.left - 1, uow.now
    return True


def give_back(uow: UnitOfWork, identity_id: str, template: str) -> None:
    """The message was not sent: what `use` took is there again."""
    row = _locked(uow, identity_id, template)
    row.left, row.changed_at = row.left + 1, uow.now


def end(uow: UnitOfWork, identity_id: str, template: str) -> None:
    """No message is taken any more: the person refuses them, or WeChat says so (43101)."""
    row = _locked(uow, identity_id, template)
    row.left, row.changed_at = 0, uow.now


def left(uow: UnitOfWork, identity_id: str, template: str) -> int:
    """How many messages of this template may be sent."""
    mine = (Subscription.identity_id == identity_id, Subscription.template == template)
    return uow.session.scalar(select(Subscription.left).where(*mine)) or 0


def notify(
    uow: UnitOfWork, *, account_id: str, template: str, fields: Mapping[str, str], page: str
) -> int:
    """Have a message sent to this person's bound WeChats that take it; to how many.

    `fields` are the template's words: short, no secret, as they wait in the table of jobs.
    """
    takers = select(Subscription.identity_id).join(
        Identity, Identity.id == Subscription.identity_id
    )
    mine = (
        Identity.account_id == account_id,
        Identity.kind == IdentityKind.WECHAT,
        Subscription.template == template,
        Subscription.left > 0,
    )
    found = uow.session.scalars(takers.where(*mine)).all()
    for identity_id in found:
        words: dict[str, Any] = {"template": template, "fields": dict(fields), "page": page}
        jobs.enqueue(uow, SEND, identity_id=identity_id, **words)
    return len(found)


def takes_any(uow: UnitOfWork, account_id: str) -> bool:
    """Whether this person's bound WeChat takes a message of any template."""
    mine = (Identity.account_id == account_id, Identity.kind == IdentityKind.WECHAT)
    taken = select(Subscription.id).join(Identity, Identity.id == Subscription.identity_id)
    return uow.session.scalar(taken.where(*mine, Subscription.left > 0).limit(1)) is not None


def sweep(uow: UnitOfWork) -> None:
    """Forget what was taken in so long ago that nobody repeats it."""
    uow.session.execute(delete(PushReceipt).where(PushReceipt.taken_at < uow.now - KEPT))


def _locked(uow: UnitOfWork, identity_id: str, template: str) -> Subscription:
    uow.queue_up(f"subscription {identity_id} {template}")
    mine = (Subscription.identity_id == identity_id, Subscription.template == template)
    row = uow.session.scalar(select(Subscription).where(*mine))
    if row is None:
        row = Subscription(
            id=new_id("sub"), identity_id=identity_id, template=template, left=0, changed_at=uow.now
        )
        uow.session.add(row)
    return row


def _named(source: Source, told: str) -> str:
    return f"{source} {fingerprint(told)}"


def _is_echo(uow: UnitOfWork, told: str, at: datetime) -> bool:
    """Whether the other source has told of it; its word is used up by this one."""
    near = (PushReceipt.taken_at >= at - ECHO, PushReceipt.taken_at <= at + ECHO)
    named = PushReceipt.key.startswith(f"{told} ", autoescape=True)
    first = select(PushReceipt).where(named, *near).order_by(PushReceipt.taken_at).limit(1)
    found = uow.session.scalar(first)
    if found is not None:
        uow.session.delete(found)
        uow.session.flush()
    return found is not None
