"""The fresh proof that a page asks for before an account is changed: asked for, read (P-38)."""

from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import Field

from server.accounts import fresh_proofs
from server.accounts.codes import CodeAsk, CodeProof
from server.accounts.fresh_proofs import Act, FreshProof
from server.runtime import runtime
from server.web import certificates
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.pages.phone_password import Password

bp = APIBlueprint("phone_proofs", __name__, url_prefix="/m/me/proof", enable_openapi=False)

ACTS = {
    "phone": fresh_proofs.CHANGE_PHONE,
    "password": fresh_proofs.SET_PASSWORD,
    "real_name": fresh_proofs.REAL_NAME,
    "data": fresh_proofs.TAKE_DATA,
    "close": fresh_proofs.CLOSE_ACCOUNT,
    **certificates.ACTS,
}
Code = Annotated[str, Field(pattern="^[0-9]{6}$")]


class AskIn(Body):
    act: Literal["phone", "password", "real_name", "data", "close", "certificate", "reset_pin"]


class CodeIn(Body):
    """The code that came to the bound phone."""

    way: Literal["sms"]
    code: Code


class PasswordIn(Body):
    """The present login password."""

    way: Literal["password"]
    password: Password


ProofIn = Annotated[CodeIn | PasswordIn, Field(discriminator="way")]


@bp.post("/sms")
@bp.input(AskIn, arg_name="body")
def send_code(body: AskIn) -> dict[str, int]:
    """Send a code to the bound phone, for this session and this act. Raises PhoneNotBound."""
    return {"retry_after": runtime().code_desk.send(asked(ACTS[body.act]))}


def asked(act: Act) -> CodeAsk:
    """The code to the bound phone of the person who is logged in. Raises PhoneNotBound."""
    desk, session = runtime().code_desk, current_person().session
    return fresh_proofs.ask_code(desk, session, act, request.remote_addr or "")


def read(proof: CodeIn | PasswordIn, act: Act) -> FreshProof:
    """Count the try and make what the use case spends. Locked, PasswordLocked, WrongPassword."""
    parts, session = runtime(), current_person().session
    if isinstance(proof, PasswordIn):
        return fresh_proofs.give_password(parts.db, session, proof.password.get_secret_value())
    return parts.code_desk.prove(asked(act), proof.code)


def forgive(*proofs: FreshProof) -> None:
    """After a right code its count starts again."""
    for proof in proofs:
        if isinstance(proof, CodeProof):
            runtime().code_desk.forgive(proof)
