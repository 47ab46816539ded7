"""The seals that an application asks for, in the words and with the numbers that are drawn."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.accounts.models import Account
from server.applications import content
from server.applications.errors import HandwritingNeeded
from server.applications.models import Application
from server.applications.slots import Slot
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.sealing import impression
from server.seals.models import KIND_NAMES, SealKind
from server.seals.service import NewSeal

# Any thirteen digits, as long as it is asked only whether the seals can be drawn.
SAMPLE_NUMBER = "4500000000000"


def of(
    uow: UnitOfWork, row: Application, numbers: Mapping[SealKind, str] | None = None
) -> list[NewSeal]:
    """Each seal with its owner's registered words; `numbers` by kind, where they are given.

    Raises HandwritingNeeded while the photo of a signature is still to come.
    """
    given = numbers or {}
    return [
        _seal(uow, row, one, given.get(SealKind(one["kind"]), SAMPLE_NUMBER)) for one in row.wanted
    ]


def person(uow: UnitOfWork, row: Application) -> str:
    """The name of the person who applies for himself."""
    return uow.session.get_one(Account, row.owner_id).name


def _seal(uow: UnitOfWork, row: Application, one: dict[str, Any], number: str) -> NewSeal:
    kind = SealKind(one["kind"])
    font, strokes = one.get("font", ""), _strokes(one)
    words = NewSeal(kind, KIND_NAMES[kind], "", number, font=font, strokes=strokes)
    if one.get("picture"):
        words = replace(words, picture=_outlines(uow, row))
    if not row.is_of_company:
        return replace(words, text=person(uow, row))
    company = uow.session.get_one(Enterprise, row.owner_id)
    of_person = kind == SealKind.LEGAL_REPRESENTATIVE
    text = company.representative_name if of_person else company.name
    return replace(words, text=text, code=company.code)


def _strokes(one: dict[str, Any]) -> impression.Strokes | None:
    return impression.read_strokes(one["strokes"]) if one.get("strokes") else None


def _outlines(uow: UnitOfWork, row: Application) -> impression.Outlines:
    photo = content.materials_of(uow, row.id).get(Slot.HANDWRITING)
    if photo is None or photo.outlines is None:
        raise HandwritingNeeded()
    return impression.Outlines.model_validate(photo.outlines)
