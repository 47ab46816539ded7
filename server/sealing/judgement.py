"""From single answers to the outcome of a seal and of a file; and the register's word on both.

A failed check makes a seal invalid; one that cannot be told makes it unknown, but for a time stamp
that is simply not there. Changes after sealing are said of a seal that is otherwise believed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from server.sealing.report import (
    NO_SEAL,
    NO_SIGNATURE,
    Answer,
    Check,
    CheckName,
    Overall,
    Report,
    SealReport,
    SignatureReport,
)

Outcome = tuple[Overall, str]
VALID: Outcome = (Overall.VALID, "")
CHANGED: Outcome = (Overall.CHANGED, "changed_later")
WORST_FIRST = (Overall.INVALID, Overall.UNKNOWN, Overall.CHANGED)
NO_STAMP, NOT_SHOWN, UNCOUNTED = "no_time_stamp", "seal_not_shown", "uncounted_fields"
REVOCATION_UNKNOWN = "revocation_unknown"


@dataclass(frozen=True)
class SealStanding:
    """What the register says of a seal: (from, until) of its suspensions, and its end."""

    suspended: tuple[tuple[datetime, datetime | None], ...] = ()
    cancelled_at: datetime | None = None


def of_checks(checks: Iterable[Check]) -> Outcome:
    """The first failed check decides, then the first that cannot be told."""
    told = tuple(checks)
    for answer, overall in ((Answer.FAILED, Overall.INVALID), (Answer.UNKNOWN, Overall.UNKNOWN)):
        for check in told:
            if check.answer is answer and check.cause != NO_STAMP:
                return overall, check.cause
    return VALID


def of_seal(seal: SealReport) -> SealReport:
    """The seal with its own outcome."""
    outcome = of_checks(seal.checks)
    if outcome == VALID and seal.changed_later:
        outcome = CHANGED
    if outcome == VALID and seal.signature and not seal.places:
        outcome = (Overall.UNKNOWN, NOT_SHOWN)
    return replace(seal, overall=outcome[0], cause=outcome[1])


def of_file(
    seals: Iterable[SealReport], signatures: Iterable[SignatureReport], uncounted: tuple[str, ...]
) -> Outcome:
    """The worst of everything; NO_SEAL for good signatures without a seal.

    A field that shows a seal where none counts keeps an otherwise good file from being valid.
    """
    told_seals, told_signatures = tuple(seals), tuple(signatures)
    if not told_seals and not told_signatures:
        return Overall.UNKNOWN, UNCOUNTED if uncounted else NO_SIGNATURE
    outcomes = [(one.overall, one.cause) for one in told_seals]
    outcomes += [(one.overall, one.cause) for one in told_signatures]
    for overall in WORST_FIRST:
        for outcome in outcomes:
            if outcome[0] is overall:
                return outcome
    if uncounted:
        return Overall.UNKNOWN, UNCOUNTED
    return Overall.VALID, "" if told_seals else NO_SEAL


@dataclass(frozen=True)
class Register:
    """What is known of seals by their ids, and of certificates by serial (hex): revoked since,
    or None for one that stands."""

    seals: Mapping[str, SealStanding] = field(default_factory=lambda: MappingProxyType({}))
    certificates: Mapping[str, datetime | None] = field(
        default_factory=lambda: MappingProxyType({})
    )


def judge_register(report: Report, register: Register) -> Report:
    """The report with the register's word: a seal suspended or cancelled when it sealed, a
    certificate revoked. Of what the register does not know, nothing changes."""
    seals = tuple(of_seal(_with_register(seal, register)) for seal in report.seals)
    signatures = tuple(_signature(one, register) for one in report.signatures)
    overall, cause = of_file(seals, signatures, report.uncounted)
    return replace(report, seals=seals, signatures=signatures, overall=overall, cause=cause)


def _with_register(seal: SealReport, register: Register) -> SealReport:
    checks = tuple(_recheck(check, seal, register) for check in seal.checks)
    return replace(seal, checks=checks)


def _recheck(check: Check, seal: SealReport, register: Register) -> Check:
    moment = seal.stamped_at or seal.signed_at
    if check.name is CheckName.SEAL_VALIDITY and check.answer is Answer.PASSED and moment:
        cause = _withdrawn(register.seals.get(seal.id), moment)
        return Check(check.name, Answer.FAILED, cause) if cause else check
    serial = seal.certificate.serial if seal.certificate else ""
    speaks = check.name is CheckName.CERTIFICATE and _may_speak(check.answer, check.cause)
    if not speaks or moment is None or serial not in register.certificates:
        return check
    proven = seal.stamped_at is not None
    return Check(check.name, *_revoked(register.certificates[serial], moment, proven=proven))


def _withdrawn(standing: SealStanding | None, at: datetime) -> str:
    if standing is None:
        return ""
    if standing.cancelled_at is not None and standing.cancelled_at <= at:
        return "seal_cancelled"
    for begins, ends in standing.suspended:
        if begins <= at and (ends is None or at < ends):
            return "seal_suspended"
    return ""


def _signature(signature: SignatureReport, register: Register) -> SignatureReport:
    """A document's signature: its certificate, too, may be known to have been revoked."""
    serial = signature.certificate.serial if signature.certificate else ""
    moment = signature.stamped_at or signature.claimed_at
    speaks = signature.intact and (signature.trusted or signature.cause == REVOCATION_UNKNOWN)
    if serial not in register.certificates or moment is None or not speaks:
        return signature
    answer, cause = _revoked(
        register.certificates[serial], moment, proven=bool(signature.stamped_at)
    )
    passed = answer is Answer.PASSED
    outcome = (CHANGED if signature.changed_later else VALID) if passed else _failed(answer, cause)
    return replace(signature, trusted=passed, overall=outcome[0], cause=outcome[1])


def _failed(answer: Answer, cause: str) -> Outcome:
    return Overall.INVALID if answer is Answer.FAILED else Overall.UNKNOWN, cause


def _may_speak(answer: Answer, cause: str) -> bool:
    """The register knows our own certificates: only where a chain was found is it asked."""
    return answer is Answer.PASSED or cause == REVOCATION_UNKNOWN


def _revoked(since: datetime | None, at: datetime, *, proven: bool) -> tuple[Answer, str]:
    if since is not None and since <= at:
        return Answer.FAILED, "certificate_revoked"
    if since is not None and not proven:
        return Answer.UNKNOWN, "revoked_later"
    return Answer.PASSED, ""
