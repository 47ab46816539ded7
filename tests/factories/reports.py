"""Reports on files that nobody has to seal first: one of each kind, changed as a test wants it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from server.sealing.report import (
    Answer,
    CertificateFacts,
    Check,
    CheckName,
    Overall,
    Report,
    Revision,
    RevisionBy,
    SealReport,
    SignatureKind,
    SignatureReport,
    Standard,
)
from server.sealing.ses import SealPicture

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
UNTIL = datetime(2029, 11, 20, 8, 30, tzinfo=UTC)
PASSED = tuple(Check(name, Answer.PASSED) for name in CheckName)
CERTIFICATE = CertificateFacts(
    subject="CN=南宁桂印科技有限公司,C=CN",
    issuer="CN=桂印演示签发机构,C=CN",
    serial="0a1b2c3d4e5f",
    valid_from=AT,
    valid_until=UNTIL,
    chain=("CN=桂印演示签发机构,C=CN", "CN=桂印演示根,C=CN"),
)


def png(side: int = 80) -> bytes:
    output = io.BytesIO()
    Image.new("RGBA", (side, side), "red").save(output, "PNG")
    return output.getvalue()


def seal(**changes: Any) -> SealReport:
    """A seal that passes all eight."""
    good = SealReport(
        id="seal-01",
        name="南宁桂印科技有限公司",
        kind=1,
        maker="桂印演示制章者",
        owner="南宁桂印科技有限公司",
        picture=SealPicture("PNG", png(), 40, 40),
        places=((1, (400.0, 100.0, 513.4, 213.4)), (2, (400.0, 100.0, 513.4, 213.4))),
        signed_at=AT,
        stamped_at=AT,
        valid_from=AT,
        valid_until=UNTIL,
        certificate=CERTIFICATE,
        standard=Standard.GBT_38540_2020,
        checks=PASSED,
        changed_later=False,
        overall=Overall.VALID,
        cause="",
        signature=11,
    )
    return replace(good, **changes)


def failing(name: CheckName, answer: Answer, cause: str) -> tuple[Check, ...]:
    """All eight checks, one of which answers otherwise."""
    return tuple(Check(name, answer, cause) if one.name is name else one for one in PASSED)


def signature(**changes: Any) -> SignatureReport:
    good = SignatureReport(
        id=11,
        kind=SignatureKind.SEALED,
        field_names=("Seal1", "Seal2"),
        signer="南宁桂印科技有限公司",
        certificate=CERTIFICATE,
        claimed_at=AT,
        stamped_at=AT,
        intact=True,
        trusted=True,
        covers_file=True,
        changed_later=False,
        seals=(0,),
        overall=Overall.VALID,
        cause="",
    )
    return replace(good, **changes)


def report(*seals: SealReport, **changes: Any) -> Report:
    """A file of two pages; without a word about its seals it has one good one."""
    good = Report(
        digest="ab" * 32,
        size=123_456,
        pages=2,
        seals=seals or (seal(),),
        signatures=(signature(),),
        revisions=(
            Revision(1, 60_000, RevisionBy.DOCUMENT),
            Revision(2, 123_456, RevisionBy.SIGNATURE),
        ),
        uncounted=(),
        overall=Overall.VALID,
        cause="",
    )
    return replace(good, **changes)
