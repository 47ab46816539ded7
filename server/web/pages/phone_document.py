"""Logging in by the number of a document and the code of the bound phone (F-06, F-07).

What is answered never tells whether anybody has the number (S-24).
"""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field
from werkzeug import Response

from server.accounts import login
from server.accounts.codes import Recipient
from server.accounts.id_documents import read_document
from server.accounts.models import DeviceKind
from server.accounts.names import LoginName, of_document, recipient
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device
from server.web.pages.phone import code_to_enter, let_in
from server.web.pages.phone_register import Short

bp = APIBlueprint("phone_document", __name__, url_prefix="/m/login/document", enable_openapi=False)


class DocumentIn(Body):
    document_type: Short
    number: Short

    def read(self) -> LoginName:
        """Raises UnknownDocumentType, BadIdNumber."""
        document = read_document(self.document_type, self.number)
        return of_document(runtime().code_desk.keys, document)


class DocumentLoginIn(DocumentIn):
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    agreed: bool = False


@bp.post("/sms")
@bp.input(DocumentIn, arg_name="body")
def send_code(body: DocumentIn) -> dict[str, int]:
    """Send a code to the bound phone; the answer is the same where there is none."""
    parts = runtime()
    to = recipient(parts.db, parts.code_desk.keys, body.read())
    return {"retry_after": parts.code_desk.send(code_to_enter(to))}


@bp.post("")
@bp.input(DocumentLoginIn, arg_name="body")
def log_in(body: DocumentLoginIn) -> Response:
    """Open a session on this browser, under a fresh token."""
    desk, device, name = runtime().code_desk, asking_device(DeviceKind.PHONE), body.read()
    proof = desk.prove(code_to_enter(Recipient(name.index, None)), body.code)
    with runtime().db.begin() as uow:
        _, token = login.by_code(uow, name, proof, agreed=body.agreed, device=device)
    desk.forgive(proof)
    return let_in(token, device)
