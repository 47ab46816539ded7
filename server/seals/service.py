"""Making seals: the picture is drawn from the owner's registered words."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.certificates.models import KeyRing
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.providers.seal_maker import SealMaker
from server.sealing import impression, ses
from server.seals.models import Seal, SealImpression, SealKind
from server.seals.remaking import ses_picture

PREVIEW_DPI = 200
# The types of GB/T 38540-2020 6.2.3 are the issuer's own; these two are in common use.
OF_UNIT, OF_PERSON = 1, 2
_SES_TYPES = dict.fromkeys(
    (SealKind.LEGAL_REPRESENTATIVE, SealKind.SQUARE, SealKind.HANDWRITTEN), OF_PERSON
)
_PLACE_DIGITS = 6  # a seal's number begins with the code of its place (Settled 16)
SEAL_LIFE = timedelta(days=3 * 365)


@dataclass(frozen=True)
class NewSeal:
    """What a seal says: its kind, the words on it and its 13-digit number.

    `code` is the company's unified social credit code, which an invoice seal shows; `font` the
    lettering of a square seal, empty for the usual one. A handwritten seal has `strokes` (of
    `impression.read_strokes`) or a `picture` (of `impression.cut_out`, called in the sandbox).
    """

    kind: SealKind
    name: str
    text: str
    number: str
    code: str = ""
    font: str = ""
    strokes: impression.Strokes | None = None
    picture: impression.Outlines | None = None


def draw(new: NewSeal) -> impression.Impression:
    """The picture; raises `impression.MissingGlyph` and names the character."""
    return impression.draw(
        impression.Design(
            kind=new.kind,
            name=new.text,
            number=new.number or None,
            code=new.code or None,
            font=new.font or impression.USUAL_FONT,
            strokes=new.strokes,
            picture=new.picture,
            place=new.number[:_PLACE_DIGITS],
        )
    )


@dataclass(frozen=True)
class PreparedSeal:
    """A seal that is drawn and vouched for by its maker, not yet stored.

    `made` is its SES_Seal, `preview` the watermarked PNG for every place outside signing.
    """

    id: str
    new: NewSeal
    picture: impression.Impression
    valid_from: datetime
    valid_until: datetime
    made: bytes
    preview: bytes


def prepare_seal(
    maker: SealMaker, new: NewSeal, signer: bytes, now: datetime, until: datetime | None = None
) -> PreparedSeal:
    """Draw a seal and have it made for the owner's SM2 certificate (DER); no transaction open.

    It lives three years, and no longer than `until`, when its certificate ends. Raises
    `impression.MissingGlyph` and SealMakerUnavailable.
    """
    seal_id, picture, starts = new_id("seal"), draw(new), now.replace(microsecond=0)
    ends = min(starts + SEAL_LIFE, until or starts + SEAL_LIFE)
    info = ses.seal_info(
        ses.SealFacts(
            id=seal_id,
            name=new.text + new.name,
            kind=_SES_TYPES.get(new.kind, OF_UNIT),
            created_at=starts,
            valid_from=starts,
            valid_until=ends,
            picture=ses_picture(picture),
            certificates=(signer,),
        )
    )
    signed = maker.sign(info)
    made = ses.build_seal(info, signed.certificate, signed.value)
    preview = impression.watermarked(picture).png(PREVIEW_DPI)
    return PreparedSeal(seal_id, new, picture, starts, ends, made, preview)


def make_seal(uow: UnitOfWork, ring: KeyRing, prepared: PreparedSeal) -> Seal:
    """Store a seal of the ring's owner with its first impression."""
    new, picture = prepared.new, prepared.picture
    seal = Seal(
        id=prepared.id,
        owner_kind=ring.owner_kind,
        owner_id=ring.owner_id,
        ring_id=ring.id,
        kind=new.kind,
        name=new.name,
        number=new.number,
        width_mm=picture.width_mm,
        height_mm=picture.height_mm,
        valid_from=prepared.valid_from,
        valid_until=prepared.valid_until,
        created_at=uow.now,
    )
    uow.session.add(seal)
    uow.session.flush()
    uow.session.add(
        SealImpression(
            id=new_id("imp"),
            seal_id=seal.id,
            version=1,
            operators=zlib.compress(picture.pdf_operators()),
            svg=picture.svg(),
            preview=prepared.preview,
            made=prepared.made,
            created_at=uow.now,
        )
    )
    audit.record(uow, "seal.made", actor="system", subject=seal.id, kind=seal.kind)
    return seal
