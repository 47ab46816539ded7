"""ASN.1 of electronic seals and their signatures, as three standards write it.

Version 4 is GB/T 38540-2020, version 1 GM/T 0031-2014, version 5 GM/T 0031-2025. The names of the
fields are the standards' own.
"""

from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import core

EARLIEST_YEAR = 1900


class Header(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("ID", core.IA5String), ("version", core.Integer), ("Vid", core.IA5String)]


class Moment(core.Choice):  # type: ignore[misc]
    _alternatives: ClassVar = [("generalized", core.GeneralizedTime), ("utc", core.UTCTime)]


class Octets(core.SequenceOf):  # type: ignore[misc]
    _child_spec: ClassVar = core.OctetString


class CertDigest(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("type", core.PrintableString), ("value", core.OctetString)]


class CertDigests(core.SequenceOf):  # type: ignore[misc]
    _child_spec: ClassVar = CertDigest


class ExtData(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("extnID", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("extnValue", core.OctetString),
    ]


class ExtDatas(core.SequenceOf):  # type: ignore[misc]
    _child_spec: ClassVar = ExtData


_LIFE = [("createDate", Moment), ("validStart", Moment), ("validEnd", Moment)]


class Property(core.Sequence):  # type: ignore[misc]
    """`certList` holds certificates when `certListType` is 1, digests of them when it is 2."""

    _fields: ClassVar = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("certListType", core.Integer),
        ("certList", core.Any),
        *_LIFE,
    ]


class PropertyV1(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("certList", Octets),
        *_LIFE,
    ]


class Picture(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


def _info_fields(of: Any) -> list[tuple[object, ...]]:
    return [
        ("header", Header),
        ("esID", core.IA5String),
        ("property", of),
        ("picture", Picture),
        ("extDatas", ExtDatas, {"explicit": 0, "optional": True}),
    ]


class SealInfo(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = _info_fields(Property)


class SealInfoV1(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = _info_fields(PropertyV1)


class Seal(core.Sequence):  # type: ignore[misc]
    """`timeStamp` comes with version 5 only."""

    _fields: ClassVar = [
        ("eSealInfo", SealInfo),
        ("cert", core.OctetString),
        ("signAlgID", core.ObjectIdentifier),
        ("signedValue", core.OctetBitString),
        ("timeStamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]


class SignInfoV1(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("cert", core.OctetString),
        ("signatureAlgorithm", core.ObjectIdentifier),
        ("signData", core.OctetBitString),
    ]


class SealV1(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("esealInfo", SealInfoV1), ("signInfo", SignInfoV1)]


class ToSign(core.Sequence):  # type: ignore[misc]
    """TBS_Sign of version 4 and 5."""

    _fields: ClassVar = [
        ("version", core.Integer),
        ("eseal", Seal),
        ("timeInfo", core.GeneralizedTime),
        ("dataHash", core.OctetBitString),
        ("propertyInfo", core.IA5String),
        ("extDatas", ExtDatas, {"explicit": 0, "optional": True}),
    ]


class Signature(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("toSign", ToSign),
        ("cert", core.OctetString),
        ("signatureAlgID", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("timeStamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]


class ToSignV1(core.Sequence):  # type: ignore[misc]
    """TBS_Sign of version 1: it names the signer itself; `timeInfo` is a time or a time stamp."""

    _fields: ClassVar = [
        ("version", core.Integer),
        ("eseal", SealV1),
        ("timeInfo", core.OctetBitString),
        ("dataHash", core.OctetBitString),
        ("propertyInfo", core.IA5String),
        ("cert", core.OctetString),
        ("signatureAlgorithm", core.ObjectIdentifier),
    ]


class SignatureV1(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("toSign", ToSignV1), ("signature", core.OctetBitString)]


def moment_of(time: Any) -> datetime:
    """The aware datetime of a Moment, GeneralizedTime or UTCTime; ValueError for one without a
    zone, which says nothing, and for one before there were such seals."""
    moment = time.native
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("a time without a zone")
    if moment.year < EARLIEST_YEAR:
        raise ValueError("a time of long ago")
    return moment
