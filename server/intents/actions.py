"""What a person can be asked to want, in words, and by which methods he may say so.

`parameters` name what an act concerns, and are bound to the proof. Where the act is a company's
they name it as `enterprise`: applying for its seals and cancelling one take a text message alone
(B4.1, B4.2.4), a person's own take any method he has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from server.core.idempotency import body_digest

ENTERPRISE: Final = "enterprise"


class IntentMethod(StrEnum):
    """By what somebody proves his intent: signing PIN, a code to his phone, his face."""

    PIN = "pin"
    SMS = "sms"
    FACE = "face"


class Action(StrEnum):
    """An act behind 意愿认证; the value is part of the interface."""

    APPLY = "apply"
    CANCEL_SEAL = "cancel_seal"
    SUSPEND_SEAL = "suspend_seal"
    ENABLE_SEAL = "enable_seal"
    RENEW_SEAL = "renew_seal"
    CHANGE_IMPRESSION = "change_impression"
    CHANGE_METHOD = "change_method"
    SIGN_DOCUMENTS = "sign_documents"
    RESET_USE_PASSWORD = "reset_use_password"  # noqa: S105 - an act, not a password

    @property
    def words(self) -> tuple[str, str]:
        """What the person is told that he is about to do, zh and en."""
        return WORDS[self]


WORDS: Final[Mapping[Action, tuple[str, str]]] = MappingProxyType(
    {
        Action.APPLY: ("申领印章", "Apply for seals"),
        Action.CANCEL_SEAL: ("注销印章", "Cancel a seal"),
        Action.SUSPEND_SEAL: ("停用印章", "Suspend a seal"),
        Action.ENABLE_SEAL: ("启用印章", "Enable a seal"),
        Action.RENEW_SEAL: ("续期印章", "Renew a seal"),
        Action.CHANGE_IMPRESSION: ("变更印模", "Change a seal's impression"),
        Action.CHANGE_METHOD: ("变更用章核验方式", "Change how the use of seals is verified"),
        Action.SIGN_DOCUMENTS: ("签署文件", "Sign documents"),
        Action.RESET_USE_PASSWORD: ("重新设置核验密码", "Set a new use password"),
    }
)
ANY: Final = (IntentMethod.PIN, IntentMethod.SMS, IntentMethod.FACE)
BY_TEXT: Final = (IntentMethod.SMS,)
# What opens the PIN's own door is given with the PIN itself.
BY_TEXT_OR_FACE: Final = (Action.RESET_USE_PASSWORD, Action.SIGN_DOCUMENTS)
TEXT_FOR_COMPANIES: Final = (Action.APPLY, Action.CANCEL_SEAL)


@dataclass(frozen=True)
class Subject:
    """What is to be done with what: ids and digests, never a secret."""

    action: Action
    parameters: Mapping[str, str]

    @property
    def digest(self) -> str:
        """By which the proof is bound: SHA-256 over action and parameters, hexadecimal."""
        return body_digest([self.action.value, dict(self.parameters)])

    @property
    def methods(self) -> tuple[IntentMethod, ...]:
        """The methods that this act allows, the first one offered first."""
        if self.action in BY_TEXT_OR_FACE:
            return (IntentMethod.SMS, IntentMethod.FACE)
        for_company = self.action in TEXT_FOR_COMPANIES and ENTERPRISE in self.parameters
        return BY_TEXT if for_company else ANY
