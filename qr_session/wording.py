"""A sentence and a next step, Chinese first and English second, for every code."""

from typing import Final, NamedTuple

from qr_session.codes import Code, Purpose

Pair = tuple[str, str]


class Words(NamedTuple):
    """What a person reads: (zh, en) of what happened and (zh, en) of what to do next."""

    message: Pair
    next_step: Pair


_REFRESH: Final = ("刷新二维码", "Refresh the QR code")
_RESCAN: Final = (
    "请在网页上刷新二维码后重新扫描。",
    "Refresh the QR code on the page, then scan it again.",
)
_RESTART: Final = ("请返回网页重新发起。", "Go back to the page and start again.")
_WAIT: Final = ("请稍候。", "Please wait.")
_NOTHING: Final = ("无需操作。", "There is nothing to do.")
_ASK_STARTER: Final = ("请联系发起方。", "Ask the one who started it.")

_WORDS: Final[dict[Code, Words]] = {
    Code.OUTSTANDING: Words(
        ("请用手机扫描二维码。", "Scan the QR code with your phone."),
        ("打开手机端“扫一扫”。", "Open the scanner on your phone."),
    ),
    Code.SCANNED: Words(
        ("已扫描，请在手机上确认。", "Scanned. Please confirm on your phone."),
        ("在手机上选择与此处相同的数字。", "Choose on your phone the number shown here."),
    ),
    Code.ENTER_PIN: Words(
        ("请在手机上完成验证。", "Please complete the verification on your phone."),
        ("在手机上输入签名口令。", "Enter your signing PIN on the phone."),
    ),
    Code.PIN_WRONG: Words(
        ("签名口令有误。", "The signing PIN is wrong."),
        ("请在手机上重新输入签名口令。", "Enter the signing PIN again on the phone."),
    ),
    Code.CONFIRMED: Words(("认证成功。", "Verified."), _WAIT),
    Code.CONSUMED: Words(("认证已完成。", "The verification is complete."), _NOTHING),
    Code.USER_DECLINED: Words(("认证失败：手机端已拒绝。", "Declined on the phone."), _REFRESH),
    Code.NOT_STARTED_BY_ME: Words(
        (
            "认证失败：手机端表示不是本人发起。",
            "Declined: the phone's owner did not start this.",
        ),
        ("如确为您发起，请刷新二维码后重试。", "If you did start it, refresh the QR code."),
    ),
    Code.CANCELLED_BY_PAGE: Words(("已在网页上取消。", "Cancelled on the page."), _REFRESH),
    Code.CANCELLED_BY_PARTNER: Words(
        ("发起方已取消。", "Cancelled by the one who started it."), _ASK_STARTER
    ),
    Code.CANCELLED_BY_ADMIN: Words(
        ("已被管理员取消。", "Cancelled by an administrator."),
        ("请联系管理员。", "Ask the administrator."),
    ),
    Code.SEAL_SUSPENDED: Words(
        ("印章已停用，本次认证已取消。", "The seal was suspended; this was cancelled."),
        (
            "请启用印章或更换印章后重新发起。",
            "Enable the seal or choose another, then start again.",
        ),
    ),
    Code.GRANT_REVOKED: Words(
        ("用印授权已撤销，本次认证已取消。", "The right to use the seal was revoked."),
        ("请联系印章管理员重新授权。", "Ask the seal's administrator for a new grant."),
    ),
    Code.EXPIRED_UNSCANNED: Words(
        ("二维码已过期。", "The QR code expired before it was scanned."), _REFRESH
    ),
    Code.EXPIRED_UNCONFIRMED: Words(
        ("认证失败：手机端未在规定时间内确认。", "The phone did not confirm in time."), _REFRESH
    ),
    Code.EXPIRED_UNCONSUMED: Words(
        (
            "认证失败：网页未在规定时间内接收结果。",
            "The page did not take the result in time.",
        ),
        _REFRESH,
    ),
    Code.PIN_LOCKED: Words(
        (
            "认证失败：签名口令错误次数过多，已被锁定。",
            "Too many wrong PINs; the signing PIN is locked.",
        ),
        ("解锁签名口令后刷新二维码。", "Unlock the signing PIN, then refresh the QR code."),
    ),
    Code.VERIFICATION_FAILED: Words(("认证失败。", "The verification failed."), _REFRESH),
    Code.WRONG_REFERENCE: Words(
        ("认证失败：所选数字与网页不一致。", "The chosen number is not the one on the page."),
        _REFRESH,
    ),
    Code.NOT_A_CODE: Words(
        ("这不是本系统的二维码。", "This is not one of our QR codes."),
        ("请扫描网页上显示的二维码。", "Scan the QR code shown on the page."),
    ),
    Code.FRAME_FORGED: Words(("二维码无效。", "The QR code is not genuine."), _RESCAN),
    Code.FRAME_STALE: Words(
        ("二维码已更新。", "The QR code has already changed."),
        ("请直接扫描网页上的二维码。", "Scan the code on the page directly."),
    ),
    Code.FORWARDED_PICTURE: Words(
        ("不能识别转发或保存的二维码图片。", "Forwarded or saved pictures are not accepted."),
        ("请用相机直接扫描网页。", "Scan the page directly with the camera."),
    ),
    Code.USER_CODE_REFUSED: Words(
        ("字母不正确或已失效。", "The letters are wrong or no longer valid."),
        (
            "请核对网页上的 8 个字母，二维码刷新后字母会变。",
            "Compare the 8 letters on the page; they change with the QR code.",
        ),
    ),
    Code.SESSION_UNKNOWN: Words(
        ("没有找到这次认证，可能已过期。", "Not found; it may have expired."), _RESCAN
    ),
    Code.WRONG_SIGNER: Words(
        ("扫码的人不是指定的签署人。", "The one who scanned is not the named signer."),
        ("请由指定的签署人扫码。", "The named signer has to scan the code."),
    ),
    Code.ALREADY_SCANNED: Words(
        ("二维码已被其他手机扫描。", "Another phone has already scanned this code."),
        ("如需更换手机，请在网页上点击“换一部手机”。", "Choose “use another phone” on the page."),
    ),
    Code.PAGE_TOKEN_REFUSED: Words(
        ("此网页已失去对本次认证的控制。", "This page no longer holds the session."), _RESTART
    ),
    Code.OPEN_TOKEN_REFUSED: Words(
        ("打开链接无效或已使用。", "The link is not valid or was already used."), _RESTART
    ),
    Code.OPEN_TOKEN_EXPIRED: Words(("打开链接已过期。", "The link has expired."), _RESTART),
    Code.TICKET_REFUSED: Words(("凭据无效。", "The ticket is not valid."), _RESCAN),
    Code.TICKET_EXPIRED: Words(("操作超时。", "That took too long."), _RESCAN),
    Code.LOGIN_CODE_REFUSED: Words(
        ("登录码无效、已使用或已过期。", "The login code is invalid, used or expired."), _RESTART
    ),
    Code.AUTHORIZATION_PENDING: Words(
        ("手机端尚未确认。", "The phone has not confirmed yet."),
        ("请先在手机上确认。", "Confirm on the phone first."),
    ),
    Code.ACCESS_DENIED: Words(("本次认证已结束。", "This session has ended."), _REFRESH),
    Code.EXPIRED_TOKEN: Words(("二维码已过期。", "The session has expired."), _REFRESH),
    Code.WRONG_STATE: Words(
        ("当前状态不允许此操作。", "The present state does not allow this."),
        ("请查看最新状态。", "Look at the present state."),
    ),
    Code.WRONG_PURPOSE: Words(
        ("此二维码不用于该操作。", "This session serves another purpose."), _RESTART
    ),
    Code.ALREADY_CONSUMED: Words(
        ("认证结果已被取用。", "The result has already been taken."), _NOTHING
    ),
    Code.REFERENCE_NEEDED: Words(
        ("请先选择网页上显示的数字。", "Choose the number shown on the page first."),
        ("在三个数字中选择与网页相同的一个。", "Pick the one of three that the page shows."),
    ),
    Code.NO_REFRESHES_LEFT: Words(
        ("二维码刷新次数已用完。", "The QR code cannot be refreshed any more."), _RESTART
    ),
    Code.SLOW_DOWN: Words(
        ("请求太频繁。", "You are asking too often."),
        ("请稍后再试。", "Wait a little, then ask again."),
    ),
    Code.BUSY: Words(
        ("系统繁忙，状态未改变。", "The service is busy; nothing was changed."),
        ("请稍后再试。", "Please try again."),
    ),
    Code.TEMPORARILY_UNAVAILABLE: Words(
        (
            "扫码服务暂时连接不上，状态未改变。",
            "The QR service cannot be reached for the moment; nothing was changed.",
        ),
        (
            "请几秒后再试，无需重新开始。",
            "Try again in a few seconds; there is no need to start again.",
        ),
    ),
    Code.TEXT_TOO_LONG: Words(
        ("内容太长，无法生成二维码。", "The text is too long for the QR code."),
        ("请缩短服务地址。", "Shorten the service address."),
    ),
}

_DONE_ON_PHONE: Final[dict[Purpose, Words]] = {
    Purpose.SIGN: Words(
        ("签名成功", "Signed"),
        ("请回到网页继续签章。", "Go back to the page to place the seals."),
    ),
    Purpose.LOGIN: Words(
        ("已确认登录", "Login confirmed"),
        (
            "请回到网页，核对姓名后选择“是我，登录”。",
            "On the page, check the name and choose “It is me”.",
        ),
    ),
}


_FOR_PHONES: Final[dict[Code, Words]] = {
    Code.WRONG_REFERENCE: Words(_WORDS[Code.WRONG_REFERENCE].message, _RESCAN),
}


def words(code: Code) -> Words:
    """The sentence and the next step that the page shows for `code`."""
    return _WORDS[code]


def words_on_phone(code: Code, purpose: Purpose) -> Words:
    """The same for the phone, where a confirmed session reads 签名成功 (manual A9.5)."""
    if code in (Code.CONFIRMED, Code.CONSUMED):
        return _DONE_ON_PHONE[purpose]
    return _FOR_PHONES.get(code, _WORDS[code])
