"""Words out of foreign files as they may be shown: one line each, nothing hidden, not endless."""

import re
from dataclasses import replace
from typing import Final

from server.accounts.id_documents import mask_id_number
from server.documents.names import plain_line
from server.sealing.report import CertificateFacts, Report, SealReport, SignatureReport

LONGEST: Final = 200
# Authorities write them into the names of persons' certificates, some with a zero before them.
RESIDENT_ID: Final = re.compile(
    r"(?<![1-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)


def tidied(report: Report) -> Report:
    """The report; whatever somebody else wrote in it can turn no line around (S-11, S-45),
    and no resident's number in it is shown whole."""
    return replace(
        report,
        seals=tuple(_seal(one) for one in report.seals),
        signatures=tuple(_signature(one) for one in report.signatures),
        uncounted=_lines(report.uncounted),
    )


def _seal(one: SealReport) -> SealReport:
    return replace(
        one,
        id=_line(one.id),
        name=_line(one.name),
        maker=_line(one.maker),
        owner=_line(one.owner),
        certificate=_certificate(one.certificate),
    )


def _signature(one: SignatureReport) -> SignatureReport:
    return replace(
        one,
        signer=_line(one.signer),
        field_names=_lines(one.field_names),
        certificate=_certificate(one.certificate),
    )


def _certificate(facts: CertificateFacts | None) -> CertificateFacts | None:
    if facts is None:
        return None
    return replace(
        facts,
        subject=_line(facts.subject),
        issuer=_line(facts.issuer),
        chain=_lines(facts.chain),
    )


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_line(text) for text in texts)


def _line(text: str) -> str:
    # Masked before the cut, which could leave most of a number unknown as one.
    masked = RESIDENT_ID.sub(lambda found: mask_id_number(found[0]), plain_line(text))
    return masked[:LONGEST]
