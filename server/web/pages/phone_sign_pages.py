"""签署 on the phone: the pages on which somebody seals files of his own (F-46 to F-48)."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request
from werkzeug import Response

from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.runtime import runtime
from server.signing.own import queries
from server.signing.own.models import OwnSigning
from server.signing.own.queries import FileView, OwnStatus, SigningView
from server.signing.own.service import MOST_FILES
from server.web import own_signings
from server.web.applicants import Applicant
from server.web.identity import current_person
from server.web.partner.documents import spoken_problem
from server.web.times import local
from server.web.visible_seals import USABLE, own_seals, seals_within

bp = APIBlueprint("phone_sign_pages", __name__, url_prefix="/m/signings", enable_openapi=False)

Shown = dict[str, Any]


@bp.get("/new")
def new() -> str:
    """Upload files, in the role that is acted in, or more of them into a signing begun before."""
    signing_id = request.args.get("signing", "")
    with runtime().db.read() as uow:
        shown = _begun(uow, signing_id) if signing_id else _beginning(uow)
    shown |= {"most_files": MOST_FILES, "largest": runtime().settings.largest_pdf}
    return render_template("phone/sign_new.html", signing_id=signing_id, **shown)


@bp.get("/<signing_id>")
def signing(signing_id: str) -> str:
    """The files, 选章, and 提交."""
    with runtime().db.read() as uow:
        owner = _owner(uow, own_signings.seen(uow, signing_id))
    return render_template("phone/sign.html", signing_id=signing_id, owner=owner)


@bp.get("/<signing_id>/done")
def done(signing_id: str) -> Response | str:
    """签章成功 or 签署成功; before the end the way back."""
    with runtime().db.read() as uow:
        found = queries.view(uow, own_signings.seen(uow, signing_id))
        owner = _owner(uow, found.signing)
    if found.status in (OwnStatus.DRAFT, OwnStatus.SEALING):
        return redirect(f"/m/signings/{signing_id}", 303)
    files = [_file(signing_id, one) for one in found.files]
    shown = {"signing_id": signing_id, "status": found.status.value}
    return render_template("phone/sign_done.html", owner=owner, files=files, **shown)


def _beginning(uow: UnitOfWork) -> Shown:
    here = Applicant.here(uow)
    seals = seals_within(here.current) if here.current else own_seals(uow, here.person)
    usable = [one for one in seals if one.seal.state(uow.now) in USABLE]
    company = here.enterprise.id if here.enterprise else None
    begun = queries.drafts_of(uow, here.person.account.id, company)
    drafts = [_draft(one) for one in begun]
    return {"owner": here.owner, "roles": here.roles, "seals": bool(usable), "drafts": drafts}


def _begun(uow: UnitOfWork, signing_id: str) -> Shown:
    owner = _owner(uow, own_signings.seen(uow, signing_id))
    return {"owner": owner, "roles": [], "seals": True, "drafts": []}


def _draft(found: SigningView) -> Shown:
    """What was begun before, by its first file."""
    return {
        "id": found.signing.id,
        "name": found.files[0].document.name,
        "files": len(found.files),
        "at": local(found.signing.created_at),
    }


def _owner(uow: UnitOfWork, found: OwnSigning) -> dict[str, str]:
    """For whom is signed, which was settled with the first file."""
    if found.enterprise_id is None:
        return {"kind": "account", "name": current_person().account.masked_name}
    company = uow.session.get_one(Enterprise, found.enterprise_id)
    return {"kind": "enterprise", "name": company.name}


def _file(signing_id: str, found: FileView) -> Shown:
    file, sealed = found.file, found.sealed
    failure = found.task.failure if found.task is not None else found.document.problem
    return {
        "name": found.document.name,
        "seals": len(file.placements) + len(file.straddles),
        "sealed": {"size": _size(sealed.size)} if sealed else None,
        "problem": spoken_problem(failure),
        "url": f"/m/signings/{signing_id}/documents/{file.document_id}/sealed",
    }


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MB" if count >= 1024**2 else f"{-(-count // 1024)} KB"
