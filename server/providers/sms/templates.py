"""The texts of our short messages: signature, purpose, life and 请勿泄露 in each (P-43)."""

from collections.abc import Mapping
from datetime import timedelta
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
    "reset_pin_code": "您正在重新设置签名口令，" + _CODE,
    "intent_code": "您正在进行意愿认证，" + _CODE,
    "certification_link": "{owner}申领电子印章，需要您本人认证。请在 {days} 天内打开 {link} 办理，"
    "逾期失效。链接仅供您本人使用，请勿泄露或转发。",
    "application_done": "{owner}申领的电子印章已生成，请登录广西统一电子印章查看。",
    "seal_ends": "{owner}的{seal}将于 {day} 到期，请在到期前登录广西统一电子印章办理续期。",
    "password_set": "您的广西统一电子印章登录密码已重新设置。如非本人操作，请立即登录修改密码。",
}

# How long the words of a text are worth sending, where it is not a day.
LIVES: Mapping[str, timedelta] = {
    name: timedelta(minutes=5) for name in TEMPLATES if name.endswith("_code")
}


def render(template: str, params: Mapping[str, str]) -> str:
    """The text as the phone shows it; KeyError for an unknown template or a missing parameter."""
    return SIGNATURE + TEMPLATES[template].format_map(params)


def gaps(template: str) -> list[str]:
    """The names of the text's gaps, in their order; KeyError for an unknown template."""
    return [name for _, name, _, _ in Formatter().parse(TEMPLATES[template]) if name]


def life(template: str) -> timedelta:
    """How long a text is worth sending; KeyError for an unknown template."""
    if template not in TEMPLATES:
        raise KeyError(template)
    return LIVES.get(template, timedelta(days=1))


def values(template: str, params: Mapping[str, str]) -> list[str]:
    """What the text's gaps are filled with, in their order; KeyError as in `render`."""
    return [params[name] for name in gaps(template)]


def numbered(template: str) -> str:
    """The text with `{1}`, `{2}` … for its gaps and no signature, as a gateway's console has it."""
    places = {name: f"{{{place}}}" for place, name in enumerate(gaps(template), 1)}
    return TEMPLATES[template].format_map(places)
