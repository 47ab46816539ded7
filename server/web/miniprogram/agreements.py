"""The texts that people agree to: their versions, and a word on new ones (P-41)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, StringConstraints

from server.accounts import consents
from server.accounts.consents import AT_LOGIN, VERSIONS, Agreement
from server.runtime import runtime
from server.web import admission
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.miniprogram.answers import Answer

bp = APIBlueprint("mp_agreements", __name__, url_prefix="/mp/v1/agreements", tag="Agreements")

Version = Annotated[str, StringConstraints(max_length=16)]


class AgreementOut(BaseModel):
    """`at_login`: nobody comes in without it; the others are consents of their own, asked for
    where they are needed. `page`: where the text stands."""

    kind: Agreement
    version: str
    at_login: bool
    page: str


class AgreementsOut(Answer):
    items: list[AgreementOut]


class AcceptIn(Body):
    """Each text that was shown, with the version that was shown."""

    versions: dict[Agreement, Version]


class StandingOut(Answer):
    """The texts whose present version is still to be accepted."""

    missing: list[Agreement]


@bp.get("")
@bp.output(AgreementsOut)
def list_agreements() -> AgreementsOut:
    """Every text with its present version."""
    return AgreementsOut(
        items=[
            AgreementOut(
                kind=kind,
                version=version,
                at_login=kind in AT_LOGIN,
                page=f"/m/agreements/{kind.value}",
            )
            for kind, version in VERSIONS.items()
        ]
    )


@bp.post("/accept")
@bp.input(AcceptIn, arg_name="body")
@bp.output(StandingOut)
def accept(body: AcceptIn) -> StandingOut:
    """Write down the person's word; AgreementsChanged when a newer version is there already,
    FaceGate before the person behind a company's login was seen."""
    account_id = current_person().account.id
    admission.require_seen(current_person())
    with runtime().db.begin() as uow:
        consents.accept(uow, account_id, body.versions)
        uow.session.flush()
        return StandingOut(missing=consents.missing(uow, account_id))
