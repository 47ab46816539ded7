"""A company registers on the phone: the fields of B1.1 in their order (F-01)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import redirect, render_template, request
from pydantic import Field, StringConstraints
from werkzeug import Response

from server.accounts import codes
from server.accounts.codes import CodeAsk, Purpose
from server.accounts.models import DeviceKind
from server.enterprises.company_desk import CompanyDesk
from server.enterprises.registration import LEGAL_FORMS, CompanyForm
from server.runtime import runtime
from server.web.identity import asking_device, is_logged_in
from server.web.language import is_english
from server.web.pages.phone import CodeIn, document_choices, let_in, own_path
from server.web.pages.phone_company import CompanyCode
from server.web.pages.phone_password import Password
from server.web.pages.phone_register import DeclaredIn, Short

bp = APIBlueprint(
    "phone_company_register", __name__, url_prefix="/m/register/company", enable_openapi=False
)


class CompanyIn(CodeIn):
    legal_form: Short
    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    company: CompanyCode
    representative: DeclaredIn
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    password: Password
    agreed: bool = False

    def read(self) -> CompanyForm:
        """Raises UnknownDocumentType, BadIdNumber."""
        representative = self.representative.read()
        password = self.password.get_secret_value()
        return CompanyForm(self.legal_form, self.name, self.company, representative, password)


@bp.get("")
def page() -> Response | str:
    """The form; somebody who is logged in goes on at once."""
    target = own_path(request.args.get("next"))
    if is_logged_in():
        return redirect(target, 303)
    place = 1 if is_english() else 0
    forms = [(code, names[place]) for code, names in LEGAL_FORMS]
    choices = {"legal_forms": forms, "document_types": document_choices()}
    return render_template("phone/register_company.html", next=target, **choices)


@bp.post("/sms")
@bp.input(CodeIn, arg_name="body")
def send_code(body: CodeIn) -> dict[str, int]:
    """Send a code to the phone that was typed."""
    return {"retry_after": runtime().code_desk.send(_ask(body.phone))}


@bp.post("")
@bp.input(CompanyIn, arg_name="body")
def register(body: CompanyIn) -> Response:
    """Make the company's login and open its first session; a face opens the rest (F-10)."""
    parts, device = runtime(), asking_device(DeviceKind.PHONE)
    desk = CompanyDesk(parts.code_desk, parts.providers.registry)
    form, ask = body.read(), _ask(body.phone)
    token = desk.register(form, ask, body.code, agreed=body.agreed, device=device)
    return let_in(token, device)


def _ask(phone: str) -> CodeAsk:
    to = codes.to_phone(runtime().code_desk.keys, phone)
    return CodeAsk(to, Purpose.COMPANY, request.remote_addr or "")
