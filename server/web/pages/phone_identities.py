"""One tap at another house: logging in by it, binding it, unbinding it (F-08, P-38)."""

from dataclasses import dataclass
from datetime import datetime

from apiflask import APIBlueprint
from flask import jsonify, redirect, request
from werkzeug import Response

from server.accounts import consents, identities
from server.accounts.errors import LoginNeeded
from server.accounts.models import DeviceKind, IdentityKind
from server.accounts.phones import phone_index
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web.bodies import Body
from server.web.houses import HOUSES, Word, offered
from server.web.identity import (
    PHONE_COOKIE,
    Person,
    asking_device,
    current_person,
    person_on_phone,
    set_cookie,
)
from server.web.pages.phone import own_path
from server.web.trips import Trip

bp = APIBlueprint("phone_identities", __name__, url_prefix="/m", enable_openapi=False)

BINDINGS = "/m/me"
WECHAT_NAME = "微信"


class StartIn(Body):
    agreed: bool = False


@bp.post("/login/<any(alipay, sso):house>")
@bp.input(StartIn, arg_name="body")
def start_login(house: str, body: StartIn) -> Response:
    """Begin: `next` is the other house's page. The tick comes before the way there (B2.1)."""
    consents.require_ticked(body.agreed)
    trip = Trip.begun(house, own_path(request.args.get("next")))
    return trip.keep_in(jsonify(next=HOUSES[house].address(trip)))


@bp.post("/me/bindings/<any(alipay, sso):house>")
def start_binding(house: str) -> Response:
    """Begin to bind: the same way there, for this very login and no other."""
    person = current_person()
    trip = Trip.begun(house, BINDINGS, person.session.id)
    return trip.keep_in(jsonify(next=HOUSES[house].address(trip)))


@bp.post("/me/bindings/<any(wechat, alipay, sso):kind>/end")
def end_binding(kind: str) -> dict[str, str]:
    """Unbind; what the identity had opened ends, but for this login. LastWayIn, NotFound."""
    person = current_person()
    with runtime().db.begin() as uow:
        identities.unbind(
            uow, person.account.id, IdentityKind(kind), keep_session=person.session.id
        )
    return {"next": BINDINGS}


@bp.get("/login/<any(alipay, sso):house>/callback")
def come_back(house: str) -> Response:
    """The way back, with a code: log in, or bind to the login that began it."""
    trip = Trip.ended(house)
    binder = _binder(trip.session_id) if trip.session_id else None
    word = HOUSES[house].word(trip)
    response = _bound(trip, word, binder) if binder else _logged_in(trip, word)
    return trip.forget_in(response)


@dataclass(frozen=True)
class Binding:
    """A house on 我的: bound since when, or not; `can_begin` where a page can bind it."""

    kind: str
    name: str
    bound_at: datetime | None
    can_begin: bool


def bindings_of(uow: UnitOfWork, account_id: str) -> list[Binding]:
    """Every house that a person can bind here, or has bound."""
    bound = {one.kind: one.bound_at for one in identities.bound(uow, account_id)}
    found = [Binding(one.kind, one.name, bound.get(one.kind), True) for one in offered()]
    if runtime().settings.wechat_appid or IdentityKind.WECHAT in bound:
        # Bound by opening the mini-program: a page cannot ask WeChat.
        since = bound.get(IdentityKind.WECHAT)
        found.append(Binding(IdentityKind.WECHAT, WECHAT_NAME, since, False))
    return found


def _logged_in(trip: Trip, word: Word) -> Response:
    parts, device = runtime(), asking_device(DeviceKind.PHONE)
    sealed = identities.prepare(parts.providers.keys, word.said)
    phone = phone_index(parts.providers.keys, word.phone) if _binds_by_phone(word) else ""
    with parts.db.begin() as uow:
        identity = identities.keep(uow, sealed)
        if phone:
            identities.bind_by_phone(uow, identity, phone, word.name)
        _, token = identities.log_in(uow, identity.id, device, agreed=True)
    response = redirect(trip.next_path, 303)
    set_cookie(response, PHONE_COOKIE, token, max_age=int(device.life.total_seconds()))
    return response


def _binds_by_phone(word: Word) -> bool:
    """Whether the policy lets a phone that the platform has verified find the account."""
    allowed = runtime().settings.sso_binds_by_phone
    return allowed and word.said.kind == IdentityKind.SSO and bool(word.phone)


def _binder(session_id: str) -> Person:
    """Who began to bind, if he is still logged in here by the same login."""
    person = person_on_phone()
    if person is None or person.session.id != session_id:
        raise LoginNeeded()
    return person


def _bound(trip: Trip, word: Word, person: Person) -> Response:
    sealed = identities.prepare(runtime().providers.keys, word.said)
    with runtime().db.begin() as uow:
        identities.bind(uow, identities.keep(uow, sealed).id, person.account.id)
    return redirect(trip.next_path, 303)
