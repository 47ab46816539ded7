"""What makes uploading easy (P-47): a sample picture for each slot, and the letter to fill in."""

from functools import cache
from typing import Final

from server.applications.slots import Slot
from server.sealing import form_pdf, sample_pictures
from server.sealing.form_pdf import Form, Section, SignatureBox
from server.sealing.sample_pictures import Sheet

_CARD, _PAGE = (430, 270), (400, 520)
_FRONT = Sheet(
    _CARD,
    "证件（人像面）",
    (
        "姓名　张某某",
        "出生　1990 年 1 月 1 日",
        "住址　广西壮族自治区南宁市某某路 1 号",
        "",
        "",
        "号码　4501**********0000",
    ),
    portrait=True,
)
_BACK = Sheet(
    _CARD,
    "证件（国徽面）",
    ("", "签发机关　某某市公安局", "有效期限　2020.01.01 - 2040.01.01"),
    stamp="国徽",
)
SHEETS: Final[dict[Slot, Sheet]] = {
    Slot.LICENCE: Sheet(
        _PAGE,
        "营业执照",
        (
            "统一社会信用代码　9145**************",
            "名　　称　某某有限公司",
            "类　　型　有限责任公司",
            "法定代表人　张某某",
            "住　　所　广西壮族自治区某某市某某路 1 号",
            "",
            "请拍全四边，二维码和登记机关印章要清楚",
        ),
        stamp="登记机关",
    ),
    Slot.REPRESENTATIVE_FRONT: _FRONT,
    Slot.REPRESENTATIVE_BACK: _BACK,
    Slot.AGENT_FRONT: _FRONT,
    Slot.AGENT_BACK: _BACK,
    Slot.PERSON_FRONT: _FRONT,
    Slot.PERSON_BACK: _BACK,
    Slot.AUTHORIZATION: Sheet(
        _PAGE,
        "授权委托书",
        (
            "委托人　某某有限公司",
            "法定代表人　张某某",
            "受托人　李某某",
            "委托事项　办理电子印章申领",
            "",
            "法定代表人（签字）　张某某",
            "经办人（签字）　李某某",
            "日期　2026 年 1 月 1 日",
        ),
        stamp="单位公章",
    ),
    Slot.HANDWRITING: Sheet(_CARD, "手写签名", ("白纸、深色笔，周围不要有其他字",), scribble=True),
}
BLANK: Final = "＿＿＿＿＿＿＿＿"


@cache
def sample(slot: Slot) -> bytes:
    """A PNG that shows how the picture for a slot should look."""
    return sample_pictures.draw(SHEETS[slot])


def authorization(unit: tuple[str, str], representative: str, agent: str = "") -> bytes:
    """授权委托书 as an A4 PDF to print, sign and photograph; `unit` is the name and the code.

    What is not known stays a line to write on.
    """
    name, code = unit
    company = (("名称", name or BLANK), ("统一社会信用代码", code or BLANK))
    people = (
        ("法定代表人", representative or BLANK),
        ("受托人（经办人）", agent or BLANK),
        ("受托人证件号码", BLANK),
    )
    return form_pdf.draw(
        Form(
            title="授权委托书",
            number="",
            day="日期：　　　　年　　月　　日",
            sections=(Section("委托单位", company), Section("委托关系", people)),
            statement=(
                "兹委托上列受托人作为我单位经办人，代表我单位在广西统一电子印章管理平台办理电子印章"
                "（含数字证书）的申领手续，并签署有关申请文件。",
                "受托人在上述事项内的行为由我单位承担法律责任。本委托自签署之日起至该次申领办结之日止，"
                "受托人无转委托权。",
            ),
            boxes=(SignatureBox("法定代表人（签字）"), SignatureBox("受托人（签字）")),
            foot="请打印后由双方手写签名，加盖单位公章（如有），再拍照上传。",
        )
    )
