"""变更印模 (F-27): a person gives his own seal another look; for companies it is not open."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.sealing import impression, ses
from server.sealing.impression import Impression
from server.seals.errors import ChangeNotOpen, LookNotForSeal
from server.seals.models import ChangeKind, Seal, SealChange, SealImpression, SealKind
from server.seals.queries import impression_of
from server.seals.remaking import Wish
from server.seals.renewing import renewed_until, take_on
from server.seals.service import NewSeal, draw

LOOKS = {SealKind.SQUARE: "font", SealKind.HANDWRITTEN: "strokes"}


def ask_impression(
    uow: UnitOfWork, seal_id: str, *, actor: str, wish: Mapping[str, Any]
) -> SealChange:
    """Take another look on: `{"font": …}` of a square seal, `{"strokes": …}` of a handwritten one.

    Raises ChangeNotOpen, LookNotForSeal, ChangeUnderWay, what `Seal.require_usable` raises, and
    BadStrokes, ImpressionTextInvalid or MissingGlyph for a look that cannot be drawn.
    """
    seal = uow.locked(Seal, seal_id)
    seal.require_usable(uow.now)
    redrawn(seal, impression_of(uow, seal.id), wish)
    return take_on(uow, seal, ChangeKind.IMPRESSION, actor, **wish)


def require_open(seal: Seal) -> None:
    """Raise ChangeNotOpen for a company's seal."""
    if seal.owner_kind != OwnerKind.ACCOUNT:
        raise ChangeNotOpen()


def redrawn(seal: Seal, former: SealImpression, wish: Mapping[str, Any]) -> Impression:
    """What a person's seal would look like; raises what `ask_impression` raises of a look."""
    require_open(seal)
    if set(wish) != {LOOKS[SealKind(seal.kind)]}:
        raise LookNotForSeal()
    strokes = impression.read_strokes(wish["strokes"]) if "strokes" in wish else None
    words = NewSeal(SealKind(seal.kind), seal.name, words_on(seal, former), seal.number)
    return draw(replace(words, font=wish.get("font", ""), strokes=strokes))


def fonts_of(seal: Seal, former: SealImpression) -> list[str]:
    """The letterings that have every character of this seal."""
    return impression.fonts_for(words_on(seal, former))


def words_on(seal: Seal, former: SealImpression) -> str:
    """The words that its maker has vouched for."""
    return ses.read_seal(former.made).facts.name if former.made else seal.name


def wished(change: SealChange, seal: Seal, former: SealImpression, wish: Wish) -> Wish:
    """What a change asks of the maker for its own seal."""
    if change.kind == ChangeKind.RENEWAL:
        return replace(wish, valid_until=renewed_until(change))
    return replace(wish, picture=redrawn(seal, former, change.wish))
