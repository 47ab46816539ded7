"""Background work with WeChat: messages to people, and what its pushes tell of their consents."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.accounts import identities, subscriptions
from server.accounts.identities import Assertion
from server.accounts.models import Identity, IdentityKind, PushReceipt
from server.accounts.subscriptions import Source
from server.core import jobs
from server.core.db import Database, UnitOfWork
from server.core.ids import fingerprint
from server.core.jobs import Claim
from server.providers.keys import Keys
from server.providers.wechat import WeChat, WeChatNotSubscribed, WeChatRejected, WeChatUnavailable
from server.providers.wechat.push import PushEvent
from server.providers.wechat.subscriptions import SubscriptionNewsKind, news

log = logging.getLogger(__name__)

PUSHED = "wechat.pushed"


@dataclass(frozen=True)
class MessageSender:
    """Runs `wechat.send_message`. A message is taken off the count before it is sent, so that a
    worker that dies on the way sends one too few, never one too many."""

    db: Database
    keys: Keys
    wechat: WeChat

    def __call__(self, job: Claim) -> None:
        identity_id, template = job.payload["identity_id"], job.payload["template"]
        with self.db.begin() as uow:
            identity = uow.session.get(Identity, identity_id)
            # Who has unbound his WeChat or closed his account meanwhile hears nothing any more.
            if identity is None or identity.account_id is None:
                return
            if not subscriptions.use(uow, identity_id, template):
                return
        try:
            self._send(identity, job)
        except WeChatNotSubscribed:
            self._settle(subscriptions.end, job)
        except WeChatUnavailable:
            self._settle(subscriptions.give_back, job)
            raise
        except (WeChatRejected, ValueError) as refusal:
            # A field or the template is wrong (47003, 40037): the same is refused each time.
            log.error("wechat_message_refused", extra={"job": job.id, "error": str(refusal)})
            self._settle(subscriptions.give_back, job)

    def _send(self, identity: Identity, job: Claim) -> None:
        self.wechat.send_subscribe_message(
            openid=identities.open_subject(self.keys, identity),
            template=job.payload["template"],
            fields=job.payload["fields"],
            page=job.payload["page"],
        )

    def _settle(self, act: Callable[[UnitOfWork, str, str], None], job: Claim) -> None:
        with self.db.begin() as uow:
            act(uow, job.payload["identity_id"], job.payload["template"])


@dataclass(frozen=True)
class PushDesk:
    """Takes in what WeChat pushes: one row and one job, so that the answer is quick."""

    db: Database
    keys: Keys
    appid: str

    def take(self, event: PushEvent) -> bool:
        """Have the news of a push worked off later, once however often it comes; whether new.

        A push of somebody who never opened the mini-program, or without news for us, leaves only
        its receipt.
        """
        said = Assertion(IdentityKind.WECHAT, self.appid, event.openid)
        told = [{"template": one.template, "kind": one.kind.value} for one in news(event)]
        index = identities.index(self.keys, said) if told else ""
        with self.db.begin() as uow:
            key = f"push {fingerprint(event.key)}"
            uow.queue_up(key)
            if uow.session.get(PushReceipt, key) is not None:
                return False
            uow.session.add(PushReceipt(key=key, taken_at=uow.now))
            found = identities.find(uow, said.kind, said.app, index) if told else None
            if found is not None:
                at = event.sent_at.isoformat()
                jobs.enqueue(uow, PUSHED, identity_id=found.id, news=told, sent_at=at)
            return True


@dataclass(frozen=True)
class PushWorker:
    """Runs `wechat.pushed`: each consent that was given or taken back."""

    db: Database

    def __call__(self, job: Claim) -> None:
        identity_id, at = job.payload["identity_id"], datetime.fromisoformat(job.payload["sent_at"])
        with self.db.begin() as uow:
            # A worker that dies before it says that it is done has the next one begin again.
            key = f"job {job.id}"
            uow.queue_up(key)
            gone = uow.session.get(Identity, identity_id) is None
            if gone or uow.session.get(PushReceipt, key) is not None:
                return
            uow.session.add(PushReceipt(key=key, taken_at=uow.now))
            for one in job.payload["news"]:
                if one["kind"] == SubscriptionNewsKind.ACCEPT:
                    subscriptions.accept(uow, identity_id, one["template"], Source.PUSH, at)
                elif one["kind"] == SubscriptionNewsKind.REJECT:
                    subscriptions.end(uow, identity_id, one["template"])
