"""Sealing from end to end: prepare in the child, sign in the parent, check, return."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from server.sealing import cms, dual
from server.sealing.byte_range import Covered
from server.sealing.check_output import check_output
from server.sealing.errors import SealingBroken, SlotTooSmall
from server.sealing.fast_revision import write_revision
from server.sealing.known_documents import KnownDocuments
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.sandbox import Sandbox
from server.sealing.stamp import SealingMeta, SealsSigned, Signer, Stamp, Timestamper


@dataclass(frozen=True)
class Signing:
    """Who signs, and who says when; without a timestamper the signature is B-B.

    With `seals` the seals sign as well, by GB/T 38540, within the same signature. `known` spares
    a document that it has met the hashing and reading. With `one_signature_per_page` no two
    fields share a signature, for readers that cannot bear it: each seal is a revision of its own.
    """

    signer: Signer
    timestamper: Timestamper | None = None
    seals: SealsSigned | None = None
    known: KnownDocuments = field(default_factory=KnownDocuments, compare=False, repr=False)
    one_signature_per_page: bool = False


def seal(
    document: bytes,
    stamps: Sequence[Stamp],
    meta: SealingMeta,
    *,
    sandbox: Sandbox,
    signing: Signing,
) -> bytes:
    """Seal a document that has passed `inspect`, at placements that have passed `check`.

    Calls the timestamper, so no transaction may be open. Raises what `prepare` raises,
    PdfTooComplex, SandboxDown, SealingBroken, and the errors of the signer and the timestamper.
    """
    revisions = [[stamp] for stamp in stamps] if signing.one_signature_per_page else [stamps]
    for index, together in enumerate(revisions):
        # The last revision says for all of them what the authorities said.
        said = meta if index == len(revisions) - 1 else replace(meta, lasting=None)
        document = finish(document, _prepared(document, together, said, sandbox, signing), signing)
    return document


def _prepared(
    document: bytes,
    stamps: Sequence[Stamp],
    meta: SealingMeta,
    sandbox: Sandbox,
    signing: Signing,
) -> Prepared:
    """The revision written by hand, or by pyHanko below a file that is odd."""
    room = cms.room_for(signing.signer, signing.timestamper, signing.seals)
    skeleton = signing.known.skeleton_of(document, sandbox)
    merges = meta.lasting is not None and skeleton is not None and skeleton.has_validation_data
    if skeleton is None or merges:
        return sandbox.run(prepare, document, list(stamps), meta, room)
    digest = signing.known.prefix_of(document, national=signing.seals is not None).digest
    return write_revision(skeleton, digest, stamps, meta, room)


def finish(document: bytes, prepared: Prepared, signing: Signing) -> bytes:
    """Sign a prepared revision and return the whole sealed file, checked.

    Runs where the keys are and parses nothing of the document. Raises SlotTooSmall,
    SealingBroken, and the errors of the signers and the timestamper.
    """
    prefix = signing.known.prefix_of(document, national=signing.seals is not None)
    if prefix.digest != prepared.document_digest:
        raise SealingBroken(reason="prepared for another document")
    start, end = prepared.slot
    tail = bytearray(prepared.revision)
    covered = Covered(prefix, tail, start, end)
    more = dual.attributes(covered, signing.seals) if signing.seals else {}
    signature = cms.make(covered.sha256(), signing.signer, signing.timestamper, more)
    room = (end - start - 2) // 2
    if len(signature) > room:
        raise SlotTooSmall(needed=len(signature), room=room)
    at = start - len(document) + 1
    tail[at : at + 2 * len(signature)] = signature.hex().encode()
    sealed = b"".join((document, tail))
    check_output(document, sealed, signing.signer.certificate, signing.seals, signing.known)
    return sealed
