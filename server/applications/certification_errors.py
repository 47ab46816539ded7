"""What can stand in the way of a certification by link (F-15, F-16, S-31)."""

from server.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany


class CertificationLinkUnknown(NotFound):
    """No such link: mistyped, or a newer text message has taken its place."""

    code = "certification_link_unknown"
    message = ("认证链接无效，或已被新的短信取代。", "This link is not valid, or a newer one is.")
    next_step = (
        "请打开最近一条短信中的链接；仍无法打开的，请让申请人重新发送短信。",
        "Open the link in the newest text message, or ask the applicant to send it again.",
    )


class CertificationLinkExpired(Gone):
    """Its days are over, and the application's with it."""

    code = "certification_link_expired"
    message = ("认证链接已过期，申请已失效。", "This link and its application have expired.")
    next_step = ("请让申请人重新申领印章。", "Ask the applicant to apply again.")


class CertificationElsewhere(Conflict):
    """Another browser has opened the link first."""

    code = "certification_elsewhere"
    message = (
        "该认证链接已在另一台设备或浏览器中打开。",
        "This link was opened first on another device or in another browser.",
    )
    next_step = (
        "请在原来的浏览器中继续；无法继续的，请重新发送短信，用新链接办理。",
        "Go on there; if you cannot, have the text message sent again and use the new link.",
    )


class CertificationSameBrowser(Forbidden):
    """One browser certified for one person and would for another."""

    code = "certification_same_browser"
    message = (
        "法定代表人和经办人不是同一人，不能在同一台设备的同一浏览器中完成两次认证。",
        "Representative and agent are two people and cannot certify in one browser.",
    )
    next_step = (
        "请由另一位认证人在自己的手机上打开短信中的链接。",
        "Let the other person open the link of the text message on a phone of their own.",
    )


class CertificationNotYourTurn(Conflict):
    """The one before has not certified yet; details: turn."""

    code = "certification_not_your_turn"
    message = ("还未轮到本次认证。", "It is not this person's turn yet.")
    next_step = (
        "请先由法定代表人完成认证，完成后系统自动向经办人发送短信。",
        "The legal representative certifies first; the agent is sent a text message after that.",
    )


class CertificationStep(Conflict):
    """A step before this one is still to be done; details: step."""

    code = "certification_step"
    message = ("请按顺序完成认证步骤。", "The steps are taken one after another.")
    next_step = ("请刷新页面，从当前步骤继续。", "Reload the page and go on from its step.")


class CertificationFaceOld(Conflict):
    """The face was shown too long ago for a signature now."""

    code = "certification_face_old"
    message = ("身份认证已超过有效时间。", "The identity check is too old by now.")
    next_step = ("请重新进行人脸认证，再签名。", "Show your face again, then sign.")


class CertificationNameDiffers(Invalid):
    """What was typed is not the name of the person who certifies."""

    code = "certification_name_differs"
    message = ("输入的姓名与申请单不一致。", "The name is not the one in the form.")
    next_step = ("请输入您本人的姓名全称。", "Type your own full name.")


class CertificationNotYours(Forbidden):
    """Only the person himself goes on from the records; details: turn."""

    code = "certification_not_yours"
    message = ("本次认证需由其他人办理。", "This certification is somebody else's.")
    next_step = ("可重新向其发送短信。", "You can send the text message again.")


class CertificationNotFound(NotFound):
    """There is no such certification, or not for the caller."""

    code = "certification_not_found"
    message = ("没有找到这项认证。", "There is no such certification.")
    next_step = ("请返回认证记录查看。", "Go back to the certification records.")


class CertificationTextTooSoon(TooMany):
    """One text message a minute; details: retry_after, in seconds."""

    code = "certification_text_too_soon"
    message = ("短信发送过于频繁。", "The text message was sent a moment ago.")
    next_step = ("请稍候再重新发送。", "Wait a little, then send it again.")


class CertificationTextsUsedUp(Conflict):
    """So many were sent that another one would not help."""

    code = "certification_texts_used_up"
    message = (
        "该认证的短信发送次数已用完。",
        "No more text messages can be sent for this certification.",
    )
    next_step = (
        "请核对手机号；手机号有误的，请撤销申请后重新申领。",
        "Check the phone number; if it is wrong, withdraw the application and apply again.",
    )
