"""Short messages into a file, for development: the demo shows them instead of a phone."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

import structlog

from server.core.clock import Clock
from server.providers.sms import Receipt, SmsUnavailable, masked
from server.providers.sms.templates import render

OUTBOX = "sms.jsonl"


@dataclass(frozen=True)
class Message:
    """One text in the outbox; `sent_at` is ISO 8601 in UTC."""

    id: str
    phone: str
    template: str
    text: str
    sent_at: str


class ConsoleSms:
    """Appends to `folder/sms.jsonl`; the log gets the masked phone and never the text."""

    development_only: ClassVar[bool] = True

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._clock = clock
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.outbox = folder / OUTBOX

    def send(self, phone: str, template: str, params: Mapping[str, str]) -> Receipt:
        """See Sms.send."""
        now = self._clock.now()
        text = render(template, params)
        message = Message(secrets.token_hex(8), phone, template, text, now.isoformat())
        try:
            _append(self.outbox, message)
        except OSError as error:
            raise SmsUnavailable from error
        structlog.get_logger(__name__).info(
            "sms_sent", id=message.id, phone=masked(phone), template=template
        )
        return Receipt(message.id, now)

    def messages(self, limit: int = 50) -> list[Message]:
        """The newest first."""
        if not self.outbox.exists():
            return []
        lines = self.outbox.read_text("utf-8").splitlines()
        return [Message(**json.loads(line)) for line in reversed(lines[-limit:])]


def _append(outbox: Path, message: Message) -> None:
    line = json.dumps(asdict(message), ensure_ascii=False) + "\n"
    # One write in append mode, so that lines of two processes do not mix.
    descriptor = os.open(outbox, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
