"""What can stand in the way of an application for seals."""

from server.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooLarge


class ApplicationNotFound(NotFound):
    """There is no such application, or not for the caller."""

    code = "application_not_found"
    message = ("没有找到这份申请。", "There is no such application.")


class ApplicationNotReady(Conflict):
    """An earlier step is still to be done; details: state."""

    code = "application_not_ready"
    message = ("申请尚未进行到这一步。", "The application has not come to this step yet.")
    next_step = ("请先完成前面的步骤。", "Finish the steps before it first.")


class ApplicationMovedOn(Conflict):
    """This step was done before; details: state."""

    code = "application_moved_on"
    message = ("申请的这一步已完成。", "This step of the application has been done already.")
    next_step = ("请刷新页面查看申请进度。", "Reload to see how far it has come.")


class TooLateToWithdraw(Conflict):
    """The seals are being made, or are there; details: state."""

    code = "application_being_issued"
    message = ("印章正在生成或已生成，不能撤销申请。", "The seals are being made, or are there.")
    next_step = ("不再需要的印章可以注销。", "A seal that is not needed can be cancelled.")


class ApplicationEnded(Gone):
    """It was withdrawn or rejected, or its time is over; details: state."""

    code = "application_ended"
    message = ("该申请已结束。", "This application has ended.")
    next_step = ("请重新申领印章。", "Please apply again.")


class CannotApply(Conflict):
    """The person represents no company that is registered in Guangxi (A5)."""

    code = "cannot_apply"
    message = (
        "您名下没有在广西注册的企业，不能进行企业印章申领。",
        "You represent no company registered in Guangxi, so you cannot apply for its seals.",
    )
    next_step = (
        "如登记信息刚刚变更，请稍后再试；个人印章可以照常申领。",
        "If the register has just changed, try later; seals of your own you can apply for.",
    )


class NotRepresentative(Forbidden):
    """Only its legal representative applies for a company's seals."""

    code = "not_representative"
    message = (
        "只有企业的法定代表人可以申领企业印章。",
        "Only its legal representative can apply for a company's seals.",
    )
    next_step = ("请由法定代表人登录后申领。", "Let the legal representative log in and apply.")


class NothingWanted(Invalid):
    """No seal was chosen, or one that this way of applying does not give; details: kinds."""

    code = "nothing_wanted"
    message = ("请选择要申领的印章。", "Please choose the seals to apply for.")
    next_step = ("请至少选择一枚印章。", "Choose at least one.")


class HandwritingNeeded(Invalid):
    """A handwritten seal needs strokes or a photo, and not both."""

    code = "handwriting_needed"
    message = ("请先手写签名或上传签名照片。", "Please draw the signature or upload a photo of it.")
    next_step = ("请点击“个人手绘章”进行手写。", "Open the handwritten seal and draw it.")


class SealsThere(Conflict):
    """The owner has living seals of these kinds, or has applied for them; details: kinds."""

    code = "seals_there"
    message = ("所选印章已申领或正在申领。", "Some of these seals exist or are applied for.")
    next_step = (
        "请取消已申领的印章后再提交；需要更换的请先注销原印章。",
        "Leave them out; to replace a seal, cancel the old one first.",
    )


class ApplicationIncomplete(Invalid):
    """Something is missing; details: `missing`, such as `party:agent`, `material:licence`."""

    code = "application_incomplete"
    message = ("申请内容不完整。", "The application is not complete.")
    next_step = ("请补充所列内容后再提交。", "Add what is listed, then submit it.")


class NotAsRegistered(Conflict):
    """What the application says no longer agrees with the registry; details: differs."""

    code = "not_as_registered"
    message = (
        "申请内容与企业登记信息不一致。",
        "The application does not agree with the company's registration.",
    )
    next_step = (
        "请对照营业执照修改，或由现任法定代表人重新申领。",
        "Correct it by the business licence, or let the present representative apply.",
    )


class ContentChanged(Conflict):
    """The application was changed after the person confirmed what it said."""

    code = "application_changed"
    message = ("申请内容已被修改。", "The application was changed meanwhile.")
    next_step = ("请重新核对内容并进行意愿认证。", "Check it again and verify your intent.")


class ReasonNeeded(Invalid):
    """Whoever sends an application back says why; details: field."""

    code = "reason_needed"
    message = ("请填写原因。", "Please give a reason.")
    next_step = ("请写明需要补正或驳回的原因。", "Say what has to be mended, or why it is refused.")


class MaterialTooLarge(TooLarge):
    """A picture of more than 5 MiB (F-22); details: most_bytes."""

    code = "material_too_large"
    message = ("图片超过 5 MB。", "The picture is larger than 5 MB.")
    next_step = ("请压缩后重新上传。", "Make it smaller and upload it again.")


class PictureTooComplex(Invalid):
    """The picture used up the memory or the time that one file is given."""

    code = "picture_too_complex"
    message = ("图片无法处理。", "The picture cannot be processed.")
    next_step = ("请重新拍照后上传。", "Take another photo and upload that.")


class SlotUnknown(Invalid):
    """This application has no such place for a picture; details: slots."""

    code = "slot_unknown"
    message = ("该申请不需要这项材料。", "This application has no place for it.")
    next_step = ("请按所列材料上传。", "Upload the materials that are listed.")


class MaterialNotFound(NotFound):
    """Nothing was uploaded in this slot."""

    code = "material_not_found"
    message = ("尚未上传该材料。", "This material has not been uploaded.")
    next_step = ("请先上传。", "Please upload it first.")


class RingReplaced(Conflict):
    """The owner's keys were replaced while seals were made for the old ones; it is tried again."""

    code = "ring_replaced"
    message = ("印章密钥已更换。", "The keys were replaced meanwhile.")
    next_step = ("系统会自动重试，无需操作。", "It is tried again by itself.")
