"""What can go wrong with certificates, keys and PINs."""

from server.core.errors import Conflict, Forbidden, Invalid


class WrongPin(Invalid):
    """The signing PIN is wrong; `tries_left` says how often it may still be tried."""

    code = "wrong_pin"
    message = ("签名口令不正确。", "The signing PIN is wrong.")
    next_step = ("请重新输入；连续输错 5 次将锁定。", "Try again; five wrong tries lock it.")


class BadPin(Invalid):
    """A PIN is 6 to 12 digits (Settled 6)."""

    code = "bad_pin"
    message = ("签名口令应为 6 至 12 位数字。", "A signing PIN has 6 to 12 digits.")
    next_step = ("请重新输入。", "Please enter it again.")


class NoCertificate(Conflict):
    """The person has not downloaded a certificate yet (A4)."""

    code = "no_certificate"
    message = ("您还没有个人数字证书。", "You have no personal certificate yet.")
    next_step = ("请先下载个人数字证书并设置签名口令。", "Download it and set a signing PIN first.")


class PinsDiffer(Invalid):
    """The new PIN was typed twice, and not the same."""

    code = "pins_differ"
    message = ("两次输入的签名口令不一致。", "The two signing PINs are not the same.")
    next_step = ("请重新输入。", "Please enter them again.")


class PinTooPlain(Invalid):
    """A PIN that anybody would try first: 111111, 123456, the birthday, the phone's digits."""

    code = "pin_too_plain"
    message = ("签名口令过于简单。", "This signing PIN is too easy to guess.")
    next_step = (
        "请不要使用重复或连续的数字、生日，以及手机号、证件号码中的数字。",
        "Use no repeated or consecutive digits, and none of your birthday, phone or ID number.",
    )


class PinUnchanged(Invalid):
    """The new PIN is the old one."""

    code = "pin_unchanged"
    message = ("新签名口令与原签名口令相同。", "The new signing PIN is the old one.")
    next_step = ("请设置不同的签名口令。", "Please choose another one.")


class PinExchanged(Conflict):
    """The PIN or the certificate was exchanged elsewhere while this request was at work."""

    code = "pin_exchanged"
    message = ("签名口令已在其他设备上更改。", "The signing PIN was changed elsewhere.")
    next_step = ("请刷新页面后重试。", "Reload the page and try again.")


class CertificateHeld(Conflict):
    """The person has a certificate already."""

    code = "certificate_held"
    message = ("您已有个人数字证书。", "You have a personal certificate already.")
    next_step = (
        "如忘记签名口令，请在“我的—数字证书”中找回。",
        "If you forgot the signing PIN, reset it on the certificate's page.",
    )


class KeysRenewing(Conflict):
    """The owner's keys are being replaced; the seals can be used again in a moment."""

    code = "seal_keys_renewing"
    message = ("印章正在更换密钥和证书。", "The seal's keys and certificates are being renewed.")
    next_step = (
        "通常几分钟内完成，请稍后再试。",
        "This takes some minutes; please try again then.",
    )


class CopyAwaited(Conflict):
    """A grantee has a new certificate, and waits for the key to be given to him again."""

    code = "key_copy_awaited"
    message = (
        "您的数字证书已更换，暂时不能使用该企业的印章。",
        "Your certificate was replaced; you cannot use this company's seals for the moment.",
    )
    next_step = (
        "请联系法定代表人扫码签署一次，之后即可恢复使用。",
        "You can again once the legal representative has signed with the seal.",
    )


class NotEntitled(Forbidden):
    """There is no copy of the owner's key for this person."""

    code = "not_entitled"
    message = ("您没有使用该印章密钥的权限。", "You are not entitled to this seal's keys.")
    next_step = ("请联系企业的法定代表人授权。", "Ask the legal representative for a grant.")


class EnvelopeDamaged(Forbidden):
    """A sealed key was changed, or is opened with the wrong key or for the wrong purpose."""

    code = "key_not_opened"
    message = ("密钥无法打开。", "The key could not be opened.")
    next_step = ("请重新扫码认证。", "Please scan and authenticate again.")


class RequestClosed(Conflict):
    """The certificates of this request are kept, and its private keys are gone."""

    code = "key_request_closed"
    message = ("该证书申请已完成。", "This certificate request is complete.")
    next_step = ("请刷新页面查看结果。", "Reload to see the result.")
