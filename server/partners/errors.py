"""What can go wrong when a partner calls."""

from server.core.errors import Forbidden, Invalid, Unauthenticated


class BadApiKey(Unauthenticated):
    """No key, an unknown one, or one that was withdrawn."""

    code = "bad_api_key"
    message = ("接口密钥无效。", "The API key is not valid.")
    next_step = ("请检查 Authorization 请求头。", "Check the Authorization header.")


class ReturnUrlNotRegistered(Invalid):
    """The return address does not begin with one of the partner's registered origins."""

    code = "return_url_not_registered"
    message = ("返回地址未登记。", "The return address is not registered.")
    next_step = ("请使用已登记域名下的地址。", "Use an address on a registered origin.")


class LoginsNotRegistered(Forbidden):
    """The partner has no address registered to which a login may come back."""

    code = "logins_not_registered"
    message = ("该平台未登记扫码登录。", "This partner is not registered for logins.")
    next_step = (
        "请联系运营方登记登录返回地址。",
        "Ask the operator to register a login return address.",
    )
