"""The revisions of a file: which came after a signature, what for, and what they changed.

After sealing only two things are harmless: further signatures, and time stamps with the data to
check them by. pyHanko's rules are the witness for what a revision did besides.
"""

# pyHanko is typed in parts only.
# mypy: allow-untyped-calls

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from server.sealing.changes import METADATA, VALIDATION_DATA, changes_between
from server.sealing.malformed import MALFORMED
from server.sealing.report import Revision, RevisionBy

END = b"%%EOF"


@dataclass(frozen=True)
class Later:
    """What came after the first signature: (purpose, changes) by number of the revision from 0."""

    found: Mapping[int, tuple[RevisionBy, tuple[str, ...]]]

    def changed_after(self, embedded: EmbeddedPdfSignature) -> bool:
        """Whether anything but signatures and time stamps followed, or what followed was locked."""
        after = [by for number, (by, _) in self.found.items() if number > embedded.signed_revision]
        if RevisionBy.CHANGE in after:
            return True
        if not after or not _locks(embedded):
            return False
        embedded.compute_integrity_info()
        return not embedded.summarise_integrity_info()["docmdp_ok"]


def later_revisions(reader: PdfFileReader, signed: Mapping[int, bool]) -> Later:
    """The revisions after the first that a signature covers wholly.

    `signed` are those revisions: whether the signature in it is a time stamp only.
    """
    if not signed:
        return Later({})
    names = {name for name, _, _ in enumerate_sig_fields(reader)}
    first = min(signed)
    return Later(
        {
            number: _later(reader, number, signed, names)
            for number in range(first + 1, reader.xrefs.total_revisions)
        }
    )


def revisions(
    reader: PdfFileReader, data: bytes, signed: Mapping[int, bool], later: Later
) -> tuple[Revision, ...]:
    """All revisions; those before the first signature are one, the document as it was signed."""
    last = reader.xrefs.total_revisions - 1
    first = min(signed, default=last + 1)
    found: list[tuple[int, RevisionBy, tuple[str, ...]]] = []
    if first > 0:
        found.append((min(first, last + 1) - 1, RevisionBy.DOCUMENT, ()))
    if first <= last:
        by = RevisionBy.TIMESTAMP if signed[first] else RevisionBy.SIGNATURE
        found.append((first, by, ()))
        found += [(number, *later.found[number]) for number in range(first + 1, last + 1)]
    return tuple(
        Revision(place, _end(reader, data, number, last), by, changes)
        for place, (number, by, changes) in enumerate(found, 1)
    )


def _later(
    reader: PdfFileReader, number: int, signed: Mapping[int, bool], names: set[str]
) -> tuple[RevisionBy, tuple[str, ...]]:
    try:
        before = reader.get_historical_resolver(number - 1)
        after = reader.get_historical_resolver(number)
        changes = changes_between(before, after)
        harmless = _passes(before, after, names)
    except (*MALFORMED, RecursionError):
        return RevisionBy.CHANGE, ("unreadable",)
    if harmless and number in signed:
        return (RevisionBy.TIMESTAMP if signed[number] else RevisionBy.SIGNATURE), changes
    # Who adds such data often writes the moment into the metadata as well.
    if harmless and {VALIDATION_DATA} <= set(changes) <= {VALIDATION_DATA, METADATA}:
        return RevisionBy.TIMESTAMP, changes
    return RevisionBy.CHANGE, changes or ("other",)


def _passes(before: Any, after: Any, signature_fields: set[str]) -> bool:
    """Whether pyHanko finds nothing but form filling, and the fields filled are signatures."""
    try:
        result = DEFAULT_DIFF_POLICY.apply(before, after)
    except SuspiciousModification:
        return False
    return isinstance(result, DiffResult) and result.changed_form_fields <= signature_fields


def _locks(embedded: EmbeddedPdfSignature) -> bool:
    return embedded.docmdp_level is not None or embedded.fieldmdp is not None


def _end(reader: PdfFileReader, data: bytes, number: int, last: int) -> int:
    """Where a revision ends: behind the end mark that follows its table of objects."""
    if number == last:
        return len(data)
    tables = [reader.xrefs.get_xref_container_info(one) for one in range(number + 1)]
    mark = data.find(END, max(table.end_location for table in tables))
    if mark < 0:
        return len(data)
    end = mark + len(END)
    return end + (2 if data[end : end + 2] == b"\r\n" else data[end : end + 1] in (b"\n", b"\r"))
