"""The texts of our short messages: signature, purpose, life and 请勿泄露 in each (P-43)."""

from collections.abc import Mapping

SIGNATURE = "【桂印】"

_CODE = "验证码 {code}，{minutes} 分钟内有效。请勿泄露给任何人，工作人员不会向您索取。"

TEMPLATES: Mapping[str, str] = {
    "login_code": "您正在登录广西统一电子印章，" + _CODE,
    "certificate_code": "您正在下载个人数字证书，" + _CODE,
    "intent_code": "您正在进行意愿认证，" + _CODE,
}


def render(template: str, params: Mapping[str, str]) -> str:
    """The text as the phone shows it; KeyError for an unknown template or a missing parameter."""
    return SIGNATURE + TEMPLATES[template].format_map(params)
