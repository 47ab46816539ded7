"""What can go wrong when an act needs 意愿认证, or its verification method is chosen."""

from server.core.errors import Conflict, Forbidden, Gone, Invalid
from server.core.limits import Locked


class IntentNeeded(Forbidden):
    """The act came without a proof of intent, or with one that nobody has proved yet."""

    code = "intent_needed"
    message = ("此操作需要先完成意愿认证。", "Please verify first that you want this.")
    next_step = ("请完成意愿认证后再提交。", "Verify it, then send it again.")


class IntentRefused(Forbidden):
    """The proof is another person's or login's, or was given for another act or other content."""

    code = "intent_refused"
    message = (
        "意愿认证与当前操作不一致。",
        "What you verified is not what is being done now.",
    )
    next_step = ("请返回核对后重新认证。", "Go back, check it and verify again.")


class IntentExpired(Gone):
    """Ten minutes to prove it, five from then to use it."""

    code = "intent_expired"
    message = ("意愿认证已超时。", "The verification is too old.")
    next_step = ("请重新进行意愿认证。", "Please verify again.")


class IntentSpent(Conflict):
    """One proof opens the way for one act."""

    code = "intent_spent"
    message = ("本次意愿认证已使用。", "This verification has been used.")
    next_step = ("如需再次操作，请重新认证。", "To do it again, please verify again.")


class IntentMethodRefused(Invalid):
    """The act does not allow this method, or the person does not have it; `methods` names those
    that are left."""

    code = "intent_method_refused"
    message = ("该认证方式不能用于此操作。", "This cannot be verified in that way.")
    next_step = ("请选择列出的认证方式。", "Choose one of the listed ways.")


class NoIntentMethod(Conflict):
    """Nothing is at hand by which this person could prove this act."""

    code = "no_intent_method"
    message = ("您还没有可用于此操作的认证方式。", "You have no way to verify this yet.")
    next_step = (
        "请先绑定手机号，或完成实名认证。",
        "Bind a phone first, or prove your real name.",
    )


class UsePasswordsDiffer(Invalid):
    """核验密码 was typed twice, and differently (B5.1); shown exactly so."""

    code = "use_passwords_differ"
    message = ("核验密码不一致！", "The two use passwords differ!")
    next_step = ("请重新输入两次核验密码。", "Enter it twice again.")


class UsePasswordTooShort(Invalid):
    """核验密码 has at least 6 characters (B5.1), and at most 64."""

    code = "use_password_too_short"
    message = ("核验密码应为 6 至 64 位。", "A use password has 6 to 64 characters.")
    next_step = ("请重新设置核验密码。", "Choose another one.")


class UsePasswordIsLogin(Invalid):
    """The login password may not be 核验密码 too (Settled 5)."""

    code = "use_password_is_login"
    message = (
        "核验密码不能与登录密码相同。",
        "The use password must differ from the login password.",
    )
    next_step = ("请另设一个核验密码。", "Choose another one.")


class WrongUsePassword(Invalid):
    """The use password is wrong; `tries_left` says how often it may still be tried."""

    code = "wrong_use_password"
    message = ("核验密码不正确。", "The use password is wrong.")
    next_step = ("请重新输入，或选择“忘记核验密码”。", "Try again, or choose “Forgotten”.")


class UsePasswordLocked(Locked):
    """Too many wrong use passwords, or too many choices that were held against the login's."""

    code = "use_password_locked"
    message = ("核验密码尝试次数过多，已暂时锁定。", "The use password is locked for a while.")
    next_step = ("请在锁定结束后重试。", "Wait until the lock ends.")
