"""A company's own way in on the phone: its code and a password, and a new one (F-04, F-05).

What is answered never tells whether the company has a login (S-24).
"""

from typing import Annotated

from apiflask import APIBlueprint
from flask import redirect, render_template, request
from pydantic import Field, StringConstraints
from werkzeug import Response

from server.accounts import passwords
from server.accounts.codes import CodeAsk, Purpose
from server.accounts.models import DeviceKind
from server.enterprises import registration
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device, is_logged_in
from server.web.pages.phone import let_in, own_path
from server.web.pages.phone_password import Password

bp = APIBlueprint("phone_company", __name__, url_prefix="/m", enable_openapi=False)

# A code that is typed with blanks is a code; its real length is judged in the domain.
CompanyCode = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class CompanyLoginIn(Body):
    company: CompanyCode
    password: Password
    agreed: bool = False


class CompanyForgotIn(Body):
    company: CompanyCode


class CompanyResetIn(Body):
    company: CompanyCode
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    password: Password


@bp.get("/login/company")
def login_page() -> Response | str:
    """法人用户: the code and the password; somebody who is logged in goes on at once."""
    target = own_path(request.args.get("next"))
    if is_logged_in():
        return redirect(target, 303)
    return render_template("phone/login_company.html", next=target)


@bp.post("/login/company")
@bp.input(CompanyLoginIn, arg_name="body")
def log_in(body: CompanyLoginIn) -> Response:
    """Open a session that acts for this company alone, once its representative shows his face."""
    db, device = runtime().db, asking_device(DeviceKind.PHONE)
    password = body.password.get_secret_value()
    login_id = registration.check_password(db, body.company, password)
    with db.begin() as uow:
        _, token = registration.log_in(uow, login_id, agreed=body.agreed, device=device)
    return let_in(token, device)


@bp.get("/forgot/company")
def forgot_page() -> str:
    """忘记密码: a new one by the code of the company's phone."""
    return render_template("phone/forgot_company.html", next=own_path(request.args.get("next")))


@bp.post("/forgot/company/sms")
@bp.input(CompanyForgotIn, arg_name="body")
def send_code(body: CompanyForgotIn) -> dict[str, int]:
    """Send a code to the company's phone; the answer is the same where there is none."""
    return {"retry_after": runtime().code_desk.send(_ask(body.company))}


@bp.post("/forgot/company")
@bp.input(CompanyResetIn, arg_name="body")
def reset(body: CompanyResetIn) -> dict[str, str]:
    """Set the new password; every session of the company's login ends."""
    parts, password = runtime(), body.password.get_secret_value()
    passwords.check_strength(password, registration.read_code(body.company))
    proof = parts.code_desk.prove(_ask(body.company), body.code)
    digest = passwords.digest(password)
    with parts.db.begin() as uow:
        registration.reset_password(uow, body.company, proof, digest)
    parts.code_desk.forgive(proof)
    return {"next": "/m/login/company"}


def _ask(company: str) -> CodeAsk:
    parts = runtime()
    to = registration.recipient(parts.db, parts.code_desk.keys, company)
    return CodeAsk(to, Purpose.COMPANY_RESET, request.remote_addr or "")
