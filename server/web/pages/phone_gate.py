"""The gate before acting for a company: what it is, the separate consent, the face (F-10)."""

from apiflask import APIBlueprint
from flask import redirect, render_template, request
from werkzeug import Response

from server.accounts.faces import FacePurpose
from server.enterprises.models import Enterprise
from server.runtime import runtime
from server.web import admission, face_checks
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.pages.phone import own_path
from server.web.pages.roles import acting_right, only_company, rights_within

bp = APIBlueprint("phone_gate", __name__, url_prefix="/m/gate", enable_openapi=False)


class FaceIn(Body):
    consent: bool = False


@bp.get("")
def page() -> Response | str:
    """Why a face is asked for, and for which company; whoever may enter goes on at once."""
    person, then = current_person(), own_path(request.args.get("next"))
    if admission.may_enter(person):
        return redirect(then, 303)
    with runtime().db.read() as uow:
        if company_id := only_company(person):
            name = uow.session.get_one(Enterprise, company_id).name
        else:
            right = acting_right(rights_within(uow, person), person)
            name = right.enterprise.name if right else ""
    context = {"company": name, "by_company": bool(company_id), "account": person.account}
    return render_template("phone/gate.html", next=then, **context)


@bp.post("")
@bp.input(FaceIn, arg_name="body")
def begin(body: FaceIn) -> Response:
    """Begin the check; the answer names the face service's page.

    Raises AgreementsChanged, ConsentNeeded, RealNameNeeded, FaceLocked, FaceNotSupported,
    FaceUnavailable.
    """
    admission.require_agreements()
    then = own_path(request.args.get("next"))
    return face_checks.begin(FacePurpose.ENTER_COMPANY, consent=body.consent, then=then)
