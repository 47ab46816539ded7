"""What people are told, in both languages: one row of the table for each kind of news (P-36).

A package adds its own members and rows. Words in braces are filled by the `words` of `tell`; a
word that the server knows (`法定代表人`) is shown in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class News(StrEnum):
    TEXT_UNSENT = "text_unsent"
    PASSWORD_SET = "password_set"  # noqa: S105 - a kind of news, not a password
    PHONE_CHANGED = "phone_changed"


@dataclass(frozen=True)
class Sentence:
    """Title and text (Chinese, English), and the phone page that it leads to; `warns` where
    somebody else may be at work: it is shown with a mark, and says what to do.
    """

    title: tuple[str, str]
    text: tuple[str, str]
    link: str = ""
    warns: bool = False


NEWS: Mapping[News, Sentence] = {
    News.TEXT_UNSENT: Sentence(
        ("短信未能送达", "A text message could not be sent"),
        (
            "发往 {phone} 的短信多次发送失败，对方未收到。请核对手机号后重新发送。",
            "The text message to {phone} could not be sent. Check the number and send it again.",
        ),
    ),
    News.PASSWORD_SET: Sentence(
        ("登录密码已设置", "Login password set"),
        (
            "您的登录密码已重新设置，其他设备已退出登录。如非本人操作，请立即修改密码。",
            "Your login password was set anew and other devices were logged out. If this was not "
            "you, change it at once.",
        ),
        "/m/me/password",
        warns=True,
    ),
    News.PHONE_CHANGED: Sentence(
        ("手机号已更换", "Phone number changed"),
        (
            "您的账号已改绑新的手机号，其他设备已退出登录。如非本人操作，请立即修改登录密码。",
            "Your account is now bound to another phone and other devices were logged out. If this "
            "was not you, change your login password at once.",
        ),
        "/m/me/password",
        warns=True,
    ),
}
