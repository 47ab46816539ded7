"""Registering by the mini-program: a person by his phone, a company by its facts (F-01..F-03)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import request
from pydantic import Field, SecretStr, StringConstraints

from server.accounts import codes, consents, registration
from server.accounts.codes import CodeAsk, CodeProof, Purpose
from server.accounts.id_documents import read_document
from server.accounts.models import DeviceKind
from server.accounts.registration import Declared, NewPerson
from server.enterprises import registration as companies
from server.enterprises.company_desk import CompanyDesk
from server.enterprises.registration import CompanyForm
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device
from server.web.miniprogram import repeats
from server.web.miniprogram.auth import Digits
from server.web.miniprogram.logins import Entered, entered
from server.web.miniprogram.repeats import Entry

bp = APIBlueprint("mp_register", __name__, url_prefix="/mp/v1/auth/register", tag="Logging in")

Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class DeclaredIn(Body):
    """The name and the document that somebody says are his (F-02); the consent is a tick of its
    own (PIPL 29)."""

    id_type: Short
    name: Short
    id_no: Short
    consent_to_id_number: bool = False

    def read(self) -> Declared:
        """Raises UnknownDocumentType, BadIdNumber."""
        document = read_document(self.id_type, self.id_no)
        return Declared(self.name, document, self.consent_to_id_number)


class PersonIn(Body):
    phone: Number
    sms_code: Digits
    agreed: bool = False
    declared: DeclaredIn | None = None


class CompanyIn(Body):
    """The fields of B1.1; all must agree with the registry."""

    legal_form: Short
    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    code: Number
    representative: DeclaredIn
    phone: Number
    sms_code: Digits
    password: Annotated[SecretStr, Field(min_length=1, max_length=64)]
    agreed: bool = False


@bp.post("/person")
@bp.input(PersonIn, arg_name="body")
@bp.output(Entered)
def register_person(body: PersonIn) -> Entered:
    """Make the account, or come in by the one that has this phone; the answer is the same."""
    desk = runtime().code_desk
    to = codes.to_phone(desk.keys, body.phone)
    # A slip in the form costs no try of the code.
    declared = body.declared.read() if body.declared else None
    new = registration.prepare(desk.keys, to.phone or "", declared)
    proof = desk.prove(CodeAsk(to, Purpose.ENTER, request.remote_addr or ""), body.sms_code)
    return _person(new, proof, agreed=body.agreed)


@bp.post("/company")
@bp.input(CompanyIn, arg_name="body")
@bp.output(Entered)
def register_company(body: CompanyIn) -> Entered:
    """Make the company's own login; it opens nothing before its representative's face was seen."""
    desk, form = runtime().code_desk, _form(body)
    to = codes.to_phone(desk.keys, body.phone)
    consents.require_ticked(body.agreed)
    companies.require_sound(form, to.phone or "")
    proof = desk.prove(CodeAsk(to, Purpose.COMPANY, request.remote_addr or ""), body.sms_code)
    return _company(form, proof)


def _person(new: NewPerson, proof: CodeProof, *, agreed: bool) -> Entered:
    parts, device = runtime(), asking_device(DeviceKind.MINI_PROGRAM)
    this = repeats.coming_in("register", proof.to.index, proof.code_digest)
    with parts.db.begin() as uow:
        found = repeats.enter(
            uow, this, lambda: registration.register(uow, new, proof, agreed=agreed, device=device)
        )
    parts.code_desk.forgive(proof)
    return entered(*found)


def _company(form: CompanyForm, proof: CodeProof) -> Entered:
    """The agreements were ticked. The registry is not asked again for a repeat, whose code is
    spent."""
    parts, device = runtime(), asking_device(DeviceKind.MINI_PROGRAM)
    this = repeats.coming_in("register", proof.to.index, proof.code_digest, form.code)

    def come_in() -> Entry:
        new = CompanyDesk(parts.code_desk, parts.providers.registry).admit(form, proof)
        with parts.db.begin() as uow:
            return repeats.enter(
                uow, this, lambda: companies.register(uow, new, proof, agreed=True, device=device)
            )

    found = repeats.entered_or(this, come_in)
    parts.code_desk.forgive(proof)
    return entered(*found)


def _form(body: CompanyIn) -> CompanyForm:
    password, who = body.password.get_secret_value(), body.representative.read()
    return CompanyForm(body.legal_form, body.name, body.code, who, password)
