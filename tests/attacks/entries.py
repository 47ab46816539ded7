"""Where foreign bytes come in: each takes anything, and may only name what is wrong with it."""

import logging
import warnings
from collections.abc import Callable

from server.core.errors import DomainError
from server.sealing.errors import SealUnreadable
from server.sealing.inspection import inspect
from server.sealing.reader import read_seals
from server.sealing.ses import read_seal
from server.sealing.ses_signature import read_signature


def seals(data: bytes) -> None:
    """Data of an electronic seal, or of its signature: what was signed is taken as it came."""
    for read in (read_seal, read_signature):
        try:
            found = read(data)
        except SealUnreadable:
            continue
        # Of version 1 three parts are signed, which stand apart in the file.
        assert found.signed in data or getattr(found, "version", 0) == 1


def pdfs(data: bytes) -> None:
    """An uploaded PDF: taken, repaired or refused by name; a repaired one is clean."""
    with warnings.catch_warnings(action="ignore"):
        try:
            inspection = inspect(data)
        except DomainError:
            return
        assert inspection.pages
        if inspection.repaired:
            again = inspect(inspection.document)
            assert not again.repaired
            assert again.pages == inspection.pages


def sealed_pdfs(data: bytes) -> None:
    """A PDF of which somebody asks whether its seals are good."""
    logging.disable()
    with warnings.catch_warnings(action="ignore"):
        try:
            read_seals(data)
        except DomainError:
            return


ENTRIES: dict[str, Callable[[bytes], None]] = {
    "seals": seals,
    "pdfs": pdfs,
    "sealed_pdfs": sealed_pdfs,
}
