"""Verifies a file: every signature, every seal with its eight checks, and what came afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from server.sealing.certificate_chain import (
    PASSED,
    Chains,
    Verdict,
    facts_of,
    may_sign,
    name_of,
    readable,
)
from server.sealing.check_output import der_in
from server.sealing.cms_reading import HASHES, CmsUnreadable, ReadCms, fault, read_cms
from server.sealing.errors import PdfTooComplex
from server.sealing.judgement import of_file
from server.sealing.malformed import MALFORMED
from server.sealing.page_box import Box
from server.sealing.report import (
    Answer,
    Overall,
    Report,
    SealReport,
    SignatureKind,
    SignatureReport,
)
from server.sealing.running_digests import RunningDigests
from server.sealing.seal_checks import DocumentWord, judge_certificate
from server.sealing.seal_report import SealPlace, report_seal
from server.sealing.signature_values import CannotVerify
from server.sealing.structure import SignedPart, Structure
from server.sealing.structure_reading import read_structure
from server.sealing.time_stamps import NO_STAMP, Stamped, imprint_digest, judge_imprint, judge_token
from server.sealing.trust import TrustList

NOT_WHOLE: Verdict = (Answer.FAILED, "byte_range_incomplete")
UNREADABLE: Verdict = (Answer.FAILED, "signature_unreadable")
MOST_HELD = 64  # of certificates, lists and answers each that a file brings along
# Each seal is told with all places of its signature, and who asks keeps the report in memory.
MOST_SEALS = 200  # in all signatures together, whether they can be read or not
MOST_SHOWN = 100_000  # places, counted once for each seal that they show
MOST_UNCOUNTED = 2000
CANNOT_VERIFY: Verdict = (Answer.UNKNOWN, "algorithm_unknown")


def verify(data: bytes, trust: TrustList, at: datetime) -> Report:
    """Everything that can be said of this file at this moment, without any network.

    To be run in the sandbox. Raises PdfDamaged, PdfEncrypted, PdfTooComplex.
    """
    structure = read_structure(data)
    verification = _Verification(data, structure, trust, at)
    signatures = tuple(verification.signatures())
    seals = tuple(verification.seals)
    shown = {seal.signature for seal in seals}
    known = {part.id for part in structure.parts}
    uncounted = tuple(
        place.field_name
        for place in structure.places
        # A place whose signature no form names shows a seal of which nothing can be said.
        if place.signature not in known or (not place.counts and place.signature in shown)
    )
    if len(uncounted) > MOST_UNCOUNTED:
        raise PdfTooComplex
    overall, cause = of_file(seals, signatures, uncounted)
    return Report(
        digest=verification.digests.of_file(hashes.SHA256()).hex(),
        size=len(data),
        pages=structure.pages,
        seals=seals,
        signatures=signatures,
        revisions=structure.revisions,
        uncounted=uncounted,
        overall=overall,
        cause=cause,
    )


@dataclass(frozen=True)
class _Word:
    """What one signature dictionary was found to be worth."""

    verdict: Verdict
    certificate: x509.Certificate | None = None
    trust: Verdict = PASSED
    stamp: Stamped = NO_STAMP
    claimed_at: datetime | None = None
    above: tuple[str, ...] = ()


class _Verification:
    """One file being verified; `seals` grows while its signatures are gone through."""

    def __init__(self, data: bytes, structure: Structure, trust: TrustList, at: datetime) -> None:
        self.seals: list[SealReport] = []
        self._shown = 0
        self.digests = RunningDigests(data)
        self._data, self._structure, self._trust, self._at = data, structure, trust, at
        self._places: dict[int, list[tuple[int, Box]]] = {}
        for place in structure.places:
            if place.counts:
                where = (place.page, place.rectangle)
                self._places.setdefault(place.signature, []).append(where)

    def signatures(self) -> Iterator[SignatureReport]:
        for part in self._structure.parts:
            if part.is_timestamp:
                yield self._report(part, self._timestamp(part), SignatureKind.DOCUMENT_TIMESTAMP)
            else:
                yield self._signature(part)

    def _signature(self, part: SignedPart) -> SignatureReport:
        try:
            read = read_cms(der_in(part.contents.hex().encode()))
        except (CmsUnreadable, ValueError):
            return self._report(part, _Word(UNREADABLE), SignatureKind.SIGNATURE)
        chains = self._chains(read.pool)
        stamp = judge_token(read.token, read.signature, chains)
        verdict = self._verdict(part, read)
        first = len(self.seals)
        if values := self._values(read):
            self._require_measure(part, len(values))
            place = self._place(part, name_of(read.certificate), stamp, verdict)
            self.seals += [report_seal(value, place, chains) for value in values]
        word = self._word(read, chains, stamp, read.claimed_at or part.claimed_at)
        kind = SignatureKind.SEALED if len(self.seals) > first else SignatureKind.SIGNATURE
        numbers = tuple(range(first, len(self.seals)))
        return self._report(part, replace(word, verdict=verdict), kind, numbers)

    def _require_measure(self, part: SignedPart, values: int) -> None:
        """Raises PdfTooComplex when this many seals more, all at its places, are too many."""
        self._shown += values * len(self._places.get(part.id, ()))
        if len(self.seals) + values > MOST_SEALS or self._shown > MOST_SHOWN:
            raise PdfTooComplex

    def _values(self, read: ReadCms) -> list[bytes]:
        """The signatures of seals among what was signed."""
        kinds = self._trust.seal_attributes
        return [value for kind in kinds for value in read.attributes.get(kind, ())]

    def _place(self, part: SignedPart, signer: str, stamp: Stamped, verdict: Verdict) -> SealPlace:
        document = DocumentWord(self._digest(part, "sm3"), part.whole, verdict, signer)
        places = tuple(self._places.get(part.id, ()))
        return SealPlace(part.id, places, document, stamp, part.changed_later)

    def _word(
        self, read: ReadCms, chains: Chains, stamp: Stamped, claimed: datetime | None
    ) -> _Word:
        moment = stamp.time or self._at
        proven = stamp.time is not None
        trust = judge_certificate(read.certificate, chains, moment, proven=proven)
        if trust == PASSED and not may_sign(read.certificate):
            trust = (Answer.FAILED, "key_usage")
        if stamp.verdict[0] is Answer.FAILED:
            trust = stamp.verdict
        above = chains.lead(read.certificate, self._trust.document_roots, moment).above
        return _Word(PASSED, read.certificate, trust, stamp, claimed, above)

    def _verdict(self, part: SignedPart, read: ReadCms) -> Verdict:
        """What the CMS is worth as a signature of these bytes."""
        if not part.whole:
            return NOT_WHOLE
        try:
            cause = fault(read, self._digest(part, read.digest_name))
        except CannotVerify:
            return CANNOT_VERIFY
        return (Answer.FAILED, cause) if cause else PASSED

    def _timestamp(self, part: SignedPart) -> _Word:
        """A document time stamp: its token is over the ByteRange itself."""
        if not part.whole:
            return _Word(NOT_WHOLE)
        try:
            token = der_in(part.contents.hex().encode())
            name = imprint_digest(token)
        except (*MALFORMED, RecursionError):
            return _Word(UNREADABLE)
        if name not in HASHES:
            return _Word(CANNOT_VERIFY)
        stamp = judge_imprint(token, name, self._digest(part, name), self._chains(()))
        verdict = PASSED if stamp.verdict[0] is not Answer.FAILED else stamp.verdict
        return _Word(verdict, None, stamp.verdict, stamp)

    def _chains(self, pool: tuple[x509.Certificate, ...]) -> Chains:
        held = self._structure
        beside = readable(held.certificates[:MOST_HELD])
        revocation = (held.crls[:MOST_HELD], held.ocsps[:MOST_HELD])
        return Chains(self._trust, [*pool, *beside], now=self._at, revocation=revocation)

    def _digest(self, part: SignedPart, name: str) -> bytes:
        """The digest of what the ByteRange covers; empty by a name that we do not know."""
        algorithm = hashes.SM3() if name == "sm3" else HASHES.get(name)
        if algorithm is None:
            return b""
        return self.digests.of_range(algorithm, *part.slot, part.ends_at)

    def _report(
        self, part: SignedPart, word: _Word, kind: SignatureKind, seals: tuple[int, ...] = ()
    ) -> SignatureReport:
        overall, cause = _outcome(part, word)
        certificate = facts_of(word.certificate, word.above) if word.certificate else None
        return SignatureReport(
            id=part.id,
            kind=kind,
            field_names=part.field_names,
            signer=name_of(word.certificate) if word.certificate else word.stamp.signer,
            certificate=certificate or word.stamp.certificate,
            claimed_at=word.claimed_at or part.claimed_at,
            stamped_at=word.stamp.time,
            intact=word.verdict == PASSED,
            trusted=word.verdict == PASSED == word.trust,
            covers_file=part.whole and part.ends_at == len(self._data),
            changed_later=part.changed_later,
            seals=seals,
            overall=overall,
            cause=cause,
        )


def _outcome(part: SignedPart, word: _Word) -> tuple[Overall, str]:
    for answer, overall in ((Answer.FAILED, Overall.INVALID), (Answer.UNKNOWN, Overall.UNKNOWN)):
        for verdict in (word.verdict, word.trust):
            if verdict[0] is answer:
                return overall, verdict[1]
    return (Overall.CHANGED, "changed_later") if part.changed_later else (Overall.VALID, "")
