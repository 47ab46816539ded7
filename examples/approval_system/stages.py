"""The word, colour and sentence for each stage that a file can be in."""

from dataclasses import dataclass

from examples.approval_system.client import TaskStatus
from examples.approval_system.files import SigningFile

STEPS = ("上传文件", "文件检查", "扫码认证", "拖放盖章", "转存材料")


@dataclass(frozen=True)
class Stage:
    """`tone` names a colour; `step` counts the STEPS done; `action` labels the 签章 button."""

    word: str
    tone: str
    sentence: str
    step: int
    action: str = ""


_DOCUMENT = {
    "uploaded": Stage("已上传", "busy", "正在送往电子印章平台检查，请稍候。", 1),
    "checking": Stage("检查中", "busy", "正在检查文件能否签章，通常只需几秒。", 1),
    "rejected": Stage("不能签章", "bad", "", 1),
    "ready": Stage("待签章", "todo", "文件检查通过，请点击“签章”。", 2, "签章"),
}
_TASK = {
    TaskStatus.AWAITING_SIGNER: Stage(
        "待认证", "todo", "签署已发起，请在签章页面扫码并输入签名口令。", 2, "继续签章"
    ),
    TaskStatus.AUTHORIZED: Stage(
        "待盖章", "todo", "认证已通过，请在签章页面盖章后点击“确认签署”。", 3, "继续签章"
    ),
    TaskStatus.SEALING: Stage("盖章中", "busy", "正在写入电子印章，请稍候。", 4),
    TaskStatus.SEALED: Stage("取回中", "busy", "签署成功，正在转存到“签章材料”。", 4),
    TaskStatus.FAILED: Stage("签署失败", "bad", "", 2, "重新签章"),
    TaskStatus.CANCELLED: Stage("已取消", "idle", "这次签署已取消，文件未盖章。", 2, "重新签章"),
    TaskStatus.EXPIRED: Stage(
        "已过期", "idle", "这次签署超过时限未完成，文件未盖章。", 2, "重新签章"
    ),
}
_SAVED = Stage("已签章", "good", "已转存到“我的材料 → 个人材料 → 签章材料”。", 5)


def stage_of(file: SigningFile) -> Stage:
    """What to show for a file."""
    if file.material_id:
        return _SAVED
    if file.document_status != "ready" or file.task_status is None:
        return _DOCUMENT[file.document_status]
    return _TASK[file.task_status]
