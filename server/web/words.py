"""Short words that the server itself puts on pages, in the reader's language.

The Chinese word is the key, as it is in the templates (decision 0013).
"""

from server.web.language import is_english

ENGLISH = {
    "正常": "Active",
    "即将到期": "Expiring soon",
    "已停用": "Suspended",
    "已过期": "Expired",
    "已吊销": "Revoked",
    "未下载": "Not downloaded",
    "有效": "Valid",
    "已注销": "Cancelled",
    "法定代表人": "Legal representative",
    "所有人": "Owner",
    "管理员": "Administrator",
    "经办人": "Operator",
    "已实名": "Real name verified",
    "未实名": "Real name not verified",
    "实名待核验": "Real name given, not verified yet",
    "本机或内网": "this machine or network",
    "未知": "unknown",
    "微信": "WeChat",
    "未知系统": "Unknown system",
    "签章": "Sealing",
    "已拒绝": "Declined",
    "短信验证码登录": "Logged in by text message",
    "扫码登录": "Logged in by QR code",
    "密码登录": "Logged in by password",
    "人脸核验登录": "Logged in by face check",
    "微信登录": "Logged in by WeChat",
    "支付宝登录": "Logged in by Alipay",
    "一体化平台登录": "Logged in by single sign-on",
    "注册": "Registered",
    "用户注册协议": "Terms of use",
    "用户隐私政策": "Privacy policy",
    "人脸信息处理同意": "Consent to face checks",
    "证件号码处理同意": "Consent to the use of the ID number",
    "通过": "passed",
    "未通过": "not passed",
    "支付宝": "Alipay",
    "一体化平台": "Government platform",
    "手机网页": "Phone page",
    "电脑": "Computer",
    "微信小程序": "WeChat mini-program",
    "登录": "Log in",
    "实名认证": "Verify the real name",
    "以企业身份办理业务": "Act for a company",
    "设置登录密码": "Set the login password",
    "更换手机号": "Change the phone",
    "注销账号": "Close the account",
    "重新设置签名口令": "Set a new signing PIN",
    "密码核验": "use password",
    "短信核验": "text message",
    "人脸核验": "face",
    "签名口令": "signing PIN",
    "导出个人信息": "Take out personal data",
    "意愿认证": "Verify an act",
    "企业快速申领": "Company, fast way",
    "企业申领": "Company",
    "个人申领": "Person",
    "申请人": "Applicant",
    "存续": "Active",
    "已暂停": "Suspended",
    "单位名称": "Company name",
    "统一社会信用代码": "Unified social credit code",
    "登记状态": "Standing",
    "姓名": "Name",
    "手机号": "Phone",
    "与登记号码一致": "the registered number",
    "与登记号码不一致": "not the registered number",
    "办理数字证书申请": "Certify an application for a digital certificate",
}


def say(chinese: str) -> str:
    """The word in the language of this request; a word without a translation stays as it is."""
    return ENGLISH.get(chinese, chinese) if is_english() else chinese


def either(pair: tuple[str, str]) -> str:
    """That one of a Chinese and an English sentence which the reader of this request wants."""
    return pair[1 if is_english() else 0]
