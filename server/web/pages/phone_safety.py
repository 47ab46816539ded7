"""Another phone, another password, and what happened to the account: pages of 我的 (P-38)."""

from apiflask import APIBlueprint
from flask import jsonify, render_template, request
from werkzeug import Response

from server.accounts import fresh_proofs, passwords, phone_change
from server.accounts.codes import CodeAsk
from server.accounts.fresh_proofs import CHANGE_PHONE, SET_PASSWORD
from server.accounts.models import Account
from server.accounts.phones import open_phone
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.pages import proofs
from server.web.pages.phone import Phone
from server.web.pages.phone_me import shown_person
from server.web.pages.phone_password import Password
from server.web.pages.proofs import Code, ProofIn

bp = APIBlueprint("phone_safety", __name__, url_prefix="/m/me", enable_openapi=False)


class NewPasswordIn(Body):
    proof: ProofIn
    password: Password


class NewPhoneIn(Body):
    phone: Phone


class PhoneIn(NewPhoneIn):
    code: Code
    proof: ProofIn


@bp.get("/password")
def password_page() -> str:
    """登录密码: the first one, or another."""
    return _page("phone/me_password.html")


@bp.post("/password")
@bp.input(NewPasswordIn, arg_name="body")
def set_password(body: NewPasswordIn) -> Response:
    """Set the login password by a fresh proof; every other session ends. Raises WeakPassword."""
    person, password = current_person(), body.password.get_secret_value()
    passwords.check_strength(password, *_facts(person.account))
    proof = proofs.read(body.proof, SET_PASSWORD)
    digest = passwords.digest(password)
    with runtime().db.begin() as uow:
        fresh_proofs.set_password(uow, person.session, proof, digest)
    proofs.forgive(proof)
    return jsonify(next="/m/me?done=password")


@bp.get("/phone")
def phone_page() -> str:
    """更换手机号: the new phone, its code and a fresh proof."""
    return _page("phone/me_phone.html")


@bp.post("/phone/sms")
@bp.input(NewPhoneIn, arg_name="body")
def send_to_new_phone(body: NewPhoneIn) -> dict[str, int]:
    """Send a code to the new phone, whether or not somebody else has it."""
    desk = runtime().code_desk
    return {"retry_after": desk.send(_ask_new(body.phone))}


@bp.post("/phone")
@bp.input(PhoneIn, arg_name="body")
def change_phone(body: PhoneIn) -> Response:
    """Bind the new phone; every other session ends. Raises PhoneTaken to who holds the phone."""
    parts, person = runtime(), current_person()
    new = phone_change.prepare(parts.code_desk.keys, person.account.id, body.phone)
    old = proofs.read(body.proof, CHANGE_PHONE)
    of_new = parts.code_desk.prove(_ask_new(body.phone), body.code)
    with parts.db.begin() as uow:
        phone_change.change(uow, person.session, new, of_new, old)
    proofs.forgive(old, of_new)
    return jsonify(next="/m/me?done=phone")


def _page(template: str) -> str:
    person = current_person()
    ways = [way for way in fresh_proofs.ways(person.account) if way != "face"]
    return render_template(template, person=shown_person(person), ways=ways)


def _ask_new(phone: str) -> CodeAsk:
    desk, session = runtime().code_desk, current_person().session
    return phone_change.ask_new(desk, session, phone, request.remote_addr or "")


def _facts(account: Account) -> list[str]:
    """What a password may not contain: the owner's phone."""
    if account.phone_sealed is None:
        return []
    return [open_phone(runtime().code_desk.keys, account.id, account.phone_sealed)]
