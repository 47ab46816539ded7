"""What happened to one's own account, in words: logins, changes, consents, locks (P-38)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.core.audit import AuditRow
from server.core.db import UnitOfWork
from server.core.paging import LARGEST, BadCursor, Page

WORDS: Mapping[str, tuple[str, str]] = {
    "account.registered": ("注册账号", "Account registered"),
    "account.declared": ("填写实名信息", "Name and document given"),
    "account.proven": ("实名认证通过", "Real name verified"),
    "account.id_number_moved": (
        "证件号已由其他账号完成实名认证，本账号不再使用",
        "Your ID number was verified for another account and left this one",
    ),
    "account.logged_in": ("登录", "Logged in"),
    "account.session_ended": ("结束一台设备的登录", "A login was ended"),
    "account.password_set": ("设置登录密码", "Password set"),
    "account.password_locked": (
        "密码多次输错，账号已暂时锁定",
        "Locked after too many wrong passwords",
    ),
    "account.phone_changed": ("更换手机号", "Phone changed"),
    "account.data_taken": ("导出个人信息", "Personal data exported"),
    "account.closed": ("注销账号", "Account closed"),
    "certificate.downloaded": ("下载个人数字证书", "Personal certificate downloaded"),
    "pin.changed": ("修改签名口令", "Signing PIN changed"),
    "pin.reset": (
        "找回签名口令，换发个人数字证书",
        "Signing PIN reset with a new personal certificate",
    ),
    "consent.given": ("同意协议或授权", "Agreement or consent given"),
    "consent.withdrawn": ("撤回同意", "Consent withdrawn"),
    "face.settled": ("人脸核验", "Face check"),
    "identity.bound": ("绑定第三方账号", "Account of another house bound"),
    "identity.merged": ("关联第三方账号", "Account of another house joined"),
    "identity.unbound": ("解除第三方账号绑定", "Account of another house unbound"),
    "login.confirmed": ("扫码登录：已确认", "Login by QR code confirmed"),
    "login.declined": ("扫码登录：已拒绝", "Login by QR code refused"),
    "login.not_started_by_me": (
        "扫码登录：不是我发起的",
        "Login by QR code refused: not started by me",
    ),
    "login.refused_at_page": (
        "电脑端拒绝了您的扫码登录",
        "The person at the computer refused your login",
    ),
    "qr.letters_refused": ("输入的登录字母不正确", "Wrong login letters typed"),
}
# Somebody else may be at work; marked where they are shown.
WARNINGS = ("account.password_locked", "account.id_number_moved", "login.not_started_by_me")
# What of an entry's details a page may show; the rest are ids and digests.
TOLD = ("means", "kind", "outcome", "purpose", "sessions_ended")


@dataclass(frozen=True)
class Entry:
    """One line of the log; `words` in Chinese and English, `details` without ids."""

    seq: int
    at: datetime
    event: str
    words: tuple[str, str]
    details: Mapping[str, str]

    @classmethod
    def of(cls, row: AuditRow) -> "Entry":
        details = {key: str(row.details[key]) for key in TOLD if key in row.details}
        return cls(row.seq, row.at, row.event, WORDS[row.event], details)


def entries(
    uow: UnitOfWork, account_id: str, *, cursor: str | None = None, limit: int = 20
) -> Page[Entry]:
    """One page of what happened to this account, the newest first. Raises BadCursor."""
    rows = select(AuditRow).where(AuditRow.subject == account_id, AuditRow.event.in_(WORDS))
    if cursor is not None:
        rows = rows.where(AuditRow.seq < _read(cursor))
    size = max(1, min(limit, LARGEST))
    found = uow.session.scalars(rows.order_by(AuditRow.seq.desc()).limit(size + 1)).all()
    more = str(found[size - 1].seq) if len(found) > size else None
    return Page([Entry.of(row) for row in found[:size]], more)


def _read(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise BadCursor()
    return int(cursor)
