"""One seal's data, read and checked; also of seals that come without a document (OFD entries)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import core

from server.sealing import seal_checks
from server.sealing.certificate_chain import Chains, facts_of, name_of, readable
from server.sealing.errors import SealUnreadable
from server.sealing.judgement import of_file, of_seal
from server.sealing.malformed import MALFORMED
from server.sealing.page_box import Box
from server.sealing.report import Answer, Check, Overall, Report, SealReport, Standard
from server.sealing.seal_checks import DocumentWord, Sealing
from server.sealing.ses import MadeSeal, read_seal
from server.sealing.ses_signature import SealSignature, read_signature
from server.sealing.time_stamps import NO_STAMP, Stamped, judge_token
from server.sealing.trust import TrustList

STANDARDS = {1: Standard.GMT_0031_2014, 4: Standard.GBT_38540_2020, 5: Standard.GMT_0031_2025}
STAMP_NOT_CHECKED = Stamped((Answer.UNKNOWN, "stamp_not_checked"))


@dataclass(frozen=True)
class SealPlace:
    """Where a seal's signature stood: in which signature dictionary, shown where, stamped when."""

    signature: int = 0
    places: tuple[tuple[int, Box], ...] = ()
    document: DocumentWord | None = None
    stamp: Stamped = NO_STAMP
    changed_later: bool = False


def report_seal(der: bytes, place: SealPlace, chains: Chains) -> SealReport:
    """The report of an SES_Signature (DER) that was found there."""
    try:
        signature = read_signature(der)
        seal = read_seal(signature.seal)
    except SealUnreadable:
        return _unreadable(der, place)
    return _report(seal, signature, place, chains)


def verify_seal_data(
    seal: bytes | None, signature: bytes | None, trust: TrustList, at: datetime
) -> Report:
    """What can be said of `Seal.esl` and `SignedValue.dat` of an OFD container, without the rest.

    To be run in the sandbox. Raises SealUnreadable when neither is given.
    """
    data = signature if signature is not None else seal
    if data is None:
        raise SealUnreadable
    chains = Chains(trust, (), now=at)
    if signature is not None:
        reports = [report_seal(signature, SealPlace(), chains)]
        if seal is not None and seal != _seal_in(signature):
            reports.append(_alone(seal, chains))
    else:
        reports = [_alone(data, chains)]
    overall, cause = of_file(reports, (), ())
    return Report(
        digest=sha256(data).hexdigest(),
        size=len(data),
        pages=0,
        seals=tuple(reports),
        signatures=(),
        revisions=(),
        uncounted=(),
        overall=overall,
        cause=cause,
    )


def _alone(der: bytes, chains: Chains) -> SealReport:
    try:
        return _report(read_seal(der), None, SealPlace(), chains)
    except SealUnreadable:
        return _unreadable(der, SealPlace())


def _seal_in(signature: bytes) -> bytes:
    try:
        return read_signature(signature).seal
    except SealUnreadable:
        return b""


def _report(
    seal: MadeSeal, signature: SealSignature | None, place: SealPlace, chains: Chains
) -> SealReport:
    signer = next(iter(readable([signature.certificate])), None) if signature else None
    maker = next(iter(readable([seal.maker])), None)
    stamp = _stamp(signature, place, chains)
    sealing = Sealing(seal, maker, signature, signer, place.document, stamp, chains)
    above: tuple[str, ...] = ()
    if signer is not None:
        above = chains.lead(signer, chains.trust.document_roots, sealing.moment).above
    facts = seal.facts
    return of_seal(
        SealReport(
            id=facts.id,
            name=facts.name,
            kind=facts.kind,
            maker=name_of(maker) if maker else "",
            owner=name_of(signer) if signer else "",
            picture=facts.picture,
            places=place.places,
            signed_at=signature.signed_at if signature else None,
            stamped_at=stamp.time,
            valid_from=facts.valid_from,
            valid_until=facts.valid_until,
            certificate=facts_of(signer, above) if signer else None,
            standard=STANDARDS[seal.version],
            checks=seal_checks.run(sealing),
            changed_later=place.changed_later,
            overall=Overall.UNKNOWN,
            cause="",
            signature=place.signature,
        )
    )


def _stamp(signature: SealSignature | None, place: SealPlace, chains: Chains) -> Stamped:
    """The seal's own time stamp when it has one and it does not stand; else the CMS's."""
    if signature is None or signature.token is None:
        return place.stamp
    if signature.version == 1:
        own = STAMP_NOT_CHECKED
    else:
        own = judge_token(signature.token, signature.signature, chains)
    return own if own.verdict[0] is Answer.FAILED or place.stamp.time is None else place.stamp


def _unreadable(der: bytes, place: SealPlace) -> SealReport:
    """Strict reading has failed; what a lenient one sees is told, and decides nothing."""
    identifier, name = _glimpse(der)
    checks: tuple[Check, ...] = seal_checks.unreadable("seal_unreadable")
    return of_seal(
        SealReport(
            id=identifier,
            name=name,
            kind=None,
            maker="",
            owner="",
            picture=None,
            places=place.places,
            signed_at=None,
            stamped_at=place.stamp.time,
            valid_from=None,
            valid_until=None,
            certificate=None,
            standard=None,
            checks=checks,
            changed_later=place.changed_later,
            overall=Overall.UNKNOWN,
            cause="",
            signature=place.signature,
        )
    )


def _glimpse(der: bytes) -> tuple[str, str]:
    """The seal's id and name, as far as they can be made out; of a signature or of a seal."""
    for way in ((0, 1, 0), (0,)):
        try:
            info: Any = core.Sequence.load(der)
            for step in way:
                info = info[step]
            return str(info[1].native), str(info[2][1].native)
        except (*MALFORMED, RecursionError):
            continue
    return "", ""
