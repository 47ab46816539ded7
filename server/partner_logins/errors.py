"""What can go wrong when somebody logs in at a partner."""

from server.core.errors import Conflict, Forbidden, Gone, NotFound


class LoginSessionNotFound(NotFound):
    """There is no such login session, or not for the caller."""

    code = "login_session_not_found"
    message = ("没有找到该登录会话。", "There is no such login session.")


class LoginSessionEnded(Gone):
    """It was taken, refused, cancelled or has expired: another login is another session."""

    code = "login_session_ended"
    message = ("本次登录已结束。", "This login has ended.")
    next_step = (
        "请返回原平台，重新选择扫码登录。",
        "Go back to where you came from and start again.",
    )


class LoginSessionComplete(Conflict):
    """The partner has its login already, so there is nothing left to cancel."""

    code = "login_session_complete"
    message = ("登录已完成，不能取消。", "The login is complete and cannot be cancelled.")
    next_step = ("请在您的系统中结束登录。", "End it in your own system.")


class WrongCodeVerifier(Forbidden):
    """The verifier is not the one of the challenge (RFC 7636 4.6); the code is spent by it."""

    code = "wrong_code_verifier"
    message = ("code_verifier 与 code_challenge 不符。", "The code_verifier does not match.")
    next_step = (
        "登录码已作废，请重新发起登录，并在同一浏览器会话中保存 code_verifier。",
        "The code is void. Start again, and keep the verifier with the same browser's session.",
    )
