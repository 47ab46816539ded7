"""The kinds of news, and what a row of their tables says; `news.py` puts the tables together."""

from dataclasses import dataclass
from enum import StrEnum


class News(StrEnum):
    TEXT_UNSENT = "text_unsent"
    PASSWORD_SET = "password_set"  # noqa: S105 - a kind of news, not a password
    PASSWORD_LOCKED = "password_locked"  # noqa: S105 - a kind of news, not a password
    PHONE_CHANGED = "phone_changed"
    APPLICATION_DONE = "application_done"
    APPLICATION_CORRECTION = "application_correction"
    APPLICATION_REJECTED = "application_rejected"
    APPLICATION_EXPIRED = "application_expired"
    SEAL_ENDS = "seal_ends"
    SEAL_RENEWED = "seal_renewed"
    IMPRESSION_CHANGED = "impression_changed"
    SEAL_CHANGE_FAILED = "seal_change_failed"
    SEAL_CANCELLED = "seal_cancelled"
    REPRESENTATIVE_CHANGED = "representative_changed"
    COMPANY_RENAMED = "company_renamed"
    COMPANY_STRUCK_OFF = "company_struck_off"
    ID_NUMBER_MOVED = "id_number_moved"
    LOGIN_NOT_MINE = "login_not_mine"
    SIGNING_NOT_MINE = "signing_not_mine"
    NEW_DEVICE = "new_device"
    SEAL_USED = "seal_used"
    GRANT_USED_UP = "grant_used_up"
    GRANT_ENDS = "grant_ends"
    GRANT_ENDED = "grant_ended"
    PIN_LOCKED = "pin_locked"
    CERTIFICATE_ENDS = "certificate_ends"
    CERTIFICATE_DOWNLOADED = "certificate_downloaded"
    PIN_CHANGED = "pin_changed"
    METHOD_SET = "method_set"
    SEAL_SUSPENDED = "seal_suspended"
    SEAL_ENABLED = "seal_enabled"
    GRANT_TO_ACCEPT = "grant_to_accept"


@dataclass(frozen=True)
class Sentence:
    """Title and text (Chinese, English), and the phone page that it leads to; `warns` where
    somebody else may be at work: it is shown with a mark, and says what to do.
    """

    title: tuple[str, str]
    text: tuple[str, str]
    link: str = ""
    warns: bool = False
