"""A signing of one's own files as pages and the mini-program are told of it."""

from typing import Any

from pydantic import BaseModel

from server.core.db import UnitOfWork
from server.core.errors import spoken
from server.documents.models import Document
from server.documents.queries import page_boxes
from server.grants.errors import NoRight
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.signing.own import queries, service
from server.signing.own.errors import NoUsableSeal
from server.signing.own.methods import methods_of
from server.signing.own.models import OwnSigning
from server.signing.own.queries import FileView, OwnStatus
from server.signing.own.rights import SealingRight, right_of
from server.web.language import is_english
from server.web.own_signings import Refused
from server.web.partner.documents import Problem, Warned, spoken_problem


class PageOut(BaseModel):
    """`width`, `height`: as read, in points. The rest says where a point of the picture lies in
    PDF user space: `crop` (x0, y0, x1, y1), `rotate` clockwise, `user_unit`."""

    width: float
    height: float
    crop: list[float]
    rotate: int
    user_unit: float


class PlacedOut(BaseModel):
    """A seal's centre in PDF user space; `clip`: the part of the picture that is shown, as
    fractions with the origin at the lower left, null for the whole."""

    seal_id: str
    page: int
    x: float
    y: float
    clip: list[float] | None = None


class StraddleOut(BaseModel):
    """骑缝 as it was placed."""

    seal_id: str
    edge: str
    pages: list[int]
    along: float
    two_sided: bool


class SealedOut(BaseModel):
    """The sealed file; `sha256` of its bytes."""

    id: str
    name: str
    size: int
    sha256: str


class FileOut(BaseModel):
    """One file. `status`: checking, ready, rejected, sealing, sealed, failed. `drawn`: everything
    that `placements` and `straddles` put on its pages. `problem`: why it was rejected or failed."""

    id: str
    name: str
    status: str
    size: int
    digest: str
    pages: list[PageOut]
    cautions: list[Warned]
    placements: list[PlacedOut]
    straddles: list[StraddleOut]
    drawn: list[PlacedOut]
    problem: Problem | None
    sealed_document: SealedOut | None


class RefusedOut(BaseModel):
    """A file that was not taken."""

    name: str
    problem: Problem


class OwnerOut(BaseModel):
    """For whom is signed: `account` (oneself) or `enterprise`."""

    kind: str
    id: str
    name: str


class SealChoiceOut(BaseModel):
    """A seal that may be used; `picture` is watermarked (P-49)."""

    id: str
    name: str
    kind: str
    width_mm: float
    height_mm: float
    picture: str


class SigningOut(BaseModel):
    """`submission`: what is confirmed at the end. It is sent back, and a proof of intent is begun
    with exactly these parameters. `methods`: by what the person may prove it, the one to offer
    first in front; none where he has to download his certificate first. `owner` is null once the
    right was lost."""

    id: str
    status: OwnStatus
    documents: list[FileOut]
    refused: list[RefusedOut]
    seals: list[SealChoiceOut]
    owner: OwnerOut | None
    methods: list[VerificationMethod]
    submission: dict[str, str]


def shown(
    uow: UnitOfWork, signing: OwnSigning, picture: str, refused: tuple[Refused, ...] = ()
) -> dict[str, Any]:
    """The whole signing; `picture` makes the address of a seal's picture of its id (`{}`)."""
    found, right = queries.view(uow, signing), _right(uow, signing)
    return {
        "id": signing.id,
        "status": found.status,
        "documents": [_file(one, right) for one in found.files],
        "refused": [_refused(one) for one in refused],
        "seals": _seals(right, picture),
        "owner": OwnerOut(kind=right.kind, id=right.owner_id, name=right.name) if right else None,
        "methods": _methods(uow, signing, right),
        "submission": found.submission,
    }


def _right(uow: UnitOfWork, signing: OwnSigning) -> SealingRight | None:
    try:
        return right_of(uow, signing)
    except (NoRight, NoUsableSeal):
        return None


def _methods(
    uow: UnitOfWork, signing: OwnSigning, right: SealingRight | None
) -> list[VerificationMethod]:
    if right is None:
        return []
    by_method = runtime().settings.keys_by_method
    return methods_of(uow, signing.account_id, right, by_method=by_method)


def _file(found: FileView, right: SealingRight | None) -> FileOut:
    document, file = found.document, found.file
    failure = found.task.failure if found.task is not None else document.problem
    return FileOut(
        id=document.id,
        name=document.name,
        status=found.status,
        size=document.size,
        digest=document.digest,
        pages=_pages(document),
        cautions=_cautions(document),
        placements=[PlacedOut(**one) for one in file.placements],
        straddles=[StraddleOut(**one) for one in file.straddles],
        drawn=_drawn(found, right),
        problem=spoken_problem(failure),
        sealed_document=_sealed(found.sealed),
    )


def _pages(document: Document) -> list[PageOut]:
    return [
        PageOut(
            width=box.width_pt,
            height=box.height_pt,
            crop=list(box.crop),
            rotate=box.rotate,
            user_unit=box.user_unit,
        )
        for box in page_boxes(document)
    ]


def _cautions(document: Document) -> list[Warned]:
    place = 1 if is_english() else 0
    return [Warned(code=one["code"], message=one["message"][place]) for one in document.warnings]


def _drawn(found: FileView, right: SealingRight | None) -> list[PlacedOut]:
    return [PlacedOut.model_validate(one.as_row()) for one in service.drawn_now(found, right)]


def _sealed(sealed: Document | None) -> SealedOut | None:
    if sealed is None:
        return None
    return SealedOut(id=sealed.id, name=sealed.name, size=sealed.size, sha256=sealed.digest)


def _refused(one: Refused) -> RefusedOut:
    problem = spoken_problem(spoken(one.problem))
    return RefusedOut.model_validate({"name": one.name, "problem": problem})


def _seals(right: SealingRight | None, picture: str) -> list[SealChoiceOut]:
    return [
        SealChoiceOut(
            id=seal.id,
            name=seal.name,
            kind=seal.kind,
            width_mm=seal.width_mm,
            height_mm=seal.height_mm,
            picture=picture.format(seal.id),
        )
        for seal in (right.seals if right else ())
    ]
