"""What is said of people: their accounts, logins, PINs and certificates."""

from collections.abc import Mapping
from typing import Final

from server.accounts.news_kinds import News, Sentence

OF_ACCOUNTS: Final[Mapping[News, Sentence]] = {
    News.TEXT_UNSENT: Sentence(
        ("短信未能送达", "A text message could not be sent"),
        (
            "发往 {phone} 的短信多次发送失败，对方未收到。请核对手机号后重新发送。",
            "The text message to {phone} could not be sent. Check the number and send it again.",
        ),
    ),
    News.PASSWORD_SET: Sentence(
        ("登录密码已设置", "Login password set"),
        (
            "您的登录密码已重新设置，其他设备已退出登录。如非本人操作，请立即修改密码。",
            "Your login password was set anew and other devices were logged out. If this was not "
            "you, change it at once.",
        ),
        "/m/me/password",
        warns=True,
    ),
    News.PASSWORD_LOCKED: Sentence(
        ("登录密码已锁定", "Login password locked"),
        (
            "登录密码连续输错，已暂时锁定，短信和人脸仍可登录。如非本人操作，请修改登录密码。",
            "Too many wrong passwords were typed; the password is locked for a while, codes and "
            "face still let you in. If this was not you, change it.",
        ),
        "/m/me/password",
        warns=True,
    ),
    News.ID_NUMBER_MOVED: Sentence(
        ("证件号已转到其他账号", "Your ID number moved to another account"),
        (
            "您填写的证件号已由其他账号通过人脸核验，本账号需要重新实名。如有疑问请拨打客服电话。",
            "Another account has verified your ID number by face; this one needs its real name "
            "again. Call the hotline if this is wrong.",
        ),
        "/m/me/real-name",
        warns=True,
    ),
    News.LOGIN_NOT_MINE: Sentence(
        ("您拒绝了一次扫码登录：不是我发起的", "You refused a login that was not yours"),
        (
            "有人可能在冒用您的名义登录。请核对登录设备，不要扫描他人发来的二维码。",
            "Somebody may be trying to log in as you. Check your devices, and scan no code that "
            "others send you.",
        ),
        "/m/me/devices",
        warns=True,
    ),
    News.NEW_DEVICE: Sentence(
        ("新设备登录", "Login on a new device"),
        (
            "您的账号在新设备上登录（{device}，{address}）。如非本人操作，请结束该登录并修改登录密码。",
            "Your account was opened on a new device ({device}, {address}). If this was not you, "
            "end that login and change your password.",
        ),
        "/m/me/devices",
        warns=True,
    ),
    News.PIN_LOCKED: Sentence(
        ("签名口令已锁定", "Signing PIN locked"),
        (
            "签名口令连续输错，已暂时锁定，锁定期间不能用印。忘记口令可以找回；如非本人操作，请核对登录设备。",
            "Too many wrong PINs were typed; nothing can be sealed until the lock ends. A "
            "forgotten PIN can be reset; if this was not you, check your devices.",
        ),
        "/m/me/certificate",
        warns=True,
    ),
    News.CERTIFICATE_ENDS: Sentence(
        ("个人数字证书即将到期", "Your certificate ends soon"),
        (
            "您的个人数字证书将于 {day} 到期，到期后不能用印。"
            "请在到期前用“忘记签名口令”办理新证书。",
            "Your personal certificate ends on {day}; nothing can be sealed afterwards. Get a new "
            "one before, by 'Forgot signing PIN'.",
        ),
        "/m/me/certificate",
    ),
    News.PHONE_CHANGED: Sentence(
        ("手机号已更换", "Phone number changed"),
        (
            "您的账号已改绑新的手机号，其他设备已退出登录。如非本人操作，请立即修改登录密码。",
            "Your account is now bound to another phone and other devices were logged out. If this "
            "was not you, change your login password at once.",
        ),
        "/m/me/password",
        warns=True,
    ),
    News.CERTIFICATE_DOWNLOADED: Sentence(
        ("个人数字证书已下载", "Certificate downloaded"),
        (
            "您的个人数字证书已下载，签名口令已设置；原签名口令（如有）不再有效。如非本人操作，请立即修改"
            "登录密码并拨打客服电话。",
            "Your personal certificate was downloaded under a new signing PIN; a former one opens "
            "nothing. If this was not you, change your password at once and call the hotline.",
        ),
        "/m/me/certificate",
    ),
    News.PIN_CHANGED: Sentence(
        ("签名口令已修改", "Signing PIN changed"),
        (
            "您的签名口令已修改。如非本人操作，请立即修改登录密码并找回签名口令。",
            "Your signing PIN was changed. If this was not you, change your password and reset "
            "the PIN at once.",
        ),
        "/m/me/certificate",
    ),
    News.METHOD_SET: Sentence(
        ("用章核验方式已设置", "The method of verifying uses was set"),
        (
            "{owner}的用章核验方式已设置为{method}。如非本人操作，请立即修改登录密码。",
            "Uses for {owner} are now verified by {method}. If this was not you, change your "
            "password at once.",
        ),
        "/m/me/method",
    ),
}
