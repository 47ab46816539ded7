"""The last look at a sealed file before it is stored: nothing of the document may have changed."""

import re

from server.sealing import cms, dual
from server.sealing.byte_range import Covered
from server.sealing.errors import SealingBroken, SealUnreadable
from server.sealing.known_documents import KnownDocuments
from server.sealing.stamp import SealsSigned

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]")
SHORTEST_DER = 2


def check_output(
    document: bytes,
    sealed: bytes,
    certificate: bytes,
    seals: SealsSigned | None = None,
    known: KnownDocuments | None = None,
) -> None:
    """Raise SealingBroken unless `sealed` is `document` plus one revision signed as a whole.

    Reads the bytes alone, not what the sealing code believes of them: the document is a prefix,
    the revision has one ByteRange over everything but its own signature, and the CMS in that gap
    verifies with the key of `certificate` (DER). Of `seals` each has signed the same bytes.

    What `known` has hashed before is not hashed again, and the check is as strong: it is asked
    with the first bytes of `sealed` itself, all of which it reads, and has hashes for these only.
    """
    if not sealed.startswith(document):
        raise SealingBroken(reason="the document is not a prefix")
    ranges = BYTE_RANGE.findall(sealed, len(document))
    if len(ranges) != 1:
        raise SealingBroken(reason="not one ByteRange")
    start, resume, rest = (int(number) for number in ranges[0])
    gap = sealed[start:resume]
    covers_all = len(document) < start < resume and resume + rest == len(sealed)
    if not covers_all or gap[:1] != b"<" or gap[-1:] != b">":
        raise SealingBroken(reason="the ByteRange leaves something out")
    whole = memoryview(sealed)
    before, tail = whole[: len(document)], whole[len(document) :]
    prefix = (known or KnownDocuments()).prefix_of(before, national=seals is not None)
    covered = Covered(prefix, tail, start, resume)
    try:
        signed = cms.verify(der_in(gap[1:-1]), covered.sha256(), certificate)
        if seals is not None:
            dual.verify(signed.get(seals.attribute, []), covered, seals)
    except (cms.CmsInvalid, SealUnreadable, ValueError, KeyError, TypeError) as error:
        raise SealingBroken(reason="the signature does not verify") from error


def der_in(contents: bytes) -> bytes:
    """The DER at the beginning of a hexadecimal /Contents, without the zeros that fill it up."""
    padded = bytes.fromhex(contents.decode("ascii"))
    if len(padded) < SHORTEST_DER or padded[0] != 0x30:
        raise ValueError("no DER sequence")
    length_bytes = padded[1] & 0x7F if padded[1] & 0x80 else 0
    head = SHORTEST_DER + length_bytes
    length = int.from_bytes(padded[SHORTEST_DER:head]) if length_bytes else padded[1]
    if any(padded[head + length :]):
        raise ValueError("something behind the DER")
    return padded[: head + length]
