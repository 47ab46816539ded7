"""Who is logged in, for whom he acts, and on which devices (F-12, P-38)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, StringConstraints

from server.accounts import queries, sessions
from server.accounts.consents import Agreement
from server.accounts.models import AccountSession, DeviceKind, mask_phone
from server.accounts.phones import open_phone
from server.grants.rights import company_of
from server.runtime import runtime
from server.web import admission
from server.web.bodies import Body
from server.web.identity import Person, bearer, current_person, system_of
from server.web.miniprogram.answers import Answer, Moment
from server.web.miniprogram.logins import AccountOut, account_out
from server.web.miniprogram.roles import RoleOut, role_out
from server.web.pages.roles import acting_right, rights_within
from server.web.words import say

bp = APIBlueprint("mp_me", __name__, url_prefix="/mp/v1/auth", tag="Me")


class RoleIn(Body):
    """The company to act for; without one the person acts for himself."""

    enterprise_id: Annotated[str, StringConstraints(max_length=40)] | None = None


class MeOut(Answer):
    """`company_login`: a company's own login opened this session, and it acts for it alone.
    `agreements`: the texts whose present version is still to be accepted."""

    account: AccountOut
    phone: str
    company_login: bool
    roles: list[RoleOut]
    acting: RoleOut | None
    agreements: list[Agreement]


class SessionOut(BaseModel):
    id: str
    kind: DeviceKind
    system: str
    address: str
    means: str
    created_at: Moment
    expires_at: Moment
    here: bool


class SessionsOut(Answer):
    items: list[SessionOut]


@bp.get("/me")
@bp.output(MeOut)
def me() -> MeOut:
    """The person, his roles, and what he has still to do before he may go on."""
    person = current_person()
    with runtime().db.read() as uow:
        rights = rights_within(uow, person)
        current = acting_right(rights, person)
        return MeOut(
            account=account_out(person),
            phone=_phone(person),
            company_login=person.session.enterprise_login_id is not None,
            roles=[role_out(right) for right in rights],
            acting=role_out(current) if current else None,
            agreements=admission.missing_agreements(uow, person),
        )


@bp.post("/role")
@bp.input(RoleIn, arg_name="body")
@bp.output(Answer)
def switch_role(body: RoleIn) -> Answer:
    """Act for a company, or for oneself. Raises NoRight."""
    person, chosen = current_person(), body.enterprise_id
    with runtime().db.begin() as uow:
        if chosen is not None:
            chosen = company_of(uow, person.account.id, chosen).id
        sessions.switch_role(uow, person.session.id, enterprise_id=chosen)
    return Answer()


@bp.post("/logout")
@bp.output(Answer)
def log_out() -> Answer:
    """End this login; a token that opens nothing any more is answered the same (RFC 7009 2.2)."""
    with runtime().db.begin() as uow:
        if found := queries.session_by_token(uow, bearer(), DeviceKind.MINI_PROGRAM):
            sessions.log_out(uow, found[0].id)
    return Answer()


@bp.get("/sessions")
@bp.output(SessionsOut)
def list_sessions() -> SessionsOut:
    """Where this person is logged in, the newest first; a company's login sees its own alone."""
    person = current_person()
    with runtime().db.read() as uow:
        return SessionsOut(
            items=[_session(one, person) for one in sessions.in_reach(uow, person.session)]
        )


@bp.delete("/sessions/<login_id>")
@bp.output(Answer)
def end_session(login_id: str) -> Answer:
    """End a login on one device. Raises LoginNotFound for anybody else's."""
    with runtime().db.begin() as uow:
        sessions.end_in_reach(uow, current_person().session, login_id)
    return Answer()


def _session(one: AccountSession, person: Person) -> SessionOut:
    return SessionOut(
        id=one.id,
        kind=DeviceKind(one.kind),
        system=" ".join(say(word) for word in system_of(one.user_agent).split()),
        address=say(one.address),
        means=one.means,
        created_at=one.created_at,
        expires_at=one.expires_at,
        here=one.id == person.session.id,
    )


def _phone(person: Person) -> str:
    account = person.account
    if account.phone_sealed is None or person.session.enterprise_login_id is not None:
        return ""
    return mask_phone(open_phone(runtime().providers.keys, account.id, account.phone_sealed))
