"""What can go wrong when a partner calls."""

from server.core.errors import Invalid, Unauthenticated


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
