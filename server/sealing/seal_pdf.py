"""Sealing from end to end: prepare in the child, sign in the parent, check, return."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from server.sealing import cms, dual
from server.sealing.byte_range import byte_range_digest
from server.sealing.check_output import check_output
from server.sealing.errors import SealingBroken, SlotTooSmall
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.sandbox import Sandbox
from server.sealing.stamp import SealingMeta, SealsSigned, Signer, Stamp, Timestamper


@dataclass(frozen=True)
class Signing:
    """Who signs, and who says when; without a timestamper the signature is B-B.

    With `seals` the seals sign as well, by GB/T 38540, within the same signature.
    """

    signer: Signer
    timestamper: Timestamper | None = None
    seals: SealsSigned | None = None


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
    room = cms.room_for(signing.signer, signing.timestamper, signing.seals)
    prepared = sandbox.run(prepare, document, list(stamps), meta, room)
    return finish(document, prepared, signing)


def finish(document: bytes, prepared: Prepared, signing: Signing) -> bytes:
    """Sign a prepared revision and return the whole sealed file, checked.

    Runs where the keys are and parses nothing of the document. Raises SlotTooSmall,
    SealingBroken, and the errors of the signers and the timestamper.
    """
    if sha256(document).hexdigest() != prepared.document_digest:
        raise SealingBroken(reason="prepared for another document")
    start, end = prepared.slot
    sealed = bytearray(document) + prepared.revision
    digest = byte_range_digest(sealed, start, end)
    more = dual.attributes(sealed, start, end, signing.seals) if signing.seals else {}
    signature = cms.make(digest, signing.signer, signing.timestamper, more)
    room = (end - start - 2) // 2
    if len(signature) > room:
        raise SlotTooSmall(needed=len(signature), room=room)
    sealed[start + 1 : start + 1 + 2 * len(signature)] = signature.hex().encode()
    result = bytes(sealed)
    check_output(document, result, signing.signer.certificate, signing.seals)
    return result
