"""Text messages that wait for the gateway: asked for in a transaction, sent by a job (R-09).

A code is no such message: who waits for it is told at once (`codes.py`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from server.accounts.models import Account
from server.accounts.notice_models import TextMessage, TextState
from server.accounts.phones import read_phone
from server.core import jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.keys import Keys
from server.providers.sms.templates import gaps, life

SEND: Final = "texts.send"
# More than its life has room for, with ten minutes between two: the life decides.
TRIES: Final = 200
LONGEST_LIFE: Final = timedelta(days=1)
KEPT: Final = timedelta(days=30)
# What opens something for whoever reads it, and so never lies open in a table.
SECRET_GAPS: Final = frozenset({"code", "link"})
_ADDRESS: Final = re.compile(r"://|\bwww\.", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069【】]+")


class SecretInTheOpen(ValueError):
    """A text with a code or a link was asked for without a key to seal it."""


class AddressInWords(ValueError):
    """A word of a text brings an address of its own, as only the gap `link` may."""


@dataclass(frozen=True)
class ClosedText:
    """A text with its phone, sealed for its own row."""

    id: str
    template: str
    sealed: bytes = field(repr=False)


def send_text(
    uow: UnitOfWork, keys: Keys, phone: str, template: str, words: Mapping[str, str]
) -> str:
    """Have one of the texts of `providers/sms/templates.py` sent to a phone; the message's id.

    Raises BadPhone, AddressInWords; KeyError for a template or word that is missing. Where the
    key holder may be slow: `close_text` before the transaction, `send_closed` in it.
    """
    return send_closed(uow, close_text(keys, phone, template, words))


def close_text(keys: Keys, phone: str, template: str, words: Mapping[str, str]) -> ClosedText:
    """Seal a text for `send_closed`. Raises what `send_text` does."""
    text_id = new_id("text")
    secret = json.dumps({"phone": read_phone(phone), "words": _fit(template, words)})
    return ClosedText(text_id, template, keys.wrap("text", text_id, secret.encode()))


def open_text(keys: Keys, row: TextMessage) -> tuple[str, dict[str, str]]:
    """Phone and words of a text that `close_text` sealed."""
    found = json.loads(keys.unwrap("text", row.id, row.sealed or b""))
    return found["phone"], found["words"]


def send_closed(uow: UnitOfWork, text: ClosedText) -> str:
    """Have it sent once this transaction is committed; its id."""
    row = _row(uow, text.id, text.template)
    row.sealed = text.sealed
    return row.id


def text_account(
    uow: UnitOfWork, account_id: str, template: str, words: Mapping[str, str]
) -> str | None:
    """Have a text sent to the phone that the account has by then; its id, None without a phone.

    Raises SecretInTheOpen for a template with a code or a link, and what `send_text` does.
    """
    if SECRET_GAPS & set(gaps(template)):
        raise SecretInTheOpen(template)
    fit = _fit(template, words)
    if uow.session.get_one(Account, account_id).phone_sealed is None:
        return None
    row = _row(uow, new_id("text"), template)
    row.account_id, row.words = account_id, fit
    return row.id


def tell_if_unsent(uow: UnitOfWork, text_id: str, account_id: str) -> None:
    """This person hears of it in 消息中心 when the message cannot be sent."""
    uow.session.get_one(TextMessage, text_id).asker_id = account_id


def state_of(uow: UnitOfWork, text_id: str) -> TextState:
    """What became of a message that was asked for."""
    return TextState(uow.session.get_one(TextMessage, text_id).state)


def sweep(uow: UnitOfWork) -> None:
    """Forget messages that were settled long ago."""
    old = (TextMessage.created_at < uow.now - KEPT, TextMessage.state != TextState.WAITING)
    uow.session.execute(delete(TextMessage).where(*old))


def _row(uow: UnitOfWork, text_id: str, template: str) -> TextMessage:
    row = TextMessage(id=text_id, template=template, words={}, state=TextState.WAITING)
    row.created_at = uow.now
    row.expires_at = uow.now + min(life(template), LONGEST_LIFE)
    uow.session.add(row)
    uow.session.flush()
    jobs.enqueue(uow, SEND, max_attempts=TRIES, text_id=text_id)
    return row


def _fit(template: str, words: Mapping[str, str]) -> dict[str, str]:
    """The words that the template has gaps for, as they may stand in a text (S-11)."""
    fit = {name: " ".join(_UNSAFE.sub(" ", words[name]).split()) for name in gaps(template)}
    if any(_ADDRESS.search(word) for name, word in fit.items() if name != "link"):
        raise AddressInWords(template)
    return fit
