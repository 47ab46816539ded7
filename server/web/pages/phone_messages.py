"""消息中心 on the phone: what is to be done, and what there is to know (P-36)."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request
from pydantic import StringConstraints

from server.accounts import notices as told
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import Person, current_person
from server.web.pages import notices
from server.web.pages.roles import only_company, rights_within

bp = APIBlueprint("phone_messages", __name__, url_prefix="/m/messages", enable_openapi=False)

HERE = "/m/messages"


class Filter(Body):
    """`of`: `own`, a company's id, or nothing for all."""

    of: Annotated[str, StringConstraints(max_length=40)] = ""


@bp.get("")
def messages() -> str:
    """待办 as the tables have it now, and a page of 通知; `of` filters, `cursor` goes on."""
    asked, cursor = request.args.get("of", ""), request.args.get("cursor")
    with runtime().db.read() as uow:
        context = _context(uow, current_person(), asked, cursor)
    return render_template("phone/messages.html", of=asked, cursor=cursor, **context)


@bp.post("/<notice_id>/read")
def read(notice_id: str) -> Response:
    """The person opens a notice; where it leads. Raises NoticeNotFound."""
    person = current_person()
    only = only_company(person)
    with runtime().db.begin() as uow:
        notice = told.read(uow, person.account.id, notice_id, only=only)
        return jsonify(next=notices.link_of(notice))


@bp.post("/read-all")
@bp.input(Filter, arg_name="body")
def read_all(body: Filter) -> Response:
    """全部已读, of those that the filter shows."""
    person = current_person()
    with runtime().db.begin() as uow:
        told.read_all(uow, person.account.id, only=notices.scope(person, body.of))
    return jsonify(next=f"{HERE}?of={body.of}" if body.of else HERE)


def _context(uow: UnitOfWork, person: Person, asked: str, cursor: str | None) -> dict[str, Any]:
    rights = rights_within(uow, person)
    shown, more = notices.news(uow, person, asked, cursor=cursor)
    return {
        "todos": notices.todos(uow, person, rights),
        "news": shown,
        "more": more,
        "unread": told.unread(uow, person.account.id, only=notices.scope(person, asked)),
        "granted": notices.granted(rights),
        "choices": [] if only_company(person) else notices.choices(rights),
    }
