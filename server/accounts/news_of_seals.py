"""What is said of seals: used, renewed, stopped by the registry."""

from collections.abc import Mapping
from typing import Final

from server.accounts.news_kinds import News, Sentence

OF_SEALS: Final[Mapping[News, Sentence]] = {
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
    News.SEAL_USED: Sentence(
        ("企业印章已使用", "A company seal was used"),
        (
            "{signer} 以 {company} 的印章签署了《{document}》。",
            "{signer} sealed {document} with a seal of {company}.",
        ),
        "/m/uses",
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
    News.SEAL_SUSPENDED: Sentence(
        ("印章已停用", "Seal suspended"),
        (
            "管理员停用了{owner}的{seal}，启用前不能用印。",
            "An administrator has suspended the seal {seal} of {owner}; it seals nothing until it "
            "is enabled.",
        ),
        "/m/seals/{subject}",
    ),
    News.SEAL_ENABLED: Sentence(
        ("印章已启用", "Seal enabled"),
        (
            "管理员启用了{owner}的{seal}。",
            "An administrator has enabled the seal {seal} of {owner}.",
        ),
        "/m/seals/{subject}",
    ),
}
