"""What can be wrong with a verification that is asked for, or with a root to be trusted."""

from server.core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable


class NothingToVerify(Invalid):
    """Neither a PDF nor the data of a seal came along, or both did."""

    code = "nothing_to_verify"
    message = ("请选择要验证的文件。", "Choose a file to verify.")
    next_step = (
        "请上传一个 PDF 文件，或上传电子印章数据。",
        "Send one PDF, or the data of an electronic seal.",
    )


class SealDataTooLarge(TooLarge):
    """More than 1 MiB for the data of one seal; details: limit."""

    code = "seal_data_too_large"
    message = ("电子印章数据超过 1M。", "The seal's data is larger than 1 MB.")
    next_step = (
        "请核对所选文件是否为电子印章数据。",
        "Check that the file is the data of an electronic seal.",
    )


class VerificationsBusy(Unavailable):
    """So many files are being verified by this process that another one is not taken in."""

    concerns_all = False
    code = "verifications_busy"
    message = ("正在验证的文件较多。", "Many files are being verified just now.")
    next_step = ("请稍等片刻再点“立即验证”。", "Please wait a moment and try again.")


class VerificationNotFound(NotFound):
    """There is no such report, it has ended, or it is not for the caller."""

    code = "verification_not_found"
    message = ("没有找到该验签结果，或者结果已过期。", "There is no such report, or it has ended.")
    next_step = ("请重新上传文件验证。", "Upload the file and verify it again.")


class NotATrustableCertificate(Invalid):
    """The file holds neither a certificate of an authority nor, asked for, its revocation list."""

    code = "not_a_trustable_certificate"
    message = (
        "文件不是证书机构的证书或吊销列表。",
        "The file is no certificate or revocation list of an authority.",
    )
    next_step = (
        "请提供 DER 或 PEM 格式的文件。",
        "Give it as DER or PEM.",
    )


class AlreadyTrusted(Conflict):
    """This certificate stands in the trust list for that purpose."""

    code = "already_trusted"
    message = ("该证书已在信任列表中。", "This certificate is in the trust list already.")
    next_step = ("无需重复添加。", "Nothing is left to be done.")


class NotTrusted(NotFound):
    """The trust list has no such row."""

    code = "not_in_trust_list"
    message = ("信任列表中没有该证书。", "The trust list has no such certificate.")
    next_step = ("请用 trust list 查看编号。", "Look its number up with trust list.")
