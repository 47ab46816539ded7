"""Finding files, always for somebody."""

from sqlalchemy import select

from server.core.db import UnitOfWork
from server.documents.errors import DocumentNotFound
from server.documents.models import Document
from server.sealing.page_box import PageBox


def of_partner(uow: UnitOfWork, partner_id: str, document_id: str) -> Document:
    """A partner's own file; raises DocumentNotFound for any other."""
    document = uow.session.scalar(
        select(Document).where(Document.id == document_id, Document.partner_id == partner_id)
    )
    if document is None:
        raise DocumentNotFound()
    return document


def page_boxes(document: Document) -> tuple[PageBox, ...]:
    """The pages' boxes as the inspection found them."""
    return tuple(
        PageBox(tuple(page["crop"]), page["rotate"], page["user_unit"]) for page in document.pages
    )
