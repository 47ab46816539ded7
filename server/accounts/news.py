"""What people are told, in both languages: one row of the table for each kind of news (P-36).

A package adds its own members and rows. Words in braces are filled by the `words` of `tell`; a
word that the server knows (`法定代表人`) is shown in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class News(StrEnum):
    TEXT_UNSENT = "text_unsent"
    PASSWORD_SET = "password_set"  # noqa: S105 - a kind of news, not a password
    PASSWORD_LOCKED = "password_locked"  # noqa: S105 - a kind of news, not a password
    PHONE_CHANGED = "phone_changed"
    APPLICATION_DONE = "application_done"
    APPLICATION_CORRECTION = "application_correction"
    APPLICATION_REJECTED = "application_rejected"
    APPLICATION_EXPIRED = "application_expired"
    SEAL_ENDS = "seal_ends"
    SEAL_RENEWED = "seal_renewed"
    IMPRESSION_CHANGED = "impression_changed"
    SEAL_CHANGE_FAILED = "seal_change_failed"
    SEAL_CANCELLED = "seal_cancelled"
    REPRESENTATIVE_CHANGED = "representative_changed"
    COMPANY_RENAMED = "company_renamed"
    COMPANY_STRUCK_OFF = "company_struck_off"
    ID_NUMBER_MOVED = "id_number_moved"
    LOGIN_NOT_MINE = "login_not_mine"
    SIGNING_NOT_MINE = "signing_not_mine"
    NEW_DEVICE = "new_device"
    SEAL_USED = "seal_used"
    GRANT_USED_UP = "grant_used_up"
    GRANT_ENDS = "grant_ends"
    GRANT_ENDED = "grant_ended"
    PIN_LOCKED = "pin_locked"
    CERTIFICATE_ENDS = "certificate_ends"


@dataclass(frozen=True)
class Sentence:
    """Title and text (Chinese, English), and the phone page that it leads to; `warns` where
    somebody else may be at work: it is shown with a mark, and says what to do.
    """

    title: tuple[str, str]
    text: tuple[str, str]
    link: str = ""
    warns: bool = False


NEWS: Mapping[News, Sentence] = {
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
    News.SIGNING_NOT_MINE: Sentence(
        ("您拒绝了一次签章：不是我发起的", "You refused a sealing that was not yours"),
        (
            "有人可能想让您为《{document}》盖章。请核对登录设备，不要扫描他人发来的二维码。",
            "Somebody may want your seal on {document}. Check your devices, and scan no code "
            "that others send you.",
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
    News.APPLICATION_DONE: Sentence(
        ("印章申领成功", "The seals are made"),
        ("{owner}申领的电子印章已生成。", "The seals that {owner} applied for are made."),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_CORRECTION: Sentence(
        ("印章申请需要补正材料", "An application needs a correction"),
        ("{owner}的印章申请被退回补正：{reason}", "The application of {owner} came back: {reason}"),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_REJECTED: Sentence(
        ("印章申请已驳回", "An application was rejected"),
        ("{owner}的印章申请已驳回：{reason}", "The application of {owner} was rejected: {reason}"),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_EXPIRED: Sentence(
        ("印章申请已失效", "An application has expired"),
        (
            "{owner}的印章申请未在期限内完成，已失效。如仍需要，请重新申领。",
            "The application of {owner} was not finished in time. Apply again if you need it.",
        ),
        "/m/apply/{subject}",
    ),
    News.SEAL_USED: Sentence(
        ("企业印章已使用", "A company seal was used"),
        (
            "{signer} 以 {company} 的印章签署了《{document}》。",
            "{signer} sealed {document} with a seal of {company}.",
        ),
        "/m/uses",
    ),
    News.GRANT_USED_UP: Sentence(
        ("授权次数已用完", "Your uses are used up"),
        (
            "{company} 授权您用印 {uses} 次，现已用完。如需继续用印，请联系法定代表人或管理员。",
            "{company} let you use its seals {uses} times, which are used up. Ask its legal "
            "representative or an administrator for more.",
        ),
    ),
    News.GRANT_ENDS: Sentence(
        ("授权即将到期", "A grant ends soon"),
        (
            "{company} 对您的用印授权将于 {day} 到期。如需继续用印，请联系法定代表人或管理员。",
            "What {company} granted you ends on {day}. Ask its legal representative or an "
            "administrator if you need it longer.",
        ),
    ),
    News.GRANT_ENDED: Sentence(
        ("授权已到期", "A grant has ended"),
        (
            "{company} 对您的用印授权已于 {day} 到期，您不能再使用其印章。",
            "What {company} granted you ended on {day}; you can use its seals no more.",
        ),
    ),
    News.PIN_LOCKED: Sentence(
        ("签名口令已锁定", "Signing PIN locked"),
        (
            "签名口令连续输错，已暂时锁定，锁定期间不能用印。如非本人操作，请核对登录设备。",
            "Too many wrong PINs were typed; nothing can be sealed until the lock ends. If this "
            "was not you, check your devices.",
        ),
        "/m/me/devices",
        warns=True,
    ),
    News.CERTIFICATE_ENDS: Sentence(
        ("个人数字证书即将到期", "Your certificate ends soon"),
        (
            "您的个人数字证书将于 {day} 到期，到期后不能用印。请在到期前重新下载。",
            "Your personal certificate ends on {day}; nothing can be sealed afterwards. Download "
            "a new one before.",
        ),
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
    News.SEAL_ENDS: Sentence(
        ("印章即将到期", "A seal ends soon"),
        (
            "{owner}的{seal}将于 {day} 到期，可在到期前十天内续期；到期后只能注销并重新申领。",
            "The seal {seal} of {owner} ends on {day}. It can be renewed within the ten days "
            "before; after that it can only be cancelled and applied for anew.",
        ),
        "/m/seals/{subject}",
    ),
    News.SEAL_RENEWED: Sentence(
        ("印章续期成功", "Seal renewed"),
        ("{owner}的{seal}已续期至 {day}。", "The seal {seal} of {owner} is valid until {day}."),
        "/m/seals/{subject}",
    ),
    News.IMPRESSION_CHANGED: Sentence(
        ("印模已变更", "Impression changed"),
        (
            "您的{seal}已启用新印模，原印模已存档。",
            "Your seal {seal} has its new impression; the former one is kept on record.",
        ),
        "/m/seals/{subject}",
    ),
    News.SEAL_CHANGE_FAILED: Sentence(
        ("印章变更或续期未完成", "A seal could not be changed"),
        (
            "{owner}的{seal}办理未完成，印章保持原状。请打开印章详情查看原因后重新办理。",
            "The seal {seal} of {owner} is as it was. Open it to see why, and try again.",
        ),
        "/m/seals/{subject}",
    ),
    News.SEAL_CANCELLED: Sentence(
        ("印章已注销", "Seal cancelled"),
        (
            "{owner}的{seal}已注销，不能恢复；已签章的文件不受影响。如需使用请重新申领。",
            "The seal {seal} of {owner} was cancelled for good. Sealed files stay valid. Apply "
            "anew to use one again.",
        ),
        "/m/seals/{subject}",
    ),
    News.REPRESENTATIVE_CHANGED: Sentence(
        ("法定代表人已变更，印章已停用", "New legal representative: seals suspended"),
        (
            "登记机关显示{owner}的法定代表人已变更，其印章已停用。新任法定代表人登录并下载个人数字证书"
            "后可接管印章。",
            "The registry names another representative of {owner}; its seals are suspended. The "
            "new representative logs in, downloads his certificate and takes them over.",
        ),
    ),
    News.COMPANY_RENAMED: Sentence(
        ("企业名称已变更，印章已停用", "The company has a new name: seals stopped"),
        (
            "登记机关显示企业名称已变更为{owner}，原名称的印章已停用。请注销后以新名称重新申领。",
            "The registry now names the company {owner}; seals with the former name are stopped. "
            "Cancel them and apply for new ones.",
        ),
    ),
    News.COMPANY_STRUCK_OFF: Sentence(
        ("企业已注销登记，印章已停用", "The company was struck off: seals stopped"),
        (
            "登记机关显示{owner}已注销登记，其印章已停用。如有疑问请联系登记机关。",
            "The registry has struck {owner} off; its seals are stopped. Ask the registration "
            "office if this is not right.",
        ),
    ),
}
