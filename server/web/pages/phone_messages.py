"""消息中心 on the phone: what is to be done, what is to be known (P-36)."""

from apiflask import APIBlueprint
from flask import render_template

from server.runtime import runtime
from server.web.identity import current_person
from server.web.language import is_english
from server.web.pages import notices
from server.web.pages.roles import rights_within

bp = APIBlueprint("phone_messages", __name__, url_prefix="/m/messages", enable_openapi=False)


@bp.get("")
def messages() -> str:
    """待办 and 通知, as the tables have them now."""
    person = current_person()
    with runtime().db.read() as uow:
        rights = rights_within(uow, person)
        context = {
            "todos": notices.todos(uow, person, rights),
            "news": notices.news(uow, person, rights),
        }
    return render_template("phone/messages.html", place=1 if is_english() else 0, **context)
