"""A session as text and back, for stores that keep text."""

import json
from datetime import UTC, datetime
from typing import Any

from qr_session.codes import Code, Purpose
from qr_session.session import Phone, QrSession, Secrets, State


def to_text(session: QrSession) -> str:
    """One line of JSON; moments are seconds since 1970, exact to the microsecond."""
    phone, kept = session.phone, session.secrets
    return json.dumps(
        {
            "id": session.id,
            "purpose": session.purpose,
            "subject": session.subject,
            "created_at": session.created_at.timestamp(),
            "deadline": session.deadline.timestamp(),
            "ends_at": session.ends_at.timestamp(),
            "forget_at": session.forget_at.timestamp(),
            "state": session.state,
            "seq": session.seq,
            "generation": session.generation,
            "hint": session.hint,
            "progress": session.progress,
            "phone": None if phone is None else [phone.account, phone.name],
            "scanned_at": _seconds(session.scanned_at),
            "reference_ok": session.reference_ok,
            "named_signer": session.named_signer,
            "refreshes": session.refreshes,
            "other_phones": session.other_phones,
            "user_codes": session.user_codes,
            "secrets": [
                kept.page,
                kept.open,
                _seconds(kept.open_until),
                kept.login,
                _seconds(kept.login_until),
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_text(text: str) -> QrSession:
    """The session that `to_text` wrote."""
    kept: dict[str, Any] = json.loads(text)
    page, opened, open_until, login, login_until = kept["secrets"]
    kept["secrets"] = Secrets(page, opened, _moment(open_until), login, _moment(login_until))
    kept["phone"] = None if kept["phone"] is None else Phone(*kept["phone"])
    for name in ("created_at", "deadline", "ends_at", "forget_at", "scanned_at"):
        kept[name] = _moment(kept[name])
    # A record of the version before has none.
    kept["user_codes"] = tuple(kept.get("user_codes", ()))
    kept["purpose"] = Purpose(kept["purpose"])
    kept["state"] = State(kept["state"])
    kept["hint"] = Code(kept["hint"])
    return QrSession(**kept)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
