"""The login password on the phone: coming in by it, and a new one (F-05, F-06).

What is answered never tells whether anybody has the phone or the number that was typed (S-24).
"""

from typing import Annotated

from apiflask import APIBlueprint
from flask import render_template, request
from pydantic import Field, SecretStr, StringConstraints
from werkzeug import Response

from server.accounts import login, passwords
from server.accounts.codes import CodeAsk, Purpose, Recipient
from server.accounts.models import DeviceKind
from server.accounts.names import LoginName, read_login_name, recipient
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import asking_device
from server.web.pages.phone import document_choices, let_in, own_path

bp = APIBlueprint("phone_password", __name__, url_prefix="/m", enable_openapi=False)

Name = Annotated[str, StringConstraints(min_length=1, max_length=32)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=64)]


class NameIn(Body):
    """`document_type` is given for documents that are not told by their form alone (F-07)."""

    name: Name
    document_type: Annotated[str, StringConstraints(max_length=64)] = ""

    def read(self) -> LoginName:
        """Raises BadPhone, BadIdNumber, UnknownDocumentType."""
        return read_login_name(runtime().code_desk.keys, self.name, self.document_type)


class PasswordIn(NameIn):
    password: Password
    agreed: bool = False


class ResetIn(NameIn):
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    password: Password


@bp.post("/login/password")
@bp.input(PasswordIn, arg_name="body")
def log_in(body: PasswordIn) -> Response:
    """Open a session on this browser, under a fresh token."""
    parts, device = runtime(), asking_device(DeviceKind.PHONE)
    name = body.read()
    account_id = login.check_password(parts.db, name, body.password.get_secret_value())
    with parts.db.begin() as uow:
        _, token = login.by_password(uow, account_id, agreed=body.agreed, device=device)
    return let_in(token, device)


@bp.get("/forgot")
def forgot_page() -> str:
    """忘记密码: a new one by the code of the bound phone."""
    target = own_path(request.args.get("next"))
    return render_template("phone/forgot.html", next=target, document_types=document_choices())


@bp.post("/forgot/sms")
@bp.input(NameIn, arg_name="body")
def send_code(body: NameIn) -> dict[str, int]:
    """Send a code to the bound phone; the answer is the same where there is none."""
    parts = runtime()
    name = body.read()
    return {
        "retry_after": parts.code_desk.send(_ask(recipient(parts.db, parts.code_desk.keys, name)))
    }


@bp.post("/forgot")
@bp.input(ResetIn, arg_name="body")
def reset(body: ResetIn) -> dict[str, str]:
    """Set the new password; every session of the account ends."""
    parts, password = runtime(), body.password.get_secret_value()
    name = body.read()
    passwords.check_strength(password, body.name)
    proof = parts.code_desk.prove(_ask(Recipient(name.index, None)), body.code)
    digest = passwords.digest(password)
    with parts.db.begin() as uow:
        login.reset_by_code(uow, name, proof, digest)
    parts.code_desk.forgive(proof)
    return {"next": "/m/login/password"}


def _ask(to: Recipient) -> CodeAsk:
    return CodeAsk(to, Purpose.RESET_PASSWORD, request.remote_addr or "")
