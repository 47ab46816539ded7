"""What can go wrong between the QR and the sealed file."""

from server.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated


class TaskNotFound(NotFound):
    """There is no such signing task, or not for the caller."""

    code = "task_not_found"
    message = ("没有找到该签章任务。", "There is no such signing task.")


class PageTokenMissing(Unauthenticated):
    """The browser is not the one that opened this task."""

    code = "page_token_missing"
    message = ("此浏览器没有打开该签章页面的权限。", "This browser has not opened this task.")
    next_step = ("请返回审批系统，重新点击“签章”。", "Go back and click 签章 again.")


class OpenTokenRefused(Forbidden):
    """The open token of the link is unknown or was used; it opens one page, once."""

    code = "open_token_refused"
    message = ("该链接已被使用或无效。", "The link was used before or is not valid.")
    next_step = ("请返回审批系统，重新点击“签章”。", "Go back and click 签章 again.")


class OpenTokenExpired(Gone):
    """The link was not opened within two minutes."""

    code = "open_token_expired"
    message = ("该链接已过期。", "The link has expired.")
    next_step = ("请返回审批系统，重新点击“签章”。", "Go back and click 签章 again.")


class TaskEnded(Gone):
    """The task is sealed, cancelled or older than a day."""

    code = "task_ended"
    message = ("该签章任务已结束。", "This signing task has ended.")
    next_step = ("请返回审批系统重新发起。", "Go back and start again.")


class WrongTaskState(Conflict):
    """Not at this stage: the steps cannot be skipped (S-08)."""

    code = "wrong_state"
    message = ("当前步骤不能进行此操作。", "This cannot be done at this stage.")
    next_step = ("请按页面提示的步骤操作。", "Follow the steps on the page.")


class PageLivesInTab(Conflict):
    """A page on a public computer ends when it is left, so nothing could be released to it."""

    code = "page_lives_in_tab"
    message = ("公用电脑不能在本机签署。", "A public computer cannot sign on its own.")
    next_step = ("请用手机扫描二维码。", "Scan the QR code with a phone.")


class OtherSigner(Forbidden):
    """The task was given to another person, or another person has authorised it."""

    code = "wrong_signer"
    message = ("该文件应由其他人签署。", "This file is to be signed by somebody else.")
    next_step = ("请由指定的签署人扫码。", "Let the named signer scan the code.")


class GrantOver(Gone):
    """The page's right to seal is over: 30 minutes, 10 without activity, or the page was left."""

    code = "grant_ended"
    message = ("本次签章授权已结束。", "The right to seal has ended.")
    next_step = ("请刷新二维码重新认证，已放置的印章会保留。", "Scan again; placed seals are kept.")


class SealCertificateInvalid(Conflict):
    """The certificate behind a seal was revoked or is outside its period (S-30)."""

    code = "seal_certificate_invalid"
    message = ("印章的数字证书已吊销或不在有效期内。", "The seal's certificate is no longer valid.")
    next_step = ("请续期或重新申领印章。", "Renew the seal or apply for a new one.")


class DigestMismatch(Conflict):
    """The bytes that were shown are not the bytes that would be sealed (S-14)."""

    code = "digest_mismatch"
    message = ("页面显示的文件与待签文件不一致。", "The file shown is not the file to be sealed.")
    next_step = ("请刷新页面后重试。", "Reload the page and try again.")


class SignerNotNamed(Invalid):
    """The partner is registered as one that knows its user, and has to name him."""

    code = "expected_signer_required"
    message = ("未指定签署人。", "The expected signer is missing.")
    next_step = ("请在请求中填写 expected_signer。", "Send expected_signer with the request.")


class ResultNotReady(Conflict):
    """There is no sealed file yet."""

    code = "result_not_ready"
    message = ("签章尚未完成。", "The file is not sealed yet.")
    next_step = ("请稍后查询。", "Ask again in a moment.")
