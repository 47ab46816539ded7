"""The job that sends a text message, again and again until its words have lost their meaning."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts import notices, texts
from server.accounts.models import Account, mask_phone
from server.accounts.news import News
from server.accounts.notice_models import Notice, TextMessage, TextState
from server.accounts.phones import open_phone
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim
from server.providers.keys import Keys
from server.providers.sms import Sms, SmsUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TextSender:
    """Runs `texts.send`. A worker that dies after the gateway has taken a message sends it twice:
    a link that comes twice does less harm than one that never comes.

    `public_url`: where every link of ours leads; a text with another one is not sent.
    """

    db: Database
    keys: Keys
    sms: Sms
    public_url: str

    def __call__(self, job: Claim) -> None:
        """Raises SmsUnavailable, so that it is tried again after a growing pause (R-09)."""
        row, account = self._find(job.payload["text_id"])
        if row is None or row.state != TextState.WAITING:
            return
        phone, words = self._opened(row, account)
        late = self.db.clock.now() >= row.expires_at or job.attempts > job.max_attempts
        if late or not phone or not self._leads_to_us(words):
            self._settle(row.id, TextState.UNSENT, phone)
            return
        try:
            self.sms.send(phone, row.template, words)
        except SmsUnavailable:
            if job.is_last_try:
                self._settle(row.id, TextState.UNSENT, phone)
                return
            raise
        self._settle(row.id, TextState.SENT, phone)

    def _find(self, text_id: str) -> tuple[TextMessage | None, Account | None]:
        with self.db.read() as uow:
            row = uow.session.get(TextMessage, text_id)
            of_account = row is not None and row.account_id is not None
            account = uow.session.get(Account, row.account_id) if row and of_account else None
            return row, account

    def _opened(self, row: TextMessage, account: Account | None) -> tuple[str, Mapping[str, str]]:
        """Phone and words; no phone where the account has none any more."""
        if row.sealed is not None:
            return texts.open_text(self.keys, row)
        if account is None or account.phone_sealed is None:
            return "", row.words
        return open_phone(self.keys, account.id, account.phone_sealed), row.words

    def _leads_to_us(self, words: Mapping[str, str]) -> bool:
        link = words.get("link")
        return link is None or link.startswith(f"{self.public_url}/")

    def _settle(self, text_id: str, state: TextState, phone: str) -> None:
        with self.db.begin() as uow:
            row = uow.locked(TextMessage, text_id)
            if row.state != TextState.WAITING:
                return
            row.settle(state, uow.now)
            if state is TextState.UNSENT:
                log.warning("text_not_sent", extra={"text": text_id, "template": row.template})
                _tell_unsent(uow, row, phone)


def _tell_unsent(uow: UnitOfWork, row: TextMessage, phone: str) -> None:
    for notice in uow.session.scalars(select(Notice).where(Notice.text_id == row.id)):
        notice.text_unsent = True
    if row.asker_id is not None:
        words = {"phone": mask_phone(phone)}
        notices.tell(uow, row.asker_id, News.TEXT_UNSENT, subject=row.id, words=words)
