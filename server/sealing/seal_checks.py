"""The eight checks of a seal (B4.4), one function each: passed, failed with a cause, or unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from server.pki.issuer_keys import SM2_WITH_SM3
from server.sealing.certificate_chain import PASSED, Chains, Verdict, may_sign, name_of
from server.sealing.report import Answer, Check, CheckName
from server.sealing.ses import MadeSeal
from server.sealing.ses_signature import SealSignature
from server.sealing.signature_values import CannotVerify, sm2_verifies
from server.sealing.time_stamps import CLOCKS_DIFFER, Stamped

FAILED, UNKNOWN = Answer.FAILED, Answer.UNKNOWN
STAMPED_WITHIN = timedelta(days=1)  # a time-stamp authority may be out of reach for hours
DIGEST_DIFFERS = "document_digest_differs"


@dataclass(frozen=True)
class DocumentWord:
    """What a seal's signature stands in: the SM3 of the ByteRange, whether that covers its whole
    revision, what the CMS around it is worth, and whose name signs there."""

    digest: bytes
    whole: bool
    verdict: Verdict
    signer: str


@dataclass(frozen=True)
class Sealing:
    """One seal's signature with all that a check may look at. `seal_alone`: data of a seal that
    came without a signature."""

    seal: MadeSeal
    maker: x509.Certificate | None
    signature: SealSignature | None
    signer: x509.Certificate | None
    document: DocumentWord | None
    stamp: Stamped
    chains: Chains

    @property
    def moment(self) -> datetime:
        """When it was sealed: by the time stamp, or else as the signer says."""
        claimed = self.signature.signed_at if self.signature else self.chains.now
        return self.stamp.time or claimed

    @property
    def proven(self) -> bool:
        return self.stamp.time is not None


def run(sealing: Sealing) -> tuple[Check, ...]:
    """All eight, in their order."""
    return tuple(_check(name, check(sealing)) for name, check in CHECKS.items())


def unreadable(cause: str) -> tuple[Check, ...]:
    """The eight checks of what cannot be read: the first failed, the rest cannot be told."""
    first = _check(CheckName.SEAL_FORMAT, (FAILED, cause))
    rest = [name for name in CheckName if name is not CheckName.SEAL_FORMAT]
    return (first, *(_check(name, (UNKNOWN, "seal_unreadable")) for name in rest))


def seal_format(sealing: Sealing) -> Verdict:
    """1: both parse strictly, and their versions agree."""
    if sealing.signature is not None and sealing.signature.version != sealing.seal.version:
        return FAILED, "versions_differ"
    return PASSED


def signer_certificate(sealing: Sealing) -> Verdict:
    """2: the seal names the signer, whose key may sign."""
    if sealing.signature is None:
        return UNKNOWN, "no_seal_signature"
    if sealing.signer is None:
        return FAILED, "signer_unreadable"
    listed = _lists(sealing.seal, sealing.signature.certificate)
    if listed is None:
        return UNKNOWN, "digest_unknown"
    if not listed:
        return FAILED, "signer_not_listed"
    return PASSED if may_sign(sealing.signer) else (FAILED, "key_usage")


def seal_validity(sealing: Sealing) -> Verdict:
    """3: the maker has signed the seal, leads to a root, and it was within its period."""
    seal, maker, moment = sealing.seal, sealing.maker, sealing.moment
    if maker is None:
        return FAILED, "maker_unreadable"
    if seal.algorithm != SM2_WITH_SM3:
        return UNKNOWN, "algorithm_unknown"
    try:
        if not sm2_verifies(maker, seal.signature, seal.signed):
            return FAILED, "seal_forged"
    except CannotVerify:
        return UNKNOWN, "algorithm_unknown"
    if max(seal.facts.valid_from, seal.facts.created_at - CLOCKS_DIFFER) > moment:
        return FAILED, "seal_not_yet_valid"
    if moment > seal.facts.valid_until:
        return FAILED, "seal_expired"
    return _maker(sealing, maker)


def signing_time(sealing: Sealing) -> Verdict:
    """4: within the lives of seal and certificate, not in the future, and as the stamp says."""
    signature, stamped = sealing.signature, sealing.stamp.time
    if signature is None:
        return UNKNOWN, "no_seal_signature"
    at, facts = signature.signed_at, sealing.seal.facts
    if at > sealing.chains.now + CLOCKS_DIFFER:
        return FAILED, "in_the_future"
    if not facts.valid_from <= at <= facts.valid_until:
        return FAILED, "outside_seal_period"
    signer = sealing.signer
    if signer and not signer.not_valid_before_utc <= at <= signer.not_valid_after_utc:
        return FAILED, "outside_certificate_period"
    if stamped and not at - CLOCKS_DIFFER <= stamped <= at + STAMPED_WITHIN:
        return FAILED, "disagrees_with_stamp"
    return PASSED


def certificate(sealing: Sealing) -> Verdict:
    """5: the signer's chain, period and revocation at signing time."""
    if sealing.signature is None:
        return UNKNOWN, "no_seal_signature"
    if sealing.signer is None:
        return FAILED, "signer_unreadable"
    chains, proven = sealing.chains, sealing.proven
    return judge_certificate(sealing.signer, chains, sealing.moment, proven=proven)


