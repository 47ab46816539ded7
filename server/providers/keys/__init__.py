"""The service's master key, behind calls: the key itself never leaves the provider (S-22)."""

from typing import ClassVar, Protocol

from server.core.errors import Invalid, TooMany, Unavailable


class KeysUnavailable(Unavailable):
    """The key holder does not answer."""

    code = "keys_unavailable"
    message = ("密钥服务暂时不可用。", "The key service is not available for the moment.")
    next_step = ("请稍后再试。", "Please try again later.")


class TooManyKeyCalls(TooMany):
    """One subject asked for more than the stated number of calls in a minute."""

    code = "too_many_key_calls"
    message = ("操作太频繁，请稍候。", "Too many operations; please wait.")
    next_step = ("一分钟后再试。", "Try again in a minute.")


class UnwrapRefused(Invalid):
    """The wrapped secret belongs to another purpose or subject, or was changed."""

    code = "unwrap_refused"
    message = ("密钥数据无法打开。", "The wrapped key cannot be opened.")
    next_step = ("请重新进行身份认证。", "Please verify your identity again.")


class Keys(Protocol):
    """HMAC and wrapping under keys derived from the master key, one per purpose.

    `subject` says whose secret it is (an opaque id). It is part of every computation, so the limit
    of calls per subject cannot be passed by naming another one. Calls may raise TooManyKeyCalls
    and KeysUnavailable.
    """

    development_only: ClassVar[bool]

    def hmac(self, purpose: str, subject: str, data: bytes = b"") -> bytes:
        """32 bytes that only this service can compute (HMAC-SHA-256)."""
        ...

    def wrap(self, purpose: str, subject: str, secret: bytes, aad: bytes = b"") -> bytes:
        """Encrypt a small secret (AES-256-GCM); `aad` must be given again to unwrap."""
        ...

    def unwrap(self, purpose: str, subject: str, wrapped: bytes, aad: bytes = b"") -> bytes:
        """The secret of `wrap`; raises UnwrapRefused."""
        ...
