"""How WeChat says no: HTTP 200, a number, a text that ends in the number of the request."""

import secrets
from typing import Final

TEXTS: Final = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40159: "invalid length for path, or the data is not json string",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40165: "invalid weapp pagepath",
    40169: "invalid length for scene, or the data is not json string",
    40212: "invalid query",
    40226: "code blocked",
    41001: "access_token missing",
    41030: "invalid page",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
    44991: "out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    85401: "invalid expire_time or expire_interval",
    87009: "invalid signature",
    # WeChat does not publish its numbers for face verification 2.0: these are those of 1.0.
    84001: "invalid verify_id",
    84002: "verify_id expired",
    84003: "cert_info or openid does not match",
}


class Refusal(Exception):
    """One answer that says no; `more` stands behind the text, as in 47003."""

    def __init__(self, errcode: int, more: str = "") -> None:
        super().__init__(errcode)
        self.errcode, self.more = errcode, more

    def body(self, now: float) -> dict[str, object]:
        text = " ".join(filter(None, [TEXTS.get(self.errcode, "refused"), self.more]))
        return {"errcode": self.errcode, "errmsg": f"{text} rid: {new_rid(now)}"}


def new_rid(now: float) -> str:
    """Three groups of eight hexadecimal digits; the first is the time."""
    return f"{int(now) & 0xFFFFFFFF:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
