"""The animated QR token: build it, read it, check its MAC and its age; pure.

`version 1 | session id 16 | step 3 | MAC 12` characters of base64url, 32 in all, so that it also
fits a mini-program `scene` (qr-session.md, "The QR").
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from qr_session.codes import Purpose
from qr_session.errors import NotASigningCode
from qr_session.keys import b64url, expand, same

VERSION = "1"
LAST_STEP = (1 << 18) - 1
_TOKEN = re.compile(r"1([A-Za-z0-9_-]{16})([A-Za-z0-9_-]{3})([A-Za-z0-9_-]{12})")


@dataclass(frozen=True)
class Frame:
    """One picture of the animation: `text` is the full address inside the QR."""

    text: str
    shows_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Token:
    """A token that has the right shape; nothing is proved yet."""

    session_id: str
    step: int
    mac: str


def new_session_id() -> str:
    """96 random bits, 16 characters: a public name that grants nothing."""
    return b64url(secrets.token_bytes(12))


def frame_key(root_key: bytes, session_id: str, generation: int) -> bytes:
    """The key of one generation of frames; never stored, made from the master key each time."""
    return expand(root_key, f"frame|{session_id}|{generation}".encode())


def step_at(moment: datetime, started: datetime, length: timedelta) -> int:
    """The number of the frame that shows at `moment`; the first is 1, 0 is the static code."""
    return min(1 + (moment - started) // length, LAST_STEP)


def build(key: bytes, *, session_id: str, step: int, purpose: Purpose) -> str:
    """The 32 characters of one frame."""
    head = VERSION + session_id + _step_text(step)
    return head + _mac(key, head, purpose)


def read(text: str) -> Token:
    """Take a token apart, or raise NotASigningCode."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        raise NotASigningCode
    session_id, step, mac = match.groups()
    return Token(session_id, int.from_bytes(base64.urlsafe_b64decode(step + "A")) >> 6, mac)


def is_genuine(token: Token, key: bytes, purpose: Purpose) -> bool:
    """Whether `key` made this token for this purpose, compared in constant time."""
    head = VERSION + token.session_id + _step_text(token.step)
    return same(token.mac, _mac(key, head, purpose))


def _step_text(step: int) -> str:
    return b64url((step << 6).to_bytes(3))[:3]


def _mac(key: bytes, head: str, purpose: Purpose) -> str:
    return b64url(hmac.digest(key, f"{head}{purpose}".encode(), "sha256")[:9])
