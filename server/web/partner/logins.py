"""Partners ask for a login by QR code and take what came of it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from server.core import idempotency
from server.core.idempotency import Once, body_digest
from server.grants.rights import Right
from server.partner_logins import queries, service
from server.partner_logins.exchange import Given, LoggedIn
from server.partner_logins.models import PartnerLogin
from server.partner_logins.service import NewLogin
from server.runtime import runtime
from server.web.bodies import Body, digest_of, idempotency_key
from server.web.identity import current_partner
from server.web.partner.expected_signer import ExpectedSigner, name_of

bp = APIBlueprint("partner_logins", __name__, url_prefix="/partner/v1", tag="Logins")

Url = Annotated[str, StringConstraints(max_length=1000)]
State = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{1,200}$")]
Challenge = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
Verifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$", repr=False)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class LoginSessionIn(Body):
    """`code_challenge` as in RFC 7636 4.2; `state` comes back in the address, as it was sent.

    `return_url` is one of the registered login return addresses, letter by letter; without it the
    first one. Only the phone of `expected_signer` may log in.
    """

    code_challenge: Challenge
    code_challenge_method: Literal["S256"]
    return_url: Url | None = None
    state: State | None = None
    expected_signer: ExpectedSigner | None = None


class LoginSessionOut(BaseModel):
    """`status`: pending, complete or failed. `state` and `hint_code` say more, and may grow."""

    id: str
    status: str
    state: str
    hint_code: str


class OpenedLoginOut(LoginSessionOut):
    """`open_url` opens the login page once, until `expires_at`."""

    open_url: str
    expires_at: datetime


class ExchangeIn(Body):
    """`code` out of the address that the browser came back to; `code_verifier` of its session."""

    code: Code
    code_verifier: Verifier


class CompanyOut(BaseModel):
    name: str
    credit_code: str
    right: str


class PersonOut(BaseModel):
    """`subject` is this person's stable name at you alone. `name` is masked, and a claim unless
    `level` is proven (phone, declared, proven). `companies` is null unless you are told of them.
    """

    login_session_id: str
    subject: str
    name: str
    level: str
    logged_in_at: datetime
    companies: list[CompanyOut] | None


@bp.post("/login-sessions")
@bp.input(LoginSessionIn, arg_name="body")
@bp.output(OpenedLoginOut, status_code=201)
def create_login_session(body: LoginSessionIn) -> OpenedLoginOut:
    """Ask for a login.

    With the same Idempotency-Key the same session comes back, with a fresh `open_url`.
    """
    partner, new = current_partner(), _new_login(body)
    once = Once(f"login-sessions:{partner.id}", idempotency_key(), body_digest(asdict(new)))
    with runtime().db.begin() as uow:
        made = idempotency.made_before(uow, once)
        if made is not None:
            login = queries.of_partner(uow, partner.id, made)
        else:
            login = service.create(uow, partner, new)
            idempotency.remember(uow, once, login.id)
        open_token = service.new_open_token(uow, login)
    return _opened(login, open_token)


@bp.get("/login-sessions/<partner_login_id>")
@bp.output(LoginSessionOut)
def show_login_session(partner_login_id: str) -> LoginSessionOut:
    """Where a login stands."""
    with runtime().db.read() as uow:
        login = queries.of_partner(uow, current_partner().id, partner_login_id)
    return _shown(login)


@bp.post("/login-sessions/<partner_login_id>/cancel")
@bp.output(LoginSessionOut)
def cancel_login_session(partner_login_id: str) -> LoginSessionOut:
    """End a login that nobody has taken yet; its QR dies at once."""
    with runtime().db.begin() as uow:
        login = queries.of_partner(uow, current_partner().id, partner_login_id)
        service.cancel(uow, runtime().qr_sessions, queries.locked(uow, login.id))
    return _shown(login)


@bp.post("/login-sessions/exchange")
@bp.input(ExchangeIn, arg_name="body")
@bp.output(PersonOut)
def exchange_login_code(body: ExchangeIn) -> PersonOut:
    """Take a login by its code, once and within 60 seconds.

    Repeated with the same Idempotency-Key it answers the same; any other repetition is refused,
    and the operator is told of it.
    """
    partner, key = current_partner(), idempotency_key()
    once = Once(f"login-exchange:{partner.id}", key, digest_of(body))
    given = Given(body.code, body.code_verifier)
    return _person(runtime().login_exchange.exchange(partner, given, once))


def _new_login(body: LoginSessionIn) -> NewLogin:
    named = name_of(body.expected_signer)
    return NewLogin(body.code_challenge, body.return_url, body.state or "", named)


def _shown(login: PartnerLogin) -> LoginSessionOut:
    found = service.standing(runtime().db, runtime().qr_sessions, login)
    return LoginSessionOut(
        id=login.id, status=found.status, state=found.state, hint_code=found.hint
    )


def _opened(login: PartnerLogin, open_token: str) -> OpenedLoginOut:
    return OpenedLoginOut(
        **_shown(login).model_dump(),
        open_url=f"{runtime().settings.public_url}/qr-login/{login.id}#{open_token}",
        expires_at=login.open_until,
    )


def _person(found: LoggedIn) -> PersonOut:
    companies = found.companies
    return PersonOut(
        login_session_id=found.login.id,
        subject=found.subject,
        name=found.account.masked_name,
        level=found.account.level,
        logged_in_at=found.at,
        companies=None if companies is None else [_company(one) for one in companies],
    )


def _company(right: Right) -> CompanyOut:
    company = right.enterprise
    return CompanyOut(name=company.name, credit_code=company.code, right=right.name)
