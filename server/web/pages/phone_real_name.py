"""实名认证 on the phone: what is known, and raising a phone-only account to a real name (P-37)."""

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.accounts import real_name, registration
from server.accounts.faces import FacePurpose
from server.accounts.fresh_proofs import REAL_NAME
from server.accounts.id_documents import DOCUMENT_TYPES, mask_id_number, open_number
from server.accounts.models import Account
from server.runtime import runtime
from server.web import face_checks
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.language import is_english
from server.web.pages import proofs
from server.web.pages.phone import document_choices
from server.web.pages.phone_gate import FaceIn
from server.web.pages.phone_me import shown_person
from server.web.pages.phone_register import DeclaredIn
from server.web.pages.proofs import CodeIn

bp = APIBlueprint("phone_real_name", __name__, url_prefix="/m/me/real-name", enable_openapi=False)

PATH = "/m/me/real-name"


class RealNameIn(Body):
    declared: DeclaredIn
    proof: CodeIn


@bp.get("")
def page() -> str:
    """The level; the document where there is one; the form until a face has proved it."""
    person = current_person()
    ways = ["sms"] if person.account.phone_index else []
    return render_template(
        "phone/me_real_name.html",
        person=shown_person(person),
        document=_document(person.account),
        document_types=document_choices(),
        ways=ways,
    )


@bp.post("")
@bp.input(RealNameIn, arg_name="body")
def declare(body: RealNameIn) -> Response:
    """Note name and document; a proven account keeps what was proved. Raises BadName,
    BadIdNumber, ConsentNeeded, WrongCode."""
    parts, person = runtime(), current_person()
    declared = body.declared.read()
    document = registration.close_document(parts.code_desk.keys, person.account.id, declared)
    proof = parts.code_desk.prove(proofs.asked(REAL_NAME), body.proof.code)
    with parts.db.begin() as uow:
        real_name.declare(uow, person.session, document, proof)
    proofs.forgive(proof)
    return jsonify(next=PATH)


@bp.post("/face")
@bp.input(FaceIn, arg_name="body")
def begin_face(body: FaceIn) -> Response:
    """Begin the face check that proves the name; `next` is the face service's page.

    Raises ConsentNeeded, RealNameNeeded before a document was given, FaceLocked, FaceNotSupported,
    FaceUnavailable.
    """
    return face_checks.begin(FacePurpose.REAL_NAME, consent=body.consent, then=PATH)


def _document(account: Account) -> dict[str, str] | None:
    """Kind and masked number of the document that is kept for this account."""
    if account.id_number_sealed is None:
        return None
    kinds = {kind.code: kind.names for kind in DOCUMENT_TYPES}
    number = open_number(runtime().code_desk.keys, account.id, account.id_number_sealed)
    name = kinds.get(account.document_type, ("", ""))[1 if is_english() else 0]
    return {"kind": name, "number": mask_id_number(number)}
