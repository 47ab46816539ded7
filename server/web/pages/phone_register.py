"""Registering on the phone: by the phone alone, or with a name and a document (F-02, F-03)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import redirect, render_template, request
from pydantic import StringConstraints
from werkzeug import Response

from server.accounts import codes, registration
from server.accounts.id_documents import read_document
from server.accounts.models import DeviceKind
from server.accounts.registration import Declared
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device, is_logged_in
from server.web.pages.phone import LoginIn, code_to_enter, document_choices, let_in, own_path

bp = APIBlueprint("phone_register", __name__, url_prefix="/m/register", enable_openapi=False)

Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class DeclaredIn(Body):
    document_type: Short
    name: Short
    number: Short
    consent_to_id_number: bool = False

    def read(self) -> Declared:
        """Raises UnknownDocumentType, BadIdNumber."""
        document = read_document(self.document_type, self.number)
        return Declared(self.name, document, self.consent_to_id_number)


class RegisterIn(LoginIn):
    declared: DeclaredIn | None = None


@bp.get("")
def register_page() -> Response | str:
    """Registering; somebody who is logged in goes on at once."""
    target = own_path(request.args.get("next"))
    if is_logged_in():
        return redirect(target, 303)
    return render_template("phone/register.html", next=target, document_types=document_choices())


@bp.post("")
@bp.input(RegisterIn, arg_name="body")
def register(body: RegisterIn) -> Response:
    """Make the account, or come in by the one that has this phone; the answer is the same."""
    desk, device = runtime().code_desk, asking_device(DeviceKind.PHONE)
    to = codes.to_phone(desk.keys, body.phone)
    # A slip in the form costs no try of the code.
    declared = body.declared.read() if body.declared else None
    new = registration.prepare(desk.keys, to.phone or "", declared)
    proof = desk.prove(code_to_enter(to), body.code)
    with runtime().db.begin() as uow:
        _, token = registration.register(uow, new, proof, agreed=body.agreed, device=device)
    desk.forgive(proof)
    return let_in(token, device)
