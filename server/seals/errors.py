"""What can forbid the use of a seal."""

from server.core.errors import Conflict, Gone, NotFound


class SealNotFound(NotFound):
    """There is no such seal, or not for the caller."""

    code = "seal_not_found"
    message = ("没有找到这枚印章。", "There is no such seal.")


class SealSuspended(Conflict):
    """The seal has been suspended (F-29)."""

    code = "seal_not_active"
    message = ("印章已停用。", "The seal is suspended.")
    next_step = ("请由法定代表人启用后再使用。", "The legal representative can enable it again.")


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