def time_stamp(sealing: Sealing) -> Verdict:
    """6: imprint, chain, key usage of the RFC 3161 token."""
    return sealing.stamp.verdict


def seal_signature(sealing: Sealing) -> Verdict:
    """7: SM2 over what the seal signed, inside a sound signature of the same signer."""
    signature, signer = sealing.signature, sealing.signer
    if signature is None:
        return UNKNOWN, "no_seal_signature"
    if signer is None:
        return FAILED, "signer_unreadable"
    if signature.algorithm != SM2_WITH_SM3:
        return UNKNOWN, "algorithm_unknown"
    try:
        if not sm2_verifies(signer, signature.signature, signature.signed):
            return FAILED, "seal_signature_wrong"
    except CannotVerify:
        return UNKNOWN, "algorithm_unknown"
    return _around(sealing.document, signer)


def document_digest(sealing: Sealing) -> Verdict:
    """8: SM3 and SHA-256 over the ByteRange, which covers the whole revision."""
    document = sealing.document
    if document is None or sealing.signature is None:
        return UNKNOWN, "no_document"
    if not document.whole:
        return FAILED, "byte_range_incomplete"
    if sealing.signature.data_hash != document.digest:
        return FAILED, "seal_digest_differs"
    return document.verdict if document.verdict[1] == DIGEST_DIFFERS else PASSED


CHECKS: dict[CheckName, Callable[[Sealing], Verdict]] = {
    CheckName.SEAL_FORMAT: seal_format,
    CheckName.SIGNER_CERTIFICATE: signer_certificate,
    CheckName.SEAL_VALIDITY: seal_validity,
    CheckName.SIGNING_TIME: signing_time,
    CheckName.CERTIFICATE: certificate,
    CheckName.TIME_STAMP: time_stamp,
    CheckName.SEAL_SIGNATURE: seal_signature,
    CheckName.DOCUMENT_DIGEST: document_digest,
}


def judge_certificate(
    signer: x509.Certificate, chains: Chains, moment: datetime, *, proven: bool
) -> Verdict:
    """Whether a signer's certificate leads to a root and was not revoked at that moment.

    A certificate that has ended since can be told from one that was never valid then only by a
    time stamp (ETSI EN 319 102-1 5.2.6).
    """
    standing = chains.lead(signer, chains.trust.document_roots, moment)
    if standing.verdict != PASSED:
        return standing.verdict
    if not proven and chains.now > signer.not_valid_after_utc:
        return UNKNOWN, "expired_unstamped"
    return chains.revoked(standing.chain, moment, proven=proven)


def _maker(sealing: Sealing, maker: x509.Certificate) -> Verdict:
    """The maker as he stood when he made the seal; revocation counts up to the sealing."""
    chains = sealing.chains
    standing = chains.lead(maker, chains.trust.seal_maker_roots, sealing.seal.facts.created_at)
    if standing.verdict != PASSED:
        answer, cause = standing.verdict
        return answer, cause.replace("certificate", "maker")
    if not may_sign(maker):
        return FAILED, "maker_key_usage"
    revoked = chains.revoked(standing.chain, sealing.moment, proven=sealing.proven)
    if revoked[0] is FAILED:
        return FAILED, "maker_revoked"
    # Without a time stamp he may have made the seal after that, under an earlier date.
    return (UNKNOWN, "maker_revoked_later") if revoked[1] == "revoked_later" else PASSED


def _lists(seal: MadeSeal, signer: bytes) -> bool | None:
    """Whether the seal names this certificate; None when it does so by digests that we lack."""
    if not seal.facts.digests:
        return signer in seal.facts.certificates
    known = {"SM3": _sm3, "1.2.156.10197.1.401": _sm3}
    known |= dict.fromkeys(("SHA256", "SHA-256", "2.16.840.1.101.3.4.2.1"), _sha256)
    told = [(known.get(name.upper()), digest) for name, digest in seal.facts.digests]
    if any(make and make(signer) == digest for make, digest in told):
        return True
    return False if all(make for make, _ in told) else None


def _around(document: DocumentWord | None, signer: x509.Certificate) -> Verdict:
    """What the CMS that holds the seal's signature says of it; a digest is the eighth check's."""
    if document is None:
        return PASSED
    if document.verdict != PASSED and document.verdict[1] != DIGEST_DIFFERS:
        return document.verdict
    return PASSED if document.signer == name_of(signer) else (UNKNOWN, "signers_differ")


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _sha256(data: bytes) -> bytes:
    return sha256(data).digest()


def _check(name: CheckName, verdict: Verdict) -> Check:
    return Check(name, *verdict)
