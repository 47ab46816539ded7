"""Coming in by WeChat, and binding it (F-08): one call of WeChat for each code of its client."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import StringConstraints

from server.accounts import identities
from server.accounts.models import DeviceKind, Identity, IdentityKind
from server.accounts.wechat_login import Arrival
from server.core import idempotency
from server.core.ids import fingerprint
from server.providers.wechat import WeChatCodeRefused
from server.runtime import runtime
from server.web import identity_tickets
from server.web.bodies import Body
from server.web.identity import asking_device, current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.miniprogram.logins import AccountOut, Entered, entered

bp = APIBlueprint("mp_wechat", __name__, url_prefix="/mp/v1/auth", tag="WeChat")

# WeChat's codes have 32 characters and some have had 64; what they hold is WeChat's affair.
WeChatCode = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Ticket = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class WxLoginIn(Body):
    """`code`: of `wx.login`, which is good for five minutes and once."""

    code: WeChatCode


class WxLoginOut(Answer):
    """`bound`: the token is there. Else `wx_ticket` names this WeChat for ten minutes, to be
    handed in with `phone`, or with `bind` after any other login."""

    bound: bool
    session_token: str | None = None
    expires_in: int
    account: AccountOut | None = None
    wx_ticket: str | None = None


class BindIn(Body):
    wx_ticket: Ticket


class PhoneIn(Body):
    """`code`: of the button `getPhoneNumber`, which is another than that of `wx.login`."""

    wx_ticket: Ticket
    code: WeChatCode
    agreed: bool = False


@bp.post("/wx_login")
@bp.input(WxLoginIn, arg_name="body")
@bp.output(WxLoginOut)
def wx_login(body: WxLoginIn) -> WxLoginOut:
    """Who opened the mini-program; a bound WeChat is logged in at once."""
    found = _recognised(body.code)
    if found.account_id is None:
        ticket = identity_tickets.issue(found.id)
        return WxLoginOut(bound=False, wx_ticket=ticket, expires_in=identity_tickets.LIFE_SECONDS)
    device = asking_device(DeviceKind.MINI_PROGRAM)
    this = repeats.coming_in("wx_session", found.id)
    with runtime().db.begin() as uow:
        entry = repeats.enter(uow, this, lambda: identities.log_in(uow, found.id, device))
    told = entered(*entry).model_dump(include={"session_token", "expires_in", "account"})
    return WxLoginOut(bound=True, **told)


@bp.post("/bind")
@bp.input(BindIn, arg_name="body")
@bp.output(Answer)
def bind(body: BindIn) -> Answer:
    """Bind this WeChat to the person who is logged in. IdentityTaken, AnotherIdentityBound."""
    identity_id = identity_tickets.identity_of(body.wx_ticket)
    with runtime().db.begin() as uow:
        identities.bind(uow, identity_id, current_person().account.id)
    return Answer()


@bp.delete("/bind")
@bp.output(Answer)
def unbind() -> Answer:
    """Take the WeChat away; the logins that it opened end, but this one. Raises LastWayIn."""
    person = current_person()
    with runtime().db.begin() as uow:
        kind, here = IdentityKind.WECHAT, person.session.id
        identities.unbind(uow, person.account.id, kind, keep_session=here)
    return Answer()


@bp.post("/phone")
@bp.input(PhoneIn, arg_name="body")
@bp.output(Entered)
def enter_by_phone(body: PhoneIn) -> Entered:
    """Register the phone that WeChat proves, or come in by its account; this WeChat is bound."""
    identity_id = identity_tickets.identity_of(body.wx_ticket)
    this = repeats.coming_in("phone", identity_id, fingerprint(body.code))
    arrival = Arrival(body.agreed, asking_device(DeviceKind.MINI_PROGRAM))

    def come_in() -> repeats.Entry:
        _, token = runtime().wechat_desk.enter_by_phone(identity_id, body.code, arrival)
        return repeats.remember_entry(this, token)

    return entered(*repeats.entered_or(this, come_in, spent=(WeChatCodeRefused,)))


def _recognised(code: str) -> Identity:
    """The WeChat behind a code; of a repeat WeChat, which takes a code once, is not asked."""
    this = repeats.coming_in("wx_login", fingerprint(code))
    made = repeats.made_before(this)
    if made is None:
        try:
            found = runtime().wechat_desk.recognise(code)
        except WeChatCodeRefused:
            made = idempotency.made_meanwhile(runtime().db, this)
            if made is None:
                raise
        else:
            repeats.note(this, found.id)
            return found
    with runtime().db.read() as uow:
        return uow.session.get_one(Identity, made)
