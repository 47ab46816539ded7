"""The texts of our short messages: signature, purpose, life and 请勿泄露 in each (P-43)."""

from collections.abc import Mapping
from string import Formatter

SIGNATURE = "【桂印】"

_CODE = "验证码 {code}，{minutes} 分钟内有效。请勿泄露给任何人，工作人员不会向您索取。"

TEMPLATES: Mapping[str, str] = {
    "enter_code": "您正在登录或注册广西统一电子印章，" + _CODE,
    "reset_password_code": "您正在重新设置登录密码，" + _CODE,
    "new_phone_code": "您正在绑定新的手机号，" + _CODE,
    "change_phone_code": "您正在更换已绑定的手机号，" + _CODE,
    "real_name_code": "您正在进行实名认证，" + _CODE,
    "close_account_code": "您正在注销账号，" + _CODE,
    "personal_data_code": "您正在导出个人信息，" + _CODE,
    "company_code": "您正在注册企业账号，" + _CODE,
    "company_reset_code": "您正在重新设置企业账号的登录密码，" + _CODE,
    "certificate_code": "您正在下载个人数字证书，" + _CODE,
    "intent_code": "您正在进行意愿认证，" + _CODE,
}


def render(template: str, params: Mapping[str, str]) -> str:
    """The text as the phone shows it; KeyError for an unknown template or a missing parameter."""
    return SIGNATURE + TEMPLATES[template].format_map(params)


def values(template: str, params: Mapping[str, str]) -> list[str]:
    """What the text's gaps are filled with, in their order; KeyError as in `render`."""
    gaps = (name for _, name, _, _ in Formatter().parse(TEMPLATES[template]) if name)
    return [params[name] for name in gaps]


def numbered(template: str) -> str:
    """The text with `{1}`, `{2}` … for its gaps and no signature, as a gateway's console has it."""
    text = TEMPLATES[template]
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    return text.format_map({name: f"{{{place}}}" for place, name in enumerate(names, 1)})
