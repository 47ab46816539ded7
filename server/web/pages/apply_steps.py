"""The steps after the choice: people with their papers, method, 意愿认证 (F-21 to F-25)."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template
from werkzeug import Response

from server.accounts.models import Account
from server.applications import content, parties
from server.applications.models import Application, PartyRole
from server.applications.slots import Slot
from server.core.db import UnitOfWork
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.web import application_acts as acts
from server.web.application_bodies import MethodIn, PeopleIn, SubmitIn
from server.web.application_papers import Paper, papers
from server.web.pages.apply_shapes import (
    address,
    is_editable,
    next_of,
    seals_of,
    step_of,
    what_follows,
)
from server.web.pages.phone import document_choices
from server.web.words import either

bp = APIBlueprint("apply_steps", __name__, url_prefix="/m/apply", enable_openapi=False)

METHOD_WORDS = {
    VerificationMethod.PASSWORD: ("密码核验", "Use password"),
    VerificationMethod.SMS: ("短信核验", "Text message"),
    VerificationMethod.FACE: ("人脸核验", "Face"),
}
UNIT_NAME, UNIT_NUMBER = ("单位名称", "Company"), ("统一社会信用代码", "Credit code")
PICTURES = ("已上传材料", "Pictures given")
ROLES = {
    PartyRole.REPRESENTATIVE: ("法定代表人", "Representative"),
    PartyRole.AGENT: ("经办人", "Agent"),
    PartyRole.PERSON: ("申请人", "Applicant"),
}
Shown = dict[str, Any]


@bp.get("/<application_id>/details")
def details(application_id: str) -> Response | str:
    """经办人, 单位法人, 单位 with their papers; for a person his own papers."""
    return _page(application_id, "details", _details)


@bp.post("/<application_id>/details")
@bp.input(PeopleIn, arg_name="body")
def keep_details(application_id: str, body: PeopleIn) -> Response:
    """Keep the people; the pictures have been kept one by one."""
    row = acts.keep_people(application_id, body)
    return jsonify(next=next_of(row, "details"))


@bp.get("/<application_id>/method")
def method(application_id: str) -> Response | str:
    """用章核验方式: one of three."""
    return _page(application_id, "method", lambda _, row: {"kept": row.method})


@bp.post("/<application_id>/method")
@bp.input(MethodIn, arg_name="body")
def keep_method(application_id: str, body: MethodIn) -> Response:
    """Keep the method that was chosen."""
    row = acts.keep_method(application_id, body)
    return jsonify(next=next_of(row, "method"))


@bp.get("/<application_id>/confirm")
def confirm(application_id: str) -> Response | str:
    """All of it once more, before 意愿认证."""
    return _page(application_id, "confirm", _confirm)


@bp.post("/<application_id>/submit")
@bp.input(SubmitIn, arg_name="body")
def submit(application_id: str, body: SubmitIn) -> Response:
    """Hand it in, behind the proof of the intent for exactly this content."""
    return jsonify(next=address(acts.submit(application_id, body.intent)))


def _page(application_id: str, name: str, more: Any) -> Response | str:
    """A step of what may still be changed; anything else is shown by its progress."""
    with runtime().db.read() as uow:
        row = acts.seen(uow, application_id)
        if not is_editable(row):
            return redirect(address(row), 303)
        shown = {**step_of(row, name), **more(uow, row)}
    return render_template(f"phone/apply_{name}.html", **shown)


def _details(uow: UnitOfWork, row: Application) -> Shown:
    people = parties.of(uow, row.id)
    account = uow.session.get_one(Account, row.applicant_id)
    shown = [_slot(row, one) for one in papers(uow, row)]
    return {
        "slots": shown,
        "has_phone": account.phone_sealed is not None,
        "document_types": document_choices(),
        "parties": _parties(row, account, people) if row.is_of_company else None,
        "same": acts.is_same_person(uow, row),
        "agent": people.get(PartyRole.AGENT),
    }


def _parties(row: Application, account: Account, people: Any) -> Shown:
    return {
        "representative": {"name": account.masked_name},
        "company": {"name": row.unit_name, "code": row.unit_number},
        "agent_named": PartyRole.AGENT in people,
    }


def _slot(row: Application, paper: Paper) -> Shown:
    url = address(row, f"materials/{paper.slot}")
    return {
        "slot": paper.slot.value,
        "name": paper.name,
        "hint": paper.hint,
        "of": paper.of,
        "kept": paper.kept,
        "fault": paper.fault,
        "picture": f"{url}/picture",
        "sample": f"/m/apply/papers/{paper.slot}.png",
        "template": address(row, "authorization.pdf") if paper.slot == Slot.AUTHORIZATION else "",
    }


def _confirm(uow: UnitOfWork, row: Application) -> Shown:
    return {
        "seals": seals_of(row),
        "facts": _facts(uow, row),
        "method_word": either(METHOD_WORDS[VerificationMethod(row.method)]) if row.method else "",
        "lacking": content.missing(row, parties.of(uow, row.id), content.materials_of(uow, row.id)),
        "edit": {page: address(row, page) for page in ("details", "method")},
        "intent": acts.intent_parameters(uow, row),
        "what_follows": what_follows(row),
    }


def _facts(uow: UnitOfWork, row: Application) -> list[tuple[str, str]]:
    people = parties.of(uow, row.id)
    facts = []
    if row.is_of_company:
        facts = [(UNIT_NAME, row.unit_name), (UNIT_NUMBER, row.unit_number)]
    facts += [(ROLES[role], one.name) for role, one in people.items()]
    given = len(content.materials_of(uow, row.id))
    return [(either(name), value) for name, value in [*facts, (PICTURES, str(given))]]
