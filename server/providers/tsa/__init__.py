"""The time-stamp authority: proves that a digest existed at a moment (RFC 3161)."""

from typing import ClassVar, Protocol

from server.core.errors import Unavailable


class TsaUnavailable(Unavailable):
    """No address gave a time stamp that stands; nothing was sealed."""

    code = "tsa_unavailable"
    message = ("时间戳服务暂时不可用。", "The time-stamp service is not available.")
    next_step = ("请稍后重新确认签署。", "Please confirm the signature again later.")


class TsaUnreachable(TsaUnavailable):
    """No connection, or an answer that is not a time-stamp reply."""

    code = "tsa_unreachable"


class TsaTimeout(TsaUnavailable):
    """The authority did not answer within the limit."""

    code = "tsa_timeout"


class TsaAnswerRejected(TsaUnavailable):
    """An answer came and does not stand; `cause` names the rule that it broke."""

    code = "tsa_answer_rejected"


class Tsa(Protocol):
    """Stamps digests."""

    development_only: ClassVar[bool]

    def stamp(self, imprint: bytes, hash_name: str = "sha256") -> bytes:
        """The TimeStampToken (CMS, DER) over a digest of `hash_name` (sha256, sha384, sha512).

        The token is checked before it is returned: imprint, nonce, signature, chain, key usage.
        Raises TsaUnavailable or one of its children.
        """
        ...

    def roots(self) -> list[bytes]:
        """DER of the root certificates that the tokens are trusted by."""
        ...
