"""The certificate authority: issues, revokes and answers for certificates."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from server.core.errors import Conflict, Invalid, NotFound, Unavailable
from server.pki.authority import Period, Subject
from server.pki.revocation import Revocation, RevocationReason


class CaUnavailable(Unavailable):
    """The authority does not answer; asking again with the same request id is safe (R-08)."""

    code = "ca_unavailable"
    message = ("数字证书服务暂时不可用。", "The certificate authority is not available.")
    next_step = ("申请已保留，稍后会自动重试。", "The request is kept and will be tried again.")


class RequestReused(Conflict):
    """This request id already stands for another certificate."""

    code = "certificate_request_reused"
    message = ("该证书申请编号已用于其他申请。", "This request id stands for another certificate.")
    next_step = ("请重新发起证书申请。", "Please start a new request.")


class PeriodRefused(Invalid):
    """The authority cannot answer for a certificate of this period."""

    code = "certificate_period_refused"
    message = ("证书有效期不符合要求。", "The certificate's period is not acceptable.")
    next_step = ("请选择较短的有效期。", "Please choose a shorter period.")


class CertificateUnknown(NotFound):
    """The authority has issued no certificate with this serial number."""

    code = "certificate_unknown"
    message = ("没有找到该数字证书。", "No such certificate.")
    next_step = ("请核对证书序列号。", "Please check the serial number.")


@dataclass(frozen=True)
class IssuedCertificate:
    """`serial` is lower-case hex without prefix; `certificate` is DER."""

    serial: str
    certificate: bytes


@dataclass(frozen=True)
class CertificateStatus:
    """Whether the authority stands by a certificate; a revocation says since when and why."""

    revocation: Revocation | None = None

    @property
    def good(self) -> bool:
        return self.revocation is None


class CertificateAuthority(Protocol):
    """Every call may raise CaUnavailable."""

    development_only: ClassVar[bool]

    def issue(
        self, request_id: str, subject: Subject, public_key: bytes, period: Period
    ) -> IssuedCertificate:
        """A certificate for a SubjectPublicKeyInfo (DER): P-256 to sign, X25519 to wrap keys.

        The same request gives the same certificate, however often it is asked. Raises
        RequestReused, PeriodRefused, UnsupportedKey.
        """
        ...

    def revoke(self, serial: str, reason: RevocationReason) -> CertificateStatus:
        """Withdraw a certificate for good; the first revocation stands. CertificateUnknown."""
        ...

    def status(self, serial: str) -> CertificateStatus:
        """Raises CertificateUnknown."""
        ...

    def crl(self) -> bytes:
        """The present list of revoked certificates, DER."""
        ...

    def ocsp(self, request: bytes) -> bytes:
        """The OCSP response (DER) to a request (DER); an unreadable request is answered too."""
        ...

    def chain(self) -> list[bytes]:
        """DER of the issuing certificate and the root, in this order."""
        ...
