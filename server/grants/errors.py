"""What can forbid a use."""

from server.core.errors import Conflict, Forbidden, Gone


class NoRight(Forbidden):
    """The person may use no seal of this company."""

    code = "no_right"
    message = ("您没有可用于该企业的印章。", "You may use no seal of this company.")
    next_step = (
        "请联系法定代表人授权，或切换企业。",
        "Ask for a grant, or choose another company.",
    )


class GrantEnded(Gone):
    """The grant was withdrawn, has run out or has not begun."""

    code = "grant_not_valid"
    message = ("授权不在有效期内或已撤销。", "The grant has ended or was withdrawn.")
    next_step = ("请联系法定代表人重新授权。", "Ask the legal representative for a new grant.")


class GrantExhausted(Conflict):
    """The granted number of uses is used up."""

    code = "grant_exhausted"
    message = ("授权次数已用完。", "The granted uses are used up.")
    next_step = ("请联系法定代表人重新授权。", "Ask the legal representative for a new grant.")


class LostReservation(Conflict):
    """The reservation was settled meanwhile, or another worker has taken it over."""

    code = "reservation_lost"
    message = ("本次签章已由其他进程处理。", "This sealing is in other hands.")
    next_step = ("请刷新页面查看结果。", "Reload to see the result.")
