"""What is kept about a person, for himself; the end of his account (P-38, PIPL 45 and 47)."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server import persons
from server.accounts import closing, personal_data
from server.accounts.errors import ClosingNotConfirmed
from server.accounts.fresh_proofs import CLOSE_ACCOUNT, TAKE_DATA, ways
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import PHONE_COOKIE, current_person
from server.web.language import is_english
from server.web.pages import proofs
from server.web.pages.phone_me import shown_person
from server.web.pages.proofs import ProofIn

bp = APIBlueprint("phone_data", __name__, url_prefix="/m", enable_openapi=False)

FILE = "guiyin-personal-data.json"


class ProvenIn(Body):
    proof: ProofIn


class CloseIn(ProvenIn):
    understood: bool = False


@bp.get("/me/data")
def data_page() -> str:
    """个人信息: the whole as a file, and the way to closing the account."""
    return render_template("phone/me_data.html", **_context())


@bp.post("/me/data")
@bp.input(ProvenIn, arg_name="body")
def take_data(body: ProvenIn) -> Response:
    """By a fresh proof: all that names this person, in the clear, as a file."""
    parts, person = runtime(), current_person()
    proof = proofs.read(body.proof, TAKE_DATA)
    with parts.db.begin() as uow:
        taken = personal_data.take(uow, person.session, proof, persons.SECTIONS)
    proofs.forgive(proof)
    response = jsonify(taken.opened(parts.providers.keys))
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@bp.get("/me/close")
def close_page() -> str:
    """注销账号: what stands in the way, what is removed, what the law keeps."""
    place = 1 if is_english() else 0
    with runtime().db.read() as uow:
        open_things = closing.obstacles(uow, current_person().account.id, persons.TIES)
    words = {
        "obstacles": [(one.words[place], one.count) for one in open_things],
        "kept": [one[place] for one in closing.KEPT],
        "removed": closing.REMOVED[place],
    }
    return render_template("phone/me_close.html", **words, **_context())


@bp.post("/me/close")
@bp.input(CloseIn, arg_name="body")
def close(body: CloseIn) -> Response:
    """By a fresh proof: close the account for good. Raises ClosingNotConfirmed, AccountInUse."""
    person = current_person()
    if not body.understood:
        raise ClosingNotConfirmed()
    proof = proofs.read(body.proof, CLOSE_ACCOUNT)
    with runtime().db.begin() as uow:
        closing.close(uow, person.session, proof, persons.TIES)
    response = jsonify(next="/m/closed")
    response.delete_cookie(PHONE_COOKIE)
    return response


@bp.get("/closed")
def closed() -> str:
    """The account is closed; nobody is logged in here any more."""
    return render_template("phone/me_closed.html")


def _context() -> dict[str, Any]:
    person = current_person()
    at_hand = [way for way in ways(person.account) if way != "face"]
    return {"person": shown_person(person), "ways": at_hand}
