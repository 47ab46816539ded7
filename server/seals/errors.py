"""What can forbid the use of a seal."""

from server.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound


class SealNotFound(NotFound):
    """There is no such seal, or not for the caller."""

    code = "seal_not_found"
    message = ("没有找到这枚印章。", "There is no such seal.")


class SealSuspended(Conflict):
    """The seal has been suspended (F-29)."""

    code = "seal_not_active"
    message = ("印章已停用。", "The seal is suspended.")
    next_step = ("请由法定代表人启用后再使用。", "The legal representative can enable it again.")


class StoppedByRepresentative(SealSuspended):
    """The registry names another representative (P-39)."""

    message = (
        "企业法定代表人已变更，印章已停用。",
        "The company has another legal representative; the seal is suspended.",
    )
    next_step = (
        "请新任法定代表人登录、下载个人数字证书后接管印章。",
        "The new representative logs in, downloads his certificate and takes the seals over.",
    )


class NamesFormerRepresentative(SealSuspended):
    """The seal bears the name of somebody who represents the company no more (P-39)."""

    message = (
        "印章刻有原法定代表人姓名，已停用。",
        "The seal bears the former representative's name; it is stopped.",
    )
    next_step = ("请注销该印章，并重新申领。", "Cancel the seal, and apply for a new one.")


class StoppedByName(SealSuspended):
    """The company has another name; a seal with the former one stops for good (P-39)."""

    message = (
        "企业名称已变更，原名称的印章已停用。",
        "The company has another name; seals with the former one are stopped.",
    )
    next_step = (
        "请注销该印章，并以新名称重新申领。",
        "Cancel the seal, and apply for one with the new name.",
    )


class StoppedByStrikingOff(SealSuspended):
    """The company is no more (P-39)."""

    message = (
        "企业已注销登记，印章已停用。",
        "The company has been struck off; the seal is stopped.",
    )
    next_step = ("如有疑问请联系登记机关。", "Ask the registration office.")


class SealNotSuspended(Conflict):
    """Only what is suspended can be enabled (F-29)."""

    code = "seal_not_suspended"
    message = ("印章没有停用，无需启用。", "The seal is not suspended.")
    next_step = ("请刷新页面查看最新状态。", "Reload to see the present state.")


class SuspendedByOwner(Forbidden):
    """An administrator does not undo what the legal representative has done."""

    code = "suspended_by_owner"
    message = (
        "印章由法定代表人停用，管理员不能启用。",
        "The legal representative has suspended this seal.",
    )
    next_step = ("请由法定代表人启用。", "The legal representative can enable it again.")


class NotYoursToChange(Forbidden):
    """The person may use the seal, or suspend it, and no more."""

    code = "seal_not_yours_to_change"
    message = ("您不能对该印章进行此操作。", "You may not do this with the seal.")
    next_step = ("请由印章所有人或法定代表人办理。", "Ask its owner or the legal representative.")


class TooEarlyToRenew(Conflict):
    """A seal is renewed within the ten days before it ends; `renewable_from` says from when."""

    code = "renewal_too_early"
    message = (
        "未到续期时间：仅可在到期前十天内续期。",
        "Too early: a seal is renewed within the ten days before it ends.",
    )
    next_step = ("请在可续期日期之后办理。", "Come back from the day that is shown.")


class ChangeUnderWay(Conflict):
    """One renewal or change at a time."""

    code = "seal_change_under_way"
    message = ("该印章正在办理变更或续期。", "A change of this seal is under way.")
    next_step = ("请等待办理完成。", "Please wait until it is done.")


class ChangeNotOpen(Conflict):
    """The manual closes 变更 for companies (F-27, B4.2.1); shown exactly so."""

    code = "change_not_open"
    message = ("该功能暂未开放", "This is not open yet.")
    next_step = ("如需变更请注销后重新申领。", "Cancel the seal and apply again instead.")


class MaterialsNeeded(Conflict):
    """A company's seal is cancelled with materials of agent, representative and unit (F-30)."""

    code = "materials_needed"
    message = (
        "注销企业印章需先上传经办人、单位法人和单位的材料。",
        "Materials of agent, representative and company are needed to cancel this seal.",
    )
    next_step = ("请在注销页面上传材料后提交。", "Hand them in on the page for cancelling.")


class LookNotForSeal(Invalid):
    """A square seal takes a lettering, a handwritten one strokes."""

    code = "look_not_for_seal"
    message = ("该印章不能这样变更。", "This seal cannot be changed so.")
    next_step = (
        "个人方章请选择字体，个人手绘章请重新手写。",
        "Choose a lettering for a square seal, write a handwritten one anew.",
    )


class SealCancelled(Gone):
    """The seal has been cancelled for good (F-30)."""

    code = "seal_cancelled"
    message = ("印章已注销。", "The seal has been cancelled.")
    next_step = ("请重新申领印章。", "Apply for a new seal.")


class SealExpired(Gone):
    """The seal's period is over, or has not begun."""

    code = "seal_expired"
    message = ("印章不在有效期内。", "The seal is outside its period of validity.")
    next_step = ("请注销后重新申领。", "Cancel it and apply again.")
