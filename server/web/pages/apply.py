"""申领印章: for whom, which seals, and what stands in the way (F-19 to F-21, F-25, P-37, P-47)."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template, request

from server.applications.content import materials_of
from server.applications.models import Application, Way
from server.applications.slots import Slot
from server.certificates.errors import NoCertificate
from server.certificates.models import PersonalKey
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.runtime import runtime
from server.seals.models import SealKind
from server.web import seal_samples
from server.web.applicants import Applicant
from server.web.pages.apply_shapes import (
    COMPANY_STEPS,
    PERSONAL_STEPS,
    picture_of,
    spoken,
    under_way,
)
from server.web.words import either

bp = APIBlueprint("apply", __name__, url_prefix="/m/apply", enable_openapi=False)

# Where a person does first what comes first, and what the link says.
FIRST = {
    "no_certificate": ("/m/me/certificate", ("去下载数字证书", "Download your certificate")),
    "real_name_needed": ("/m/me/real-name", ("去实名认证", "Verify your real name")),
}


@bp.get("")
def choose() -> str:
    """The seals that may be chosen in the acting role, those that are there, and what waits."""
    with runtime().db.read() as uow:
        here = Applicant.here(uow)
        why = here.obstacle(uow)
        if why is not None:
            template, shown = "apply_not_yet", _not_yet(why)
        elif here.enterprise is not None:
            template, shown = "apply", _of_company(uow, here)
        else:
            template, shown = "apply_personal", _of_person(uow, here)
        shown |= {"owner": here.owner, "roles": here.roles}
    return render_template(f"phone/{template}.html", **shown)


@bp.get("/samples/<kind>.png")
def sample(kind: str) -> Response:
    """The applicant's own name on a kind of seal, watermarked."""
    with runtime().db.read() as uow:
        here = Applicant.here(uow)
    font = request.args.get("font", "song")
    return Response(here.sample(kind, font), mimetype="image/png")


def told(why: DomainError) -> dict[str, str]:
    """Why not, in the words of the error, with the way to what comes first."""
    title, text = spoken(why)
    link, word = FIRST.get(why.code, ("", ("", "")))
    return {"title": title, "text": text, "next": link, "word": either(word)}


def _not_yet(why: DomainError) -> dict[str, Any]:
    return {"why": told(why)}


def _of_company(uow: UnitOfWork, here: Applicant) -> dict[str, Any]:
    kinds = _kinds(uow, here, here.draft(uow, Way.FULL))
    return {
        "kinds": kinds,
        "fast": _fast(uow, here, kinds),
        "open": under_way(uow, here),
        "step_names": [either(name) for name in COMPANY_STEPS],
    }


def _of_person(uow: UnitOfWork, here: Applicant) -> dict[str, Any]:
    draft = here.draft(uow, Way.PERSONAL)
    wanted = {one["kind"]: one for one in draft.wanted} if draft else {}
    name = here.person.account.name
    fonts = seal_samples.letterings(name)
    font = wanted.get(SealKind.SQUARE, {}).get("font") or (fonts[0][0] if fonts else "song")
    none = here.without_company(uow)
    return {
        "kinds": _kinds(uow, here, draft),
        "fonts": fonts,
        "font": font,
        "application_id": draft.id if draft else "",
        "drawn": _drawn(uow, draft, wanted.get(SealKind.HANDWRITTEN)),
        "undrawable": seal_samples.undrawable(name),
        "open": under_way(uow, here),
        "step_names": [either(name) for name in PERSONAL_STEPS],
        "no_company": " ".join(spoken(none)) if none else "",
    }


def _drawn(uow: UnitOfWork, draft: Application | None, wanted: dict[str, Any] | None) -> str:
    """Where the hand that the draft has kept is shown; nothing before it was drawn."""
    if not draft or not wanted:
        return ""
    is_here = not wanted.get("picture") or Slot.HANDWRITING in materials_of(uow, draft.id)
    return picture_of(draft, wanted) if is_here else ""


def _kinds(uow: UnitOfWork, here: Applicant, draft: Application | None) -> list[dict[str, Any]]:
    return [
        {**asdict(one), "kind": one.kind.value, "picture": f"/m/apply/samples/{one.kind}.png"}
        | {"picked": one.picked and not one.taken}
        for one in here.choices(uow, draft)
    ]


def _fast(uow: UnitOfWork, here: Applicant, kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """A5: what the company does not have yet, at once, for a representative with a certificate."""
    certified = uow.session.get(PersonalKey, here.person.account.id) is not None
    return {
        "left": [kind["name"] for kind in kinds if not kind["taken"]],
        "why": None if certified else told(NoCertificate()),
    }
