"""What is done to a signing of one's own files, for the pages and the mini-program alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from server.core import idempotency
from server.core.db import UnitOfWork
from server.core.errors import DomainError, TooLarge
from server.core.idempotency import Once, body_digest
from server.documents import service as documents
from server.documents.errors import NoFile
from server.documents.preview import width_for
from server.documents.service import Upload
from server.runtime import runtime
from server.signing.errors import ResultNotReady
from server.signing.own import queries, service
from server.signing.own.errors import OwnSigningNotFound, TooManyFiles
from server.signing.own.models import OwnSigning
from server.signing.own.service import MOST_FILES
from server.web.admission import require_may_act_for
from server.web.bodies import idempotency_key
from server.web.identity import Person, current_person
from server.web.links import links_to
from server.web.own_signing_bodies import SubmitIn
from server.web.pages.roles import acting_right, only_company, rights_within
from server.web.placements import LayoutIn


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why."""

    name: str
    problem: DomainError


@dataclass(frozen=True)
class Taken:
    """The signing that files were put into, and those that were not."""

    signing_id: str
    refused: Sequence[Refused] = ()


def seen(uow: UnitOfWork, signing_id: str) -> OwnSigning:
    """A signing of whoever is logged in, for whom this login may act.

    Raises OwnSigningNotFound; FaceGate before a company.
    """
    person = current_person()
    found = queries.of_account(uow, person.account.id, signing_id)
    if only_company(person) not in (None, found.enterprise_id):
        raise OwnSigningNotFound()
    if found.enterprise_id is not None:
        require_may_act_for(person, found.enterprise_id)
    return found


def begin(files: Sequence[FileStorage]) -> Taken:
    """Begin a signing with these files, for whom the person acts now (F-12); all that can be taken
    are. Raises NoFile, TooManyFiles, NoRight, NoUsableSeal, and the first file's own problem where
    none was taken."""
    if len(files) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    stored, refused = _stored(files)
    person, parts = current_person(), runtime()
    once = Once(f"own:{person.account.id}", idempotency_key(), _digest(stored))
    with parts.db.begin() as uow:
        made = idempotency.made_before(uow, once)
        if made is not None:
            return Taken(made, refused)
        signing = service.begin(uow, person.account.id, _acting_for(uow, person))
        for upload in stored:
            service.add_file(uow, signing, upload)
        idempotency.remember(uow, once, signing.id)
        return Taken(signing.id, refused)


def add(signing_id: str, file: FileStorage) -> str:
    """Put one more file into a signing; its document's id.

    Raises NoFile, PdfTooLarge, OwnSigningOver, TooManyFiles.
    """
    parts = runtime()
    with parts.db.read() as uow:
        seen(uow, signing_id).require_draft()
    upload = _store(file)
    once = Once(f"own:{signing_id}", idempotency_key(), _digest([upload]))
    with parts.db.begin() as uow:
        made = idempotency.made_before(uow, once)
        if made is None:
            made = service.add_file(uow, seen(uow, signing_id), upload).document_id
            idempotency.remember(uow, once, made)
        return made


def remove(signing_id: str, document_id: str) -> None:
    """Take a file out. Raises DocumentNotFound, OwnSigningOver, FileBeingSealed."""
    with runtime().db.begin() as uow:
        service.remove_file(uow, seen(uow, signing_id), document_id)


def save(signing_id: str, document_id: str, body: LayoutIn) -> None:
    """Keep where the seals of a file lie. Raises what `service.save_draft` raises."""
    with runtime().db.begin() as uow:
        service.save_draft(uow, seen(uow, signing_id), document_id, body.layout())


def cancel(signing_id: str) -> None:
    """Give the signing up. Raises OwnSigningOver once it was submitted."""
    with runtime().db.begin() as uow:
        service.cancel(uow, seen(uow, signing_id))


def submit(signing_id: str, body: SubmitIn) -> None:
    """提交: have every file sealed that is not yet; a repeat changes nothing.

    Raises what `SubmitDesk.submit` raises.
    """
    parts = runtime()
    with parts.db.read() as uow:
        seen(uow, signing_id)
    parts.submit_desk.submit(current_person().session, signing_id, body.shown, body.proof)


def preview(signing_id: str, document_id: str, page: int, width: int) -> bytes:
    """PNG of a page of the very bytes that will be sealed. Raises DocumentNotFound,
    DocumentNotReady, DocumentRejected, PageOutside, PdfTooComplex."""
    with runtime().db.read() as uow:
        document = queries.file_of(uow, seen(uow, signing_id), document_id).document
        document.require_ready()
    return runtime().previews.page(document.digest, page, width_for(width))


def sealed_links(signing_id: str, document_id: str) -> dict[str, object]:
    """Links to the sealed file that live for a few minutes. DocumentNotFound, ResultNotReady."""
    with runtime().db.read() as uow:
        sealed = queries.file_of(uow, seen(uow, signing_id), document_id).sealed
    if sealed is None:
        raise ResultNotReady()
    return links_to(sealed.id)


def _acting_for(uow: UnitOfWork, person: Person) -> str | None:
    right = acting_right(rights_within(uow, person), person)
    if right is None:
        return None
    require_may_act_for(person, right.enterprise.id)
    return right.enterprise.id


def _stored(files: Sequence[FileStorage]) -> tuple[list[Upload], list[Refused]]:
    """The bytes of each file are kept before any transaction; nothing names them yet."""
    stored, refused = list[Upload](), list[Refused]()
    for file in files:
        try:
            stored.append(_store(file))
        except (NoFile, TooLarge) as problem:
            refused.append(Refused(file.filename or "", problem))
    if not stored:
        raise refused[0].problem if refused else NoFile()
    return stored, refused


def _store(file: FileStorage) -> Upload:
    largest = runtime().settings.largest_pdf
    content = file.stream.read(largest + 1)
    documents.check_size(content, largest)
    digest = runtime().providers.storage.put(content)
    return Upload(file.filename or "", digest, len(content))


def _digest(uploads: Sequence[Upload]) -> str:
    return body_digest([[one.name, one.digest] for one in uploads])
