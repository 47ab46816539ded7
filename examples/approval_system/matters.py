"""The matters that can be filed in the demo, and the attachments each one needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One kind of attachment of a matter."""

    code: str
    name: str
    required: bool = True


@dataclass(frozen=True)
class Matter:
    """A matter that the approval system accepts."""

    code: str
    name: str
    slots: tuple[Slot, ...]


MATTERS = {
    matter.code: matter
    for matter in (
        Matter(
            "construction-permit",
            "建筑工程施工许可证核发",
            (
                Slot("application", "建筑工程施工许可证申请表"),
                Slot("contract", "施工合同"),
                Slot("funds", "建设资金落实承诺书", required=False),
            ),
        ),
        Matter(
            "fire-design",
            "特殊建设工程消防设计审查",
            (
                Slot("application", "特殊建设工程消防设计审查申请表"),
                Slot("design", "消防设计文件"),
            ),
        ),
        Matter(
            "completion",
            "房屋建筑工程竣工验收备案",
            (
                Slot("application", "竣工验收备案表"),
                Slot("report", "工程竣工验收报告"),
                Slot("warranty", "工程质量保修书", required=False),
            ),
        ),
    )
}
