"""消息中心 in the mini-program: what waits, what there is to know, and what was read (P-36)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, StringConstraints

from server.accounts import notices as told
from server.accounts.news import News
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.miniprogram.answers import Answer, Moment
from server.web.miniprogram.seals import Paged
from server.web.pages import notices
from server.web.pages.roles import only_company, rights_within

bp = APIBlueprint("mp_messages", __name__, url_prefix="/mp/v1", tag="Messages")

Of = Annotated[str, StringConstraints(max_length=40)]


class MessagesAsked(Paged):
    """`of`: `own`, a company's id, or nothing for all; a company's own login sees its company's."""

    of: Of | None = None


class MessageOut(BaseModel):
    """`link`: the phone page that it leads to, or nothing. `warns`: somebody else may be at work.
    `text_unsent`: the text message that belongs to it could not be sent."""

    id: str
    news: News
    title: str
    text: str
    link: str
    at: Moment
    company: str
    unread: bool
    warns: bool
    text_unsent: bool


class MessagesOut(Answer):
    """`subscribe`: templates to ask for here, as `wx.requestSubscribeMessage` takes them."""

    items: list[MessageOut]
    next_cursor: str | None
    unread: int
    subscribe: list[str]


class TodoItemOut(BaseModel):
    """`link`: the phone page on which it is done."""

    kind: str
    text: str
    link: str
    ends_at: Moment | None


class TodosOut(Answer):
    items: list[TodoItemOut]
    unread: int


class ReadOut(Answer):
    link: str


class AllRead(Body):
    of: Of | None = None


@bp.get("/messages")
@bp.input(MessagesAsked, location="query", arg_name="asked")
@bp.output(MessagesOut)
def list_messages(asked: MessagesAsked) -> MessagesOut:
    """A page of what the person was told, the newest first. Raises BadCursor."""
    person, cursor, limit = current_person(), asked.cursor, asked.limit
    with runtime().db.read() as uow:
        found, more = notices.news(uow, person, asked.of, cursor=cursor, limit=limit)
        fresh = told.unread(uow, person.account.id, only=notices.scope(person, asked.of))
    return MessagesOut(
        items=[MessageOut(**vars(one)) for one in found],
        next_cursor=more,
        unread=fresh,
        subscribe=runtime().settings.wechat_templates.get("messages", []),
    )


@bp.get("/todos")
@bp.output(TodosOut)
def list_todos() -> TodosOut:
    """What waits for the person, what ends first before the rest; and how much is unread."""
    person = current_person()
    with runtime().db.read() as uow:
        found = notices.todos(uow, person, rights_within(uow, person))
        fresh = told.unread(uow, person.account.id, only=only_company(person))
    items = [
        TodoItemOut(kind=one.kind, text=one.text, link=one.link, ends_at=one.ends_at)
        for one in found
    ]
    return TodosOut(items=items, unread=fresh)


@bp.post("/messages/<notice_id>/read")
@bp.output(ReadOut)
def read(notice_id: str) -> ReadOut:
    """The person opens one; where it leads. Raises NoticeNotFound."""
    person = current_person()
    with runtime().db.begin() as uow:
        found = told.read(uow, person.account.id, notice_id, only=only_company(person))
    return ReadOut(link=notices.link_of(found))


@bp.post("/messages/read-all")
@bp.input(AllRead, arg_name="body")
@bp.output(Answer)
def read_all(body: AllRead) -> Answer:
    """全部已读, of those that the filter shows."""
    person = current_person()
    with runtime().db.begin() as uow:
        told.read_all(uow, person.account.id, only=notices.scope(person, body.of))
    return Answer()
