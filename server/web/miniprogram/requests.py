"""What the mini-program shows before the person answers a code (qr-session.md)."""

from typing import Literal

from pydantic import BaseModel

from qr_session import Purpose, QrSession
from server.web.identity import Person
from server.web.miniprogram.answers import Answer, Moment
from server.web.pages.phone_login import login_request
from server.web.pages.sign_request import sign_request


class BrowserOut(BaseModel):
    """The asking browser: its system, a coarse address, minutes since it began."""

    system: str
    city: str
    minutes: int


class PartnerOut(BaseModel):
    """Registered words alone, never those of the request."""

    name: str
    domain: str
    support_phone: str
    logo: str | None


class DocumentOut(BaseModel):
    """`sha256_head` and `sm3_head`: the first 16 digits, in groups of four. `preview`: page 1 as
    a picture, to be fetched with the token; the last part of the path is the page."""

    name: str
    pages: int
    size: int
    sha256_head: str
    sm3_head: str
    preview: str


class SealOut(BaseModel):
    id: str
    name: str


class ActingOut(BaseModel):
    """One company that the person may sign for, and the seals that it would release."""

    kind: Literal["enterprise"]
    id: str
    name: str
    right: str
    seals: list[SealOut]


class WarningOut(BaseModel):
    code: str
    message: str


class SignAskedOut(BaseModel):
    """`grant_minutes`: how long the page may place seals, at most `most_seals`."""

    action: str
    partner: PartnerOut
    documents: list[DocumentOut]
    acting: list[ActingOut]
    most_seals: int
    grant_minutes: int
    warning: WarningOut | None
    pin_locked_seconds: int


class LoginPartnerOut(BaseModel):
    """`told_companies`: whether it also learns the companies that the person may act for."""

    name: str
    support_phone: str
    told_companies: bool


class LoginAskedOut(BaseModel):
    """`account`: the masked name that the computer will show. `partner`: whom the login is for;
    null for our own pages."""

    domain: str
    account: str
    partner: LoginPartnerOut | None


class AskedOut(Answer):
    """Either `sign` or `login`, as `purpose` says. The person picks among `reference_choices` the
    number that the page shows."""

    session_id: str
    purpose: Purpose
    browser: BrowserOut
    reference_choices: list[str]
    expires_at: Moment
    sign: SignAskedOut | None = None
    login: LoginAskedOut | None = None


def asked_of(session: QrSession, person: Person) -> AskedOut:
    """What this session asks of the person who has scanned it."""
    if session.purpose is Purpose.LOGIN:
        asked = login_request(session)
        return AskedOut.model_validate({**asked, "login": asked})
    asked = sign_request(session, person, same_device=False)
    for document in asked["documents"]:
        document["preview"] = f"/mp/v1/qr/{session.id}/preview/1"
    return AskedOut.model_validate({**asked, "sign": asked})
