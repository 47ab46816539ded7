"""Which messages the person lets WeChat bring him: the templates to ask for, and his answers."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field, StringConstraints

from server.accounts import subscriptions
from server.accounts.errors import IdentityNotBound
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.miniprogram.bound_wechat import bound_wechat

bp = APIBlueprint("mp_subscribe", __name__, url_prefix="/mp/v1/subscribe", tag="Messages")

Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class TemplatesAsked(Body):
    """`scene`: where in the mini-program the person is asked."""

    scene: Word


class TemplatesOut(Answer):
    """At most three, as `wx.requestSubscribeMessage` takes; none where nothing is set."""

    items: list[str]


class ResultsIn(Body):
    """What `wx.requestSubscribeMessage` answered: `accept`, `reject`, `ban` … by template."""

    results: Annotated[dict[Word, Word], Field(min_length=1, max_length=3)]


@bp.get("/templates")
@bp.input(TemplatesAsked, location="query", arg_name="asked")
@bp.output(TemplatesOut)
def list_templates(asked: TemplatesAsked) -> TemplatesOut:
    """The templates to ask for at this place."""
    return TemplatesOut(items=runtime().settings.wechat_templates.get(asked.scene, []))


@bp.post("/results")
@bp.input(ResultsIn, arg_name="body")
@bp.output(Answer)
def keep_results(body: ResultsIn) -> Answer:
    """Count what the person agreed to, of our templates. Raises IdentityNotBound."""
    identity = bound_wechat(current_person())
    if identity is None:
        raise IdentityNotBound()
    known = {one for listed in runtime().settings.wechat_templates.values() for one in listed}
    ours = {template: said for template, said in body.results.items() if template in known}
    this = repeats.once("subscribe", identity.id, ours)
    with runtime().db.begin() as uow:
        repeats.do(uow, this, lambda: subscriptions.answered(uow, identity.id, ours))
    return Answer()
