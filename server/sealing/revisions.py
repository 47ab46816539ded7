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
from server.sealing.page_tree import entry
from server.sealing.report import Revision, RevisionBy

END, BLANK = b"%%EOF", b"\0\t\n\f\r "


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


def later_revisions(
    reader: PdfFileReader, data: bytes, signed: Mapping[int, bool], covered: int
) -> Later:
    """The revisions after the first that a signature covers wholly.

    `signed` are those revisions: whether the signature in it is a time stamp only. `covered` is
    the number of bytes up to which signatures reach. What stands behind the last revision counts
    as one more, as readers that rebuild a table find the objects in it.
    """
    if not signed:
        return Later({})
    names = {name for name, _, _ in enumerate_sig_fields(reader)}
    first, count = min(signed), reader.xrefs.total_revisions
    found = {number: _later(reader, number, signed, names) for number in range(first + 1, count)}
    if data[max(covered, _end(reader, data, count - 1)) :].strip(BLANK):
        found[count] = RevisionBy.CHANGE, ("bytes_behind",)
    return Later(found)


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
        found += [(number, *what) for number, what in later.found.items()]
    ends = [_end(reader, data, number) for number, _, _ in found[:-1]]
    return tuple(
        Revision(place, end, by, changes)
        for place, (end, (_, by, changes)) in enumerate(
            zip([*ends, len(data)], found, strict=True), 1
        )
    )


def _later(
    reader: PdfFileReader, number: int, signed: Mapping[int, bool], names: set[str]
) -> tuple[RevisionBy, tuple[str, ...]]:
    try:
        before = reader.get_historical_resolver(number - 1)
        after = reader.get_historical_resolver(number)
        harmless = _passes(before, after, names)
        # What pyHanko finds harmless has changed no content: that need not be searched for.
        changes = changes_between(before, after, deep=not harmless)
    except (*MALFORMED, RecursionError):
        return RevisionBy.CHANGE, ("unreadable",)
    if harmless and number in signed:
        return (RevisionBy.TIMESTAMP if signed[number] else RevisionBy.SIGNATURE), changes
    # Who adds such data often writes the moment into the metadata as well.
    if harmless and {VALIDATION_DATA} <= set(changes) <= {VALIDATION_DATA, METADATA}:
        return RevisionBy.TIMESTAMP, changes
    return RevisionBy.CHANGE, changes or ("other",)


def _passes(before: Any, after: Any, signature_fields: set[str]) -> bool:
    """Whether pyHanko finds nothing but form filling, and the fields filled are signatures.

    It lets a revision ask for appearances to be drawn anew, which lets a form show other text.
    """
    if _draws_anew(after) and not _draws_anew(before):
        return False
    try:
        result = DEFAULT_DIFF_POLICY.apply(before, after)
    except SuspiciousModification:
        return False
    return isinstance(result, DiffResult) and result.changed_form_fields <= signature_fields


def _draws_anew(view: Any) -> bool:
    return bool(entry(entry(view.root, "/AcroForm", {}), "/NeedAppearances", False))


def _locks(embedded: EmbeddedPdfSignature) -> bool:
    return embedded.docmdp_level is not None or embedded.fieldmdp is not None


def _end(reader: PdfFileReader, data: bytes, number: int) -> int:
    """Where a revision ends: behind the end mark that follows its table of objects."""
    tables = [reader.xrefs.get_xref_container_info(one) for one in range(number + 1)]
    mark = data.find(END, max(table.end_location for table in tables))
    if mark < 0:
        return len(data)
    end = mark + len(END)
    return end + (2 if data[end : end + 2] == b"\r\n" else data[end : end + 1] in (b"\n", b"\r"))
