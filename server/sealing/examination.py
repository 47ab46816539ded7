"""What the public's files are put through in the child: the checks, then pictures drawn anew."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from server.sealing.checks import verify
from server.sealing.report import Report, SealReport
from server.sealing.seal_preview import seal_preview
from server.sealing.seal_report import verify_seal_data
from server.sealing.ses import SealPicture
from server.sealing.trust import TrustList

# Beyond these a report names the seals and shows no more pictures.
MOST_PICTURES: Final = 40


def examine_pdf(data: bytes, trust: TrustList, at: datetime, mark: bytes) -> Report:
    """`verify`, with small marked PNG in the place of the seals' own pictures."""
    return _shown(verify(data, trust, at), mark)


def examine_seal_data(
    seal: bytes | None, signature: bytes | None, trust: TrustList, at: datetime, mark: bytes
) -> Report:
    """`verify_seal_data`, in the same way."""
    return _shown(verify_seal_data(seal, signature, trust, at), mark)


def _shown(report: Report, mark: bytes) -> Report:
    pictured = (_pictured(one, mark) for one in report.seals[:MOST_PICTURES])
    bare = (replace(one, picture=None) for one in report.seals[MOST_PICTURES:])
    return replace(report, seals=(*pictured, *bare))


def _pictured(seal: SealReport, mark: bytes) -> SealReport:
    if seal.picture is None:
        return seal
    drawn = seal_preview(seal.picture, mark)
    kept = SealPicture("PNG", drawn, seal.picture.width_mm, seal.picture.height_mm)
    return replace(seal, picture=kept if drawn else None)
