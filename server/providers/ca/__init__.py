"""The certificate authority: issues, revokes and answers for certificates."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from server.core.errors import Conflict, Invalid, NotFound, Unavailable
from server.pki.authority import Period, Subject
from server.pki.revocation import Revocation, RevocationReason
from server.pki.subject_keys import Algorithm


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


class CertificateWithdrawn(Conflict):
    """A revoked certificate is neither renewed nor suspended nor enabled again."""

    code = "certificate_withdrawn"
    message = ("该数字证书已吊销。", "This certificate is revoked.")
    next_step = ("请申请新的数字证书。", "Please apply for a new certificate.")


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

    @property
    def suspended(self) -> bool:
        """Withdrawn for a time only."""
        held = RevocationReason.CERTIFICATE_HOLD
        return self.revocation is not None and self.revocation.reason is held


class CertificateAuthority(Protocol):
    """Every call may raise CaUnavailable, and may be made again: nothing happens twice (R-08)."""

    development_only: ClassVar[bool]

    def issue(
        self, request_id: str, subject: Subject, public_key: bytes, period: Period
    ) -> IssuedCertificate:
        """A certificate for a SubjectPublicKeyInfo (DER): SM2 or P-256 to sign, X25519 to wrap.

        The same request gives the same certificate, however often it is asked. Raises
        RequestReused, PeriodRefused, UnsupportedKey.
        """
        ...

    def renew(self, request_id: str, serial: str, period: Period) -> IssuedCertificate:
        """Another certificate for the same subject and key; the old one lives on to its end.

        Raises RequestReused, PeriodRefused, CertificateUnknown, CertificateWithdrawn.
        """
        ...

    def suspend(self, serial: str) -> CertificateStatus:
        """Withdraw a certificate for a time. CertificateUnknown, CertificateWithdrawn."""
        ...

    def resume(self, serial: str) -> CertificateStatus:
        """End a suspension. CertificateUnknown, CertificateWithdrawn."""
        ...

    def revoke(self, serial: str, reason: RevocationReason) -> CertificateStatus:
        """Withdraw a certificate for good; the first revocation stands. CertificateUnknown."""
        ...

    def status(self, serial: str) -> CertificateStatus:
        """Raises CertificateUnknown."""
        ...

    def crl(self, algorithm: Algorithm) -> bytes:
        """The present list of withdrawn certificates of one kind, DER."""
        ...

    def ocsp(self, request: bytes) -> bytes:
        """The OCSP response (DER) to a request (DER); an unreadable request is answered too."""
        ...

    def chain(self, algorithm: Algorithm) -> list[bytes]:
        """DER of the issuing certificate and the root, in this order."""
        ...
