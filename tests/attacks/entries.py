"""Where foreign bytes come in: each takes anything, and may only name what is wrong with it."""

import pickle
import warnings
from collections.abc import Callable
from datetime import UTC, datetime

from server.core.errors import DomainError
from server.sealing.checks import verify
from server.sealing.errors import SealUnreadable
from server.sealing.inspection import inspect
from server.sealing.report import Overall
from server.sealing.seal_report import verify_seal_data
from server.sealing.ses import read_seal
from server.sealing.ses_signature import read_signature
from server.sealing.trust import TrustList

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def seals(data: bytes) -> None:
    """Data of an electronic seal, or of its signature: what was signed is taken as it came."""
    for read in (read_seal, read_signature):
        try:
            found = read(data)
        except SealUnreadable:
            continue
        # Of version 1 three parts are signed, which stand apart in the file.
        assert found.signed in data or getattr(found, "version", 0) == 1
    for pair in ((data, None), (None, data)):
        report = verify_seal_data(*pair, TrustList(), AT)
        assert report.overall is not Overall.VALID


def pdfs(data: bytes) -> None:
    """An uploaded PDF: taken, repaired or refused by name; a second repair changes nothing."""
    with warnings.catch_warnings(action="ignore"):
        try:
            inspection = inspect(data)
        except DomainError:
            return
        assert inspection.pages
        if inspection.repaired:
            again = inspect(inspection.document)
            assert again.document == inspection.document
            assert again.pages == inspection.pages


def sealed_pdfs(data: bytes) -> None:
    """A PDF of which somebody asks whether its seals are good; here nobody is trusted."""
    with warnings.catch_warnings(action="ignore"):
        try:
            report = verify(data, TrustList(), AT)
        except DomainError:
            return
    assert report.overall is not Overall.VALID
    assert pickle.loads(pickle.dumps(report)) == report


ENTRIES: dict[str, Callable[[bytes], None]] = {
    "seals": seals,
    "pdfs": pdfs,
    "sealed_pdfs": sealed_pdfs,
}
