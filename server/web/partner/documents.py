"""Partners hand in files and ask what became of them."""

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict

from server.core import idempotency
from server.core.idempotency import Once, body_digest
from server.documents import queries, service
from server.documents.models import Document
from server.documents.service import Upload
from server.runtime import runtime
from server.web.bodies import idempotency_key
from server.web.identity import current_partner
from server.web.language import is_english

bp = APIBlueprint("partner_documents", __name__, url_prefix="/partner/v1", tag="Documents")


class DocumentUpload(BaseModel):
    """A multipart body with one PDF, at most 20 MiB."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class Warned(BaseModel):
    code: str
    message: str


class Problem(BaseModel):
    code: str
    detail: str
    next_step: str


class DocumentOut(BaseModel):
    """`pages` and `sha256` are known once the file is `ready`; `problem` once it is `rejected`."""

    id: str
    name: str
    status: str
    size: int
    sha256: str
    pages: int
    warnings: list[Warned]
    problem: Problem | None


@bp.post("/documents")
@bp.input(DocumentUpload, location="files", arg_name="upload")
@bp.output(DocumentOut, status_code=202)
def add_document(upload: DocumentUpload) -> DocumentOut:
    """Hand in a PDF; it is `checking` until it was looked through in a closed room."""
    content = upload.file.stream.read(runtime().settings.largest_pdf + 1)
    service.check_size(content, runtime().settings.largest_pdf)
    digest = runtime().providers.storage.put(content)
    stored = Upload(upload.file.filename or "", digest, len(content))
    partner_id = current_partner().id
    once = Once(f"documents:{partner_id}", idempotency_key(), body_digest([stored.name, digest]))
    with runtime().db.begin() as uow:
        if made := idempotency.made_before(uow, once):
            return shown(queries.of_partner(uow, partner_id, made))
        document = service.add_upload(uow, stored, partner_id=partner_id)
        idempotency.remember(uow, once, document.id)
        return shown(document)


@bp.get("/documents/<document_id>")
@bp.output(DocumentOut)
def show_document(document_id: str) -> DocumentOut:
    """What became of a file: `checking`, `ready` or `rejected` with the reason."""
    with runtime().db.read() as uow:
        return shown(queries.of_partner(uow, current_partner().id, document_id))


def shown(document: Document) -> DocumentOut:
    """A document as its partner sees it."""
    place = 1 if is_english() else 0
    return DocumentOut(
        id=document.id,
        name=document.name,
        status=document.status,
        size=document.size,
        sha256=document.digest,
        pages=len(document.pages),
        warnings=[
            Warned(code=one["code"], message=one["message"][place]) for one in document.warnings
        ],
        problem=spoken_problem(document.problem),
    )


def spoken_problem(kept: dict[str, list[str]] | None) -> Problem | None:
    """A kept problem (code and both languages) in the caller's language."""
    if kept is None:
        return None
    place = 1 if is_english() else 0
    return Problem(
        code=str(kept["code"]), detail=kept["message"][place], next_step=kept["next_step"][place]
    )
