"""数字证书申请表: what an application says, as a form to be looked through and signed by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from server.accounts.id_documents import DOCUMENT_TYPES, mask_id_number
from server.accounts.models import mask_phone
from server.applications.models import Application, PartyRole
from server.applications.parties import Person
from server.sealing.form_pdf import Form, Section, SignatureBox
from server.sealing.impression import Impression
from server.seals.models import KIND_NAMES

TITLE: Final = "数字证书申请表"
FOOT: Final = "广西统一电子印章管理平台"
ROLE_NAMES: Final[Mapping[PartyRole, str]] = {
    PartyRole.REPRESENTATIVE: "法定代表人",
    PartyRole.AGENT: "经办人",
    PartyRole.PERSON: "申请人",
}
METHOD_NAMES: Final[Mapping[str, str]] = {
    "password": "密码核验",
    "sms": "短信核验",
    "face": "人脸核验",
    "pin": "签名口令",
}
STATEMENT: Final = (
    "一、以上内容由申请人填写，真实、完整、有效；如有虚假，愿承担相应的法律责任。",
    "二、申请人同意由数字证书认证机构签发上述印章所用的数字证书，同意平台为办理本申请"
    "核验签名人的身份。",
    "三、申请人将妥善保管签名口令和核验密码；泄露或者可能泄露的，立即停用印章并告知平台。",
)
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_NUMERALS: Final = "一二三四五"
_DOCUMENTS: Final = {kind.code: kind.names[0] for kind in DOCUMENT_TYPES}


@dataclass(frozen=True)
class Signature:
    """One signature for the form: its picture, whether it was typed, and when and how the person
    was identified.
    """

    ink: Impression
    typed: bool
    identified_at: datetime
    at: datetime


def form_of(
    application: Application,
    people: Sequence[Person],
    signatures: Mapping[PartyRole, Signature],
) -> Form:
    """The form in the order of its people; numbers and phones masked. No seal is drawn on it."""
    sections = [_owner(application), *(_person(one) for one in people), _wanted(application)]
    return Form(
        title=TITLE,
        number=f"业务申请单号：{application.id}",
        day=f"申请日期：{_day(application.submitted_at or application.created_at)}",
        sections=tuple(
            Section(f"{_NUMERALS[place]}、{section.heading}", section.rows)
            for place, section in enumerate(filter(None, sections))
        ),
        statement=STATEMENT,
        boxes=tuple(_box(one.role, signatures.get(one.role)) for one in people),
        foot=FOOT,
    )


def _owner(application: Application) -> Section | None:
    if not application.is_of_company:
        return None
    rows = (("单位名称", application.unit_name), ("统一社会信用代码", application.unit_number))
    return Section("申请单位", rows)


def _person(person: Person) -> Section:
    rows = (
        ("姓名", person.name),
        ("证件类型", _DOCUMENTS.get(person.document.type, person.document.type)),
        ("证件号码", mask_id_number(person.document.number)),
        ("手机号码", mask_phone(person.phone)),
    )
    return Section(ROLE_NAMES[person.role], rows)


def _wanted(application: Application) -> Section:
    whose = "单位" if application.is_of_company else "个人"
    rows = (
        ("业务类型", f"申领电子印章，并签发{whose}数字证书"),
        ("申领印章", "、".join(KIND_NAMES[kind] for kind in application.kinds)),
        ("用章核验方式", METHOD_NAMES.get(application.method, "签名口令")),
    )
    return Section("申请内容", rows)


def _box(role: PartyRole, signature: Signature | None) -> SignatureBox:
    label = f"{ROLE_NAMES[role]}签名："
    if signature is None:
        return SignatureBox(label)
    how = "本人键入姓名" if signature.typed else "本人手写签名"
    notes = (
        f"人脸认证通过：{_moment(signature.identified_at)}",
        f"{how}：{_moment(signature.at)}（北京时间）",
    )
    return SignatureBox(label, signature.ink, notes)


def _day(at: datetime) -> str:
    local = at.astimezone(_CHINA)
    return f"{local.year} 年 {local.month} 月 {local.day} 日"


def _moment(at: datetime) -> str:
    return at.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
