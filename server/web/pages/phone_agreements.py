"""Agreements and consents: to read, to accept anew, to withdraw (P-41)."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from pydantic import StringConstraints
from werkzeug import Response

from server.accounts import consents, withdrawals
from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import Consent
from server.core.errors import NotFound
from server.runtime import runtime
from server.web import admission
from server.web.agreement_texts import shown, text_of, title_of, versions_of
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.pages.phone import own_path
from server.web.times import local

bp = APIBlueprint("phone_agreements", __name__, url_prefix="/m/agreements", enable_openapi=False)

Version = Annotated[str, StringConstraints(max_length=16)]


class AcceptIn(Body):
    """Each text that was shown, with the version that was shown."""

    versions: dict[Agreement, Version]


@bp.get("/<text>")
def present(text: str) -> str:
    """A text as it holds now. NotFound for any other name."""
    kind = _kind(text)
    return _text_page(kind, VERSIONS[kind])


@bp.get("/<text>/<version>")
def past(text: str, version: str) -> str:
    """A text as it held from that day. NotFound for a day from which none holds."""
    kind = _kind(text)
    if version not in versions_of(kind):
        raise NotFound()
    return _text_page(kind, version)


@bp.get("/changed")
def changed() -> Response | str:
    """协议已更新: what has changed, and the whole text; whoever has accepted it goes on at once."""
    then = own_path(request.args.get("next"))
    with runtime().db.read() as uow:
        missing = admission.missing_agreements(uow, current_person())
    if not missing:
        return redirect(then, 303)
    texts = [shown(kind) for kind in missing]
    return render_template("phone/agreements_changed.html", texts=texts, next=then)


@bp.post("/accept")
@bp.input(AcceptIn, arg_name="body")
def accept(body: AcceptIn) -> Response:
    """Write down the person's word on what he was shown. AgreementsChanged for an old version,
    FaceGate before the person behind a company's login was seen."""
    person = current_person()
    admission.require_seen(person)
    with runtime().db.begin() as uow:
        consents.accept(uow, person.account.id, body.versions)
    return jsonify(next=own_path(request.args.get("next")))


@bp.get("")
def mine() -> str:
    """What this person has agreed to and when, and the two consents that can be withdrawn."""
    account = current_person().account
    with runtime().db.read() as uow:
        rows = [_row(one) for one in consents.history(uow, account.id)]
    return render_template("phone/agreements.html", rows=rows, level=account.level)


@bp.post("/<text>/withdraw")
def withdraw(text: str) -> Response:
    """Take a consent back, with what follows. NotFound for what is no consent of its own."""
    kind = _kind(text)
    with runtime().db.begin() as uow:
        withdrawals.withdraw(uow, current_person().account.id, kind)
    return jsonify(next="/m/agreements")


def _kind(text: str) -> Agreement:
    found = next((kind for kind in Agreement if kind == text), None)
    if found is None:
        raise NotFound()
    return found


def _text_page(kind: Agreement, version: str) -> str:
    context = {
        "title": title_of(kind),
        "text": text_of(kind, version),
        "kind": kind.value,
        "version": version,
        "newest": version == VERSIONS[kind],
        "versions": versions_of(kind),
    }
    return render_template("phone/agreement.html", **context)


def _row(one: Consent) -> dict[str, Any]:
    kind = Agreement(one.kind)
    return {
        "kind": kind.value,
        "title": title_of(kind),
        "version": one.version,
        "given_at": local(one.given_at),
        "withdrawn_at": local(one.withdrawn_at) if one.withdrawn_at else None,
        "can_withdraw": kind in withdrawals.OPEN and one.withdrawn_at is None,
    }
