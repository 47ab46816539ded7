"""The face gate of a computer: a code on the screen, the face on the phone (F-10).

The code leads to the face service's own page. Only the answer of that service counts, and only in
the session that asked: who else scans the code shows a face that does not fit.
"""

from typing import Annotated

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from pydantic import StringConstraints
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from werkzeug import Response

from server.accounts.errors import FaceNotPassed
from server.accounts.faces import FacePurpose
from server.enterprises import gate
from server.enterprises.models import Enterprise
from server.providers.face import Outcome
from server.runtime import runtime
from server.web import admission
from server.web.bodies import Body
from server.web.face_checks import asked_by
from server.web.identity import Person, current_person
from server.web.pages.phone import own_path
from server.web.pages.roles import acting_right, only_company, rights_within

bp = APIBlueprint("desktop_gate", __name__, url_prefix="/account/gate", enable_openapi=False)

BACK = "/app"


class FaceIn(Body):
    consent: bool = False


class CheckIn(Body):
    check: Annotated[str, StringConstraints(max_length=40)]


@bp.get("")
def page() -> Response | str:
    """Why a face is asked for, and for which company; whoever may enter goes on at once."""
    person = current_person()
    if admission.may_enter(person):
        return redirect(_goal(), 303)
    company = _company(person)
    return render_template("desktop/gate.html", account=person.account, company=company)


@bp.post("")
@bp.input(FaceIn, arg_name="body")
def begin(body: FaceIn) -> Response:
    """Begin a check: its name, the address to scan, and its code as rows of `0` and `1`.

    Raises AgreementsChanged, ConsentNeeded, RealNameNeeded, FaceLocked, FaceNotSupported,
    FaceUnavailable.
    """
    admission.require_agreements()
    person, public_url = current_person(), runtime().settings.public_url
    purpose, back = FacePurpose.ENTER_COMPANY, public_url + BACK
    ask = asked_by(person, purpose, consent=body.consent, back_url=back)
    check, started = runtime().face_desk.start(ask)
    # The double's page is one of our own.
    url = public_url + started.url if started.url.startswith("/") else started.url
    return jsonify(check=check.id, url=url, modules=_modules(url), life_s=started.life_s)


@bp.post("/settle")
@bp.input(CheckIn, arg_name="body")
def settle(body: CheckIn) -> Response:
    """`outcome` is `pending`, or `passed` with `next`. Raises FaceNotPassed, FaceUnavailable."""
    session = current_person().session
    outcome = runtime().face_desk.settle(body.check, session.id)
    if outcome == Outcome.FAILED:
        raise FaceNotPassed()
    if outcome == Outcome.PENDING:
        return jsonify(outcome=outcome)
    with runtime().db.begin() as uow:
        gate.enter(uow, body.check, session.id)
    return jsonify(outcome=outcome, next=_goal())


def _company(person: Person) -> str:
    with runtime().db.read() as uow:
        if own := only_company(person):
            return uow.session.get_one(Enterprise, own).name
        right = acting_right(rights_within(uow, person), person)
        return right.enterprise.name if right else ""


def _modules(url: str) -> list[str]:
    """The code of an address of any length; a service's own may have hundreds of characters."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]


def _goal() -> str:
    return own_path(request.args.get("next"), within="/", home="/account")
