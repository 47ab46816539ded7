"""验签报告: what a verification found, as a form that is drawn and then sealed by the platform."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from server.core.clock import in_china
from server.sealing.form_pdf import Form, Section
from server.sealing.report import Check, Revision, SealReport, SignatureReport
from server.validation.causes import cause_of
from server.validation.changes import read_change
from server.validation.sentences import ANSWERS, CHECKS, KINDS, MADE_BY, OVERALL
from server.validation.service import Verified

TITLE: Final = "验签报告"
FOOT: Final = "广西统一电子印章管理平台"
NONE: Final = "无"
STATEMENT: Final = (
    "一、本报告由平台按 GB/T 38540 的八项检查自动作出，仅说明验证时刻所见的结果；"
    "平台已用自己的数字证书对本报告签名，改动可被发现。",
    "二、被验证的文件在验证后即已删除，平台不留存；请以上列 SHA-256 摘要核对报告所指的文件。",
)


def form_of(verified: Verified) -> Form:
    """The report in Chinese: the file, each seal with its eight checks, each further signature."""
    return Form(
        title=TITLE,
        number=f"报告编号：{verified.row.id}",
        day=f"验证时间：{_moment(verified.row.made_at)}",
        sections=tuple(_sections(verified)),
        statement=STATEMENT,
        boxes=(),
        foot=FOOT,
    )


def _sections(verified: Verified) -> Iterator[Section]:
    report = verified.report
    yield Section(
        "验证结果",
        (
            ("文件名称", verified.row.name or NONE),
            ("SHA-256", report.digest),
            ("大小与页数", f"{report.size} 字节，{report.pages} 页"),
            ("结论", _with_cause(OVERALL[report.overall][0], report.cause)),
            ("不计入的印章", "、".join(report.uncounted) or NONE),
        ),
    )
    for number, seal in enumerate(report.seals, 1):
        yield Section(f"印章 {number}：{seal.name or NONE}", tuple(_of_seal(seal)))
        checks = tuple((CHECKS[one.name][0], _answer(one)) for one in seal.checks)
        yield Section(f"印章 {number} 的八项检查", checks)
    for signature in report.signatures:
        if not signature.seals:
            yield Section(KINDS[signature.kind][0], tuple(_of_signature(signature)))
    if report.revisions:
        yield Section("文件的版本", tuple(_of_revision(one) for one in report.revisions))


def _of_seal(seal: SealReport) -> Iterator[tuple[str, str]]:
    yield "结论", _with_cause(OVERALL[seal.overall][0], seal.cause)
    yield "签章者", seal.owner or NONE
    yield "制章者", seal.maker or NONE
    yield "印章编码", seal.id or NONE
    yield "所在页", _pages(seal)
    yield "签章时间", _time(seal.signed_at)
    yield "时间戳", _time(seal.stamped_at)
    yield "印章有效期", f"{_time(seal.valid_from)} 至 {_time(seal.valid_until)}"
    if seal.certificate is not None:
        yield "证书序列号", seal.certificate.serial
        yield "证书签发者", seal.certificate.issuer
    yield "数据标准", seal.standard or NONE


def _of_signature(signature: SignatureReport) -> Iterator[tuple[str, str]]:
    yield "结论", _with_cause(OVERALL[signature.overall][0], signature.cause)
    yield "签名者", signature.signer or NONE
    yield "签名时间", _time(signature.claimed_at)
    yield "时间戳", _time(signature.stamped_at)


def _of_revision(revision: Revision) -> tuple[str, str]:
    changes = "；".join(read_change(text).words[0] for text in revision.changes)
    made_by = MADE_BY[revision.by][0]
    return f"版本 {revision.number}", f"{made_by}：{changes}" if changes else made_by


def _answer(check: Check) -> str:
    return _with_cause(ANSWERS[check.answer][0], check.cause)


def _with_cause(word: str, code: str) -> str:
    cause = cause_of(code)
    return f"{word}。{cause[0][0]}" if cause else word


def _pages(seal: SealReport) -> str:
    numbers = sorted({page for page, _ in seal.places})
    return "、".join(f"第 {number} 页" for number in numbers) or NONE


def _time(at: datetime | None) -> str:
    return _moment(at) if at else NONE


def _moment(at: datetime) -> str:
    return in_china(at).strftime("%Y-%m-%d %H:%M:%S")
