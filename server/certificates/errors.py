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
