"""What can go wrong when a reviewer comes in."""

from server.core.errors import Forbidden, Invalid, Unauthenticated
from server.core.limits import Locked


class ReviewerLoginNeeded(Unauthenticated):
    """Nobody is logged in under /admin, or the login has ended or was idle for too long."""

    code = "reviewer_login_needed"
    message = ("请先登录审核后台。", "Please log in to the review desk.")
    next_step = ("登录后会回到这一页。", "You will come back here after logging in.")


class WrongReviewerPassword(Invalid):
    """Name or password is not right; which of them is not said (S-24)."""

    code = "wrong_reviewer_password"
    message = ("账号或密码不正确。", "The name or the password is not right.")
    next_step = (
        "请重新输入；忘记密码请联系系统管理员。",
        "Try again, or ask the operator for a new password.",
    )


class ReviewerLocked(Locked):
    """Five wrong passwords for one name, whether it exists or not."""

    code = "reviewer_locked"
    message = ("密码输错次数过多，已暂时锁定。", "Locked after too many wrong passwords.")
    next_step = (
        "请在锁定结束后重试，或联系系统管理员。",
        "Wait until the lock ends, or ask the operator.",
    )


class OwnPasswordNeeded(Forbidden):
    """The one-time password opens the page on which the reviewer sets his own, and nothing else."""

    code = "own_password_needed"
    message = ("请先设置自己的登录密码。", "Set a password of your own first.")
    next_step = ("设置后即可开始审核。", "Then you can begin to review.")


class SamePassword(Invalid):
    """The password of one's own is the one-time password once more."""

    code = "same_reviewer_password"
    message = ("新密码不能与一次性密码相同。", "It must differ from the one-time password.")
    next_step = ("请另设一个密码。", "Choose another one.")
