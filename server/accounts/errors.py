"""What can go wrong when a person comes in."""

from server.core.errors import Gone, Invalid, NotFound, TooMany, Unauthenticated


class BadPhone(Invalid):
    """Not the number of a mobile phone in mainland China."""

    code = "bad_phone"
    message = ("请输入正确的手机号/身份证", "Please enter a correct phone or ID number.")
    next_step = ("请检查后重新输入。", "Check the number and try again.")


class BadIdNumber(Invalid):
    """A document number whose form or check digit is wrong (B2.2)."""

    code = "bad_id_number"
    message = ("请输入正确的手机号/身份证", "Please enter a correct phone or ID number.")
    next_step = ("请检查后重新输入。", "Check the number and try again.")


class AgreementsNotTicked(Invalid):
    """Logging in needs both agreements (B2.1)."""

    code = "agreements_not_ticked"
    message = (
        "请先阅读并勾选《用户注册协议》和《用户隐私政策》。",
        "Please accept the agreements.",
    )
    next_step = ("勾选后再登录。", "Tick the box and log in again.")


class WrongCode(Invalid):
    """The SMS code is not the one that was sent; also said when none was sent."""

    code = "wrong_sms_code"
    message = ("验证码不正确。", "The code is not right.")
    next_step = ("请核对短信中的验证码。", "Compare it with the text message.")


class CodeExpired(Gone):
    """The code was used, or is older than five minutes."""

    code = "sms_code_expired"
    message = ("验证码已失效。", "The code is no longer valid.")
    next_step = ("请重新获取验证码。", "Ask for a new code.")


class CodeTooSoon(TooMany):
    """One code a minute for each phone; `retry_after` says when."""

    code = "sms_too_soon"
    message = ("验证码已发送，请勿重复获取。", "A code was sent a moment ago.")
    next_step = ("60 秒后可重新获取。", "You can ask for another after 60 seconds.")


class LoginNeeded(Unauthenticated):
    """Nobody is logged in, or the login has ended."""

    code = "login_needed"
    message = ("请先登录。", "Please log in first.")
    next_step = ("登录后会回到这一步。", "You will come back here after logging in.")


class LoginNotFound(NotFound):
    """No such login of this person; also said of one that has ended."""

    code = "login_not_found"
    message = ("没有找到这次登录，可能已经结束。", "There is no such login; it may have ended.")
    next_step = ("请刷新页面查看最新的登录列表。", "Reload the page to see the present logins.")
