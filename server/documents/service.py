"""Taking files in, and adding what we sealed."""

from dataclasses import dataclass

from server.core import jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.documents.errors import NoFile, PdfTooLarge
from server.documents.models import Document, DocumentStatus
from server.documents.names import clean_name
from server.sealing.byte_range import Prefix

INSPECT = "documents.inspect"


@dataclass(frozen=True)
class Upload:
    """A file that has been stored: its name as sent, its digest and its size in bytes."""

    name: str
    digest: str
    size: int


def check_size(content: bytes, largest: int) -> None:
    """Raise NoFile or PdfTooLarge; `largest` in bytes is still allowed."""
    if not content:
        raise NoFile()
    if len(content) > largest:
        raise PdfTooLarge(limit=largest)


def add_upload(
    uow: UnitOfWork, upload: Upload, *, partner_id: str, holder: tuple[str, str] | None = None
) -> Document:
    """Write down a stored file and have it inspected; it is `checking` until then.

    `holder` is (account id, enterprise id) of a file that somebody hands in for himself.
    """
    account_id, enterprise_id = holder or (None, None)
    document = Document(
        id=new_id("doc"),
        partner_id=partner_id,
        holder_id=account_id,
        enterprise_id=enterprise_id,
        name=clean_name(upload.name),
        original_digest=upload.digest,
        size=upload.size,
        created_at=uow.now,
    )
    uow.session.add(document)
    uow.session.flush()
    jobs.enqueue(uow, INSPECT, max_attempts=4, document_id=document.id)
    return document


def add_sealed(
    uow: UnitOfWork, source: Document, sealed: Prefix, name: str, holder: tuple[str, str]
) -> Document:
    """Add the sealed form of `source`, of which there are the hashes of all its bytes.

    `holder` is (account id, enterprise id).
    """
    document = Document(
        id=new_id("doc"),
        partner_id=source.partner_id,
        holder_id=holder[0],
        enterprise_id=holder[1],
        sealed_from_id=source.id,
        name=name,
        status=DocumentStatus.READY,
        original_digest=sealed.digest,
        digest=sealed.digest,
        sm3=sealed.sm3_digest,
        size=sealed.length,
        pages=source.pages,
        warnings=[],
        created_at=uow.now,
    )
    uow.session.add(document)
    return document
