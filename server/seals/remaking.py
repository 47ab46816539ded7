"""An electronic seal made anew for a seal that exists: another period, picture or certificate."""

from dataclasses import dataclass, replace
from datetime import datetime

from server.providers.seal_maker import SealMaker
from server.sealing import ses
from server.sealing.impression import Impression


@dataclass(frozen=True)
class Wish:
    """What is to be otherwise; `signer` is the owner's present SM2 certificate (DER)."""

    signer: bytes
    made_at: datetime
    valid_until: datetime | None = None
    picture: Impression | None = None


def remake(maker: SealMaker, made: bytes, wish: Wish) -> bytes:
    """The SES_Seal (DER) that takes the place of `made`; no transaction open.

    Its id, name and kind stay. Raises SealMakerUnavailable.
    """
    facts = replace(
        ses.read_seal(made).facts,
        created_at=wish.made_at.replace(microsecond=0),
        certificates=(wish.signer,),
        digests=(),
    )
    if wish.valid_until is not None:
        facts = replace(facts, valid_until=wish.valid_until)
    if wish.picture is not None:
        facts = replace(facts, picture=ses_picture(wish.picture))
    info = ses.seal_info(facts)
    signed = maker.sign(info)
    return ses.build_seal(info, signed.certificate, signed.value)


def ses_picture(picture: Impression) -> ses.SealPicture:
    """The picture as it lies in an electronic seal: a small PNG, sizes in whole mm."""
    return ses.SealPicture(
        type="PNG",
        data=picture.small_png(ses.MOST_PICTURE_BYTES),
        width_mm=round(picture.width_mm),
        height_mm=round(picture.height_mm),
    )
