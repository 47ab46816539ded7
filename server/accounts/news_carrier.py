"""The job that brings a notice to the person's WeChat, where he takes such messages (P-36)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.accounts import subscriptions
from server.accounts.models import PushReceipt
from server.accounts.news import NEWS, News
from server.accounts.notice_models import Notice
from server.core.clock import CHINA
from server.core.db import Database
from server.core.jobs import Claim

log = logging.getLogger(__name__)

PAGE: Final = "pages/messages/messages"


@dataclass(frozen=True)
class MessageForm:
    """A subscribe template: `fields` says what fills each of its fields, by WeChat's names.

    `title`, `text`, `at`, or a word of the news (`company`, `seal` …).
    """

    template: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class NewsCarrier:
    """Runs `notices.carry`; running it twice sends once."""

    db: Database
    forms: Mapping[News, MessageForm]

    def __call__(self, job: Claim) -> None:
        with self.db.begin() as uow:
            notice = uow.session.get(Notice, job.payload["notice_id"])
            form = self.forms.get(News(notice.news)) if notice else None
            key = f"job {job.id}"
            uow.queue_up(key)
            if notice is None or form is None or uow.session.get(PushReceipt, key) is not None:
                return
            uow.session.add(PushReceipt(key=key, taken_at=uow.now))
            fields = filled(notice, form)
            if fields is None:
                log.error("wechat_form_wrong", extra={"news": notice.news})
                return
            subscriptions.notify(
                uow,
                account_id=notice.account_id,
                template=form.template,
                fields=fields,
                page=PAGE,
            )


def filled(notice: Notice, form: MessageForm) -> dict[str, str] | None:
    """The fields with their values, in Chinese; None where one of them has nothing to say."""
    sentence = NEWS[News(notice.news)]
    said = {
        **notice.words,
        "title": sentence.title[0].format_map(notice.words),
        "text": sentence.text[0].format_map(notice.words),
        "at": _moment(notice.created_at),
    }
    if any(source not in said for source in form.fields.values()):
        return None
    return {field: said[source] for field, source in form.fields.items()}


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y年%m月%d日 %H:%M")
