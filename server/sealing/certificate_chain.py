"""Certificates of a sealed file: read, led to a root that was given, and asked for revocation."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.pki.chain import CertificateUnreadable, ChainBroken, check_chain, load_certificates
from server.sealing.malformed import MALFORMED
from server.sealing.report import Answer, CertificateFacts
from server.sealing.revocation_data import Word, words
from server.sealing.trust import TrustList

Verdict = tuple[Answer, str]
PASSED: Verdict = (Answer.PASSED, "")
SIGNING_USES = ("digital_signature", "content_commitment")
OTHER_PURPOSES = {
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
}


@dataclass(frozen=True)
class Standing:
    """How a certificate stood at a moment: `chain` from it to the root, empty without one."""

    verdict: Verdict
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def above(self) -> tuple[str, ...]:
        """The subjects above the certificate, as RFC 4514 writes them."""
        return tuple(one.subject.rfc4514_string() for one in self.chain[1:])


class Chains:
    """Leads certificates to roots, with what came along and what was given; asks nobody.

    `pool` are certificates from the file: they may stand between, and are never believed
    themselves. `now` is the moment of the verification.
    """

    def __init__(
        self,
        trust: TrustList,
        pool: Sequence[x509.Certificate],
        *,
        now: datetime,
        revocation: tuple[Sequence[bytes], Sequence[bytes]] = ((), ()),
    ) -> None:
        self.trust, self.now = trust, now
        self._pool = [*pool, *readable(trust.others)]
        self._sources = ([*trust.crls, *revocation[0]], [*trust.ocsps, *revocation[1]])
        self._roots: dict[tuple[bytes, ...], list[x509.Certificate]] = {}
        self._revoked: dict[tuple[tuple[x509.Certificate, ...], datetime, bool], Verdict] = {}
        self._found: dict[tuple[x509.Certificate, tuple[bytes, ...], datetime], Standing] = {}

    def lead(self, leaf: x509.Certificate, roots: tuple[bytes, ...], at: datetime) -> Standing:
        """The chain as it stood `at`, without revocation."""
        key = (leaf, roots, at)
        if key not in self._found:
            self._found[key] = self._lead(leaf, roots, at)
        return self._found[key]

    def revoked(self, chain: Sequence[x509.Certificate], at: datetime, *, proven: bool) -> Verdict:
        """Whether a certificate of the chain was revoked `at`.

        `proven`: a time stamp says so; otherwise a revocation after that moment leaves open which
        was first. Unknown when nobody says anything of the chain's first certificate.
        """
        key = (tuple(chain), at, proven)
        if key not in self._revoked:
            self._revoked[key] = self._ask(chain, at, proven=proven)
        return self._revoked[key]

    def _ask(self, chain: Sequence[x509.Certificate], at: datetime, *, proven: bool) -> Verdict:
        for place, (one, issuer) in enumerate(pairwise(chain)):
            said = list(words(one, issuer, self._sources, at=at, now=self.now))
            verdict = _of_words(said, at, proven=proven)
            if verdict != PASSED and (said or place == 0):
                return verdict
        return PASSED

    def _lead(self, leaf: x509.Certificate, roots: tuple[bytes, ...], at: datetime) -> Standing:
        if at < leaf.not_valid_before_utc:
            return Standing((Answer.FAILED, "certificate_not_yet_valid"))
        if at > leaf.not_valid_after_utc:
            return Standing((Answer.FAILED, "certificate_expired"))
        if roots not in self._roots:
            self._roots[roots] = readable(roots)
        try:
            chain = check_chain(leaf, self._pool, self._roots[roots], at)
        except (ChainBroken, *MALFORMED, UnsupportedAlgorithm, RecursionError):
            return Standing((Answer.UNKNOWN, "certificate_untrusted"))
        return Standing(PASSED, tuple(chain))


def readable(ders: Iterable[bytes]) -> list[x509.Certificate]:
    """The certificates among these that can be read."""
    found: list[x509.Certificate] = []
    for der in ders:
        with suppress(CertificateUnreadable):
            found += _load(der)
    return found


@lru_cache(maxsize=256)
def _load(der: bytes) -> tuple[x509.Certificate, ...]:
    """Remembered, as roots and authorities are the same for every file."""
    return tuple(load_certificates(der))


def facts_of(certificate: x509.Certificate, above: tuple[str, ...] = ()) -> CertificateFacts:
    """What a report says of a certificate."""
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        chain=above,
    )


def name_of(certificate: x509.Certificate) -> str:
    """Whom it speaks for: the organisation's full name, or else the common name."""
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key usage and its purposes, if it names any, allow to sign documents."""
    for extension in certificate.extensions:
        said = extension.value
        if isinstance(said, x509.KeyUsage) and not any(getattr(said, use) for use in SIGNING_USES):
            return False
        if isinstance(said, x509.ExtendedKeyUsage) and set(said) <= OTHER_PURPOSES:
            return False
    return True


def _of_words(said: Sequence[Word], at: datetime, *, proven: bool) -> Verdict:
    if not said:
        return Answer.UNKNOWN, "revocation_unknown"
    moments = [word.revoked_at for word in said if word.revoked_at is not None]
    if any(moment <= at for moment in moments):
        return Answer.FAILED, "certificate_revoked"
    if moments and not proven:
        return Answer.UNKNOWN, "revoked_later"
    return PASSED
