"""Electronic seals (SES_Seal): made as GB/T 38540-2020 says, read as three standards wrote them.

What is signed is always taken from the bytes as they came; nothing is encoded again to be checked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core

from server.pki.issuer_keys import SM2_WITH_SM3
from server.sealing import ses_syntax as syntax
from server.sealing.errors import SealUnreadable

VERSION = 4
VENDOR = "GUIYIN"
CERTIFICATES, DIGESTS = 1, 2
MOST_PICTURE_BYTES = 4096
MOST_BYTES = 1024 * 1024
BEYOND = 2**31  # no kind of seal and no size of a picture


@dataclass(frozen=True)
class SealPicture:
    """`type` as the issuer writes it (`PNG`, `SVG`, `GIF`, `ofd`); sizes in whole mm."""

    type: str
    data: bytes
    width_mm: int
    height_mm: int


@dataclass(frozen=True)
class SealFacts:
    """What the maker of a seal vouches for; moments are aware, to the second.

    `kind` is the issuer's own number. `certificates` are DER of those who may sign with the seal;
    when the seal names them by digest only, `digests` holds (name of the digest, digest).
    """

    id: str
    name: str
    kind: int
    created_at: datetime
    valid_from: datetime
    valid_until: datetime
    picture: SealPicture
    certificates: tuple[bytes, ...] = ()
    digests: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class MadeSeal:
    """A seal as it was read: `signed` is what the maker signed, `signature` what he made of it."""

    version: int
    vendor: str
    facts: SealFacts
    maker: bytes
    algorithm: str
    signed: bytes
    signature: bytes


def seal_info(facts: SealFacts) -> bytes:
    """The SES_SealInfo (DER) of version 4, which the maker signs (6.2)."""
    picture = facts.picture
    info = syntax.SealInfo(
        {
            "header": {"ID": "ES", "version": VERSION, "Vid": VENDOR},
            "esID": facts.id,
            "property": {
                "type": facts.kind,
                "name": facts.name,
                "certListType": CERTIFICATES,
                "certList": core.Any(syntax.Octets(list(facts.certificates))),
                "createDate": _moment(facts.created_at),
                "validStart": _moment(facts.valid_from),
                "validEnd": _moment(facts.valid_until),
            },
            "picture": {
                "type": picture.type,
                "data": picture.data,
                "width": picture.width_mm,
                "height": picture.height_mm,
            },
        }
    )
    return bytes(info.dump())


def build_seal(info: bytes, maker: bytes, signature: bytes) -> bytes:
    """The SES_Seal (DER): what was signed, the maker's certificate (DER), his SM2 signature."""
    seal = syntax.Seal(
        {
            "eSealInfo": syntax.SealInfo.load(info, strict=True),
            "cert": maker,
            "signAlgID": SM2_WITH_SM3,
            "signedValue": signature,
        }
    )
    return bytes(seal.dump())


def read_seal(der: bytes) -> MadeSeal:
    """Read a seal of version 1, 4 or 5. Raises SealUnreadable."""
    if len(der) > MOST_BYTES:
        raise SealUnreadable
    try:
        return _first_version(der) if _version(der) < VERSION else _later_version(der)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise SealUnreadable from error


def _version(der: bytes) -> int:
    whole = core.Sequence.load(der, strict=True)
    header = syntax.Header.load(whole[0][0].dump(), strict=True)
    if header["ID"].native != "ES":
        raise ValueError("not an electronic seal")
    version = int(header["version"].native)
    if version not in (1, VERSION, 5):
        raise ValueError("a version that nobody has published")
    return version


def _later_version(der: bytes) -> MadeSeal:
    seal = syntax.Seal.load(der, strict=True)
    info = seal["eSealInfo"]
    listed = info["property"]["certList"]
    if info["property"]["certListType"].native == CERTIFICATES:
        certificates = tuple(one.native for one in listed.parse(syntax.Octets))
        digests: tuple[tuple[str, bytes], ...] = ()
    else:
        digests = tuple(
            (one["type"].native, one["value"].native) for one in listed.parse(syntax.CertDigests)
        )
        certificates = ()
    return MadeSeal(
        version=int(info["header"]["version"].native),
        vendor=info["header"]["Vid"].native,
        facts=_facts(info, certificates, digests),
        maker=seal["cert"].native,
        algorithm=seal["signAlgID"].native,
        signed=info.dump(),
        signature=seal["signedValue"].native,
    )


def _first_version(der: bytes) -> MadeSeal:
    seal = syntax.SealV1.load(der, strict=True)
    info, sign = seal["esealInfo"], seal["signInfo"]
    parts = (info, sign["cert"], sign["signatureAlgorithm"])
    signed = core.Sequence(contents=b"".join(part.dump() for part in parts))
    return MadeSeal(
        version=1,
        vendor=info["header"]["Vid"].native,
        facts=_facts(info, tuple(one.native for one in info["property"]["certList"]), ()),
        maker=sign["cert"].native,
        algorithm=sign["signatureAlgorithm"].native,
        signed=signed.dump(),
        signature=sign["signData"].native,
    )


def _facts(
    info: Any, certificates: tuple[bytes, ...], digests: tuple[tuple[str, bytes], ...]
) -> SealFacts:
    told, picture = info["property"], info["picture"]
    return SealFacts(
        id=info["esID"].native,
        name=told["name"].native,
        kind=_small(told["type"]),
        created_at=syntax.moment_of(told["createDate"]),
        valid_from=syntax.moment_of(told["validStart"]),
        valid_until=syntax.moment_of(told["validEnd"]),
        picture=SealPicture(
            type=picture["type"].native,
            data=picture["data"].native,
            width_mm=_small(picture["width"]),
            height_mm=_small(picture["height"]),
        ),
        certificates=certificates,
        digests=digests,
    )


def _small(number: Any) -> int:
    value = int(number.native)
    if not 0 <= value < BEYOND:
        raise ValueError("a number that means nothing")
    return value


def _moment(when: datetime) -> syntax.Moment:
    # The standard's examples end in Z and have no fractions (6.1).
    utc = when.astimezone(UTC).replace(microsecond=0)
    return syntax.Moment("generalized", core.GeneralizedTime(utc))
