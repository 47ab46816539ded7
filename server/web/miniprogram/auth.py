"""Coming in by the mini-program: codes by SMS, password or code, a forgotten password (F-04..F-06).

What is answered never tells whether anybody has the phone or the number that was typed (S-24).
"""

from typing import Annotated, Literal, Self

from apiflask import APIBlueprint
from flask import request
from pydantic import Field, SecretStr, StringConstraints, model_validator

from server.accounts import codes, login, names, passwords
from server.accounts.codes import CodeAsk, Purpose, Recipient
from server.accounts.models import DeviceKind
from server.accounts.names import read_login_name
from server.enterprises import registration as companies
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.miniprogram.logins import Entered, entered

bp = APIBlueprint("mp_auth", __name__, url_prefix="/mp/v1/auth", tag="Logging in")

Number = Annotated[str, StringConstraints(min_length=1, max_length=32)]
IdType = Annotated[str, StringConstraints(max_length=32)]
Digits = Annotated[str, Field(pattern="^[0-9]{6}$")]
Password = Annotated[SecretStr, Field(min_length=1, max_length=64)]
# What a mini-program may ask a code for before anybody is logged in.
AskedFor = Literal["enter", "reset_password", "company", "company_reset"]


class Named(Body):
    """`id_no`: a phone, the number of a document, or a company's 18 characters. `id_type`: the
    document's type; without it a phone or a resident's number is read."""

    id_no: Number
    id_type: IdType = ""


class SmsIn(Named):
    """`enter` is for logging in and for registering a person, `company` for registering one."""

    purpose: AskedFor


class SmsOut(Answer):
    retry_after: int


class LoginIn(Named):
    """Either `password` or `sms_code`; a company has a password alone."""

    account_type: Literal["person", "company"]
    password: Password | None = None
    sms_code: Digits | None = None
    agreed: bool = False

    @model_validator(mode="after")
    def _has_one_proof(self) -> Self:
        if (self.password is None) == (self.sms_code is None):
            raise ValueError("either password or sms_code")
        if self.account_type == "company" and self.password is None:
            raise ValueError("a company logs in by password")
        return self


class ResetIn(Named):
    account_type: Literal["person", "company"]
    sms_code: Digits
    password: Password


@bp.post("/sms")
@bp.input(SmsIn, arg_name="body")
@bp.output(SmsOut)
def send_code(body: SmsIn) -> SmsOut:
    """Send a code; the answer is the same for a name that nobody has."""
    desk, ask = runtime().code_desk, _asked(body)
    this = repeats.once("sms", ask.to.index, body.purpose)
    if not repeats.is_done(this):
        desk.send(ask)
        repeats.note(this)
    return SmsOut(retry_after=int(codes.RESEND_AFTER.total_seconds()))


@bp.post("/login")
@bp.input(LoginIn, arg_name="body")
@bp.output(Entered)
def log_in(body: LoginIn) -> Entered:
    """A person by code or password, a company by password; the token is shown once."""
    if body.account_type == "company":
        return _company(body)
    return _by_code(body) if body.sms_code else _by_password(body)


@bp.post("/reset_password")
@bp.input(ResetIn, arg_name="body")
@bp.output(Answer)
def reset_password(body: ResetIn) -> Answer:
    """A new password by the code of the bound phone; every session of the account ends."""
    return _reset_company(body) if body.account_type == "company" else _reset_person(body)


def _asked(body: SmsIn) -> CodeAsk:
    purpose = Purpose(body.purpose)
    return CodeAsk(_recipient(body, purpose), purpose, request.remote_addr or "")


def _recipient(body: SmsIn, purpose: Purpose) -> Recipient:
    db, keys = runtime().db, runtime().providers.keys
    if purpose == Purpose.COMPANY_RESET:
        return companies.recipient(db, keys, body.id_no)
    if purpose == Purpose.COMPANY:
        return codes.to_phone(keys, body.id_no)
    name = read_login_name(keys, body.id_no, body.id_type)
    if purpose == Purpose.ENTER and not name.is_document:
        return codes.to_phone(keys, body.id_no)
    return names.recipient(db, keys, name)


def _by_code(body: LoginIn) -> Entered:
    parts, device = runtime(), asking_device(DeviceKind.MINI_PROGRAM)
    name = read_login_name(parts.providers.keys, body.id_no, body.id_type)
    ask = CodeAsk(Recipient(name.index, None), Purpose.ENTER, device.address)
    proof = parts.code_desk.prove(ask, body.sms_code or "")
    this = repeats.coming_in("login", name.index, proof.code_digest)
    with parts.db.begin() as uow:
        found = repeats.enter(
            uow, this, lambda: login.by_code(uow, name, proof, agreed=body.agreed, device=device)
        )
    parts.code_desk.forgive(proof)
    return entered(*found)


def _by_password(body: LoginIn) -> Entered:
    parts, device = runtime(), asking_device(DeviceKind.MINI_PROGRAM)
    name = read_login_name(parts.providers.keys, body.id_no, body.id_type)
    account_id = login.check_password(parts.db, name, _plain(body.password))
    this = repeats.coming_in("login", name.index, "by password")
    with parts.db.begin() as uow:
        return entered(
            *repeats.enter(
                uow,
                this,
                lambda: login.by_password(uow, account_id, agreed=body.agreed, device=device),
            )
        )


def _company(body: LoginIn) -> Entered:
    parts, device = runtime(), asking_device(DeviceKind.MINI_PROGRAM)
    login_id = companies.check_password(parts.db, body.id_no, _plain(body.password))
    this = repeats.coming_in("login", login_id, "by password")
    with parts.db.begin() as uow:
        return entered(
            *repeats.enter(
                uow,
                this,
                lambda: companies.log_in(uow, login_id, agreed=body.agreed, device=device),
            )
        )


def _reset_person(body: ResetIn) -> Answer:
    parts, new = runtime(), _plain(body.password)
    name = read_login_name(parts.providers.keys, body.id_no, body.id_type)
    passwords.check_strength(new, body.id_no)
    ask = CodeAsk(Recipient(name.index, None), Purpose.RESET_PASSWORD, "")
    proof = parts.code_desk.prove(ask, body.sms_code)
    digest = passwords.digest(new)
    this = repeats.once("reset", name.index, proof.code_digest)
    with parts.db.begin() as uow:
        repeats.do(uow, this, lambda: login.reset_by_code(uow, name, proof, digest))
    parts.code_desk.forgive(proof)
    return Answer()


def _reset_company(body: ResetIn) -> Answer:
    parts, new = runtime(), _plain(body.password)
    passwords.check_strength(new, body.id_no)
    to = companies.recipient(parts.db, parts.providers.keys, body.id_no)
    proof = parts.code_desk.prove(CodeAsk(to, Purpose.COMPANY_RESET, ""), body.sms_code)
    digest = passwords.digest(new)
    this = repeats.once("reset", to.index, proof.code_digest)
    with parts.db.begin() as uow:
        repeats.do(uow, this, lambda: companies.reset_password(uow, body.id_no, proof, digest))
    parts.code_desk.forgive(proof)
    return Answer()


def _plain(password: SecretStr | None) -> str:
    return password.get_secret_value() if password else ""
