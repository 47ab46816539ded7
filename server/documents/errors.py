"""What can be wrong with a file that is handed in."""

from server.core.errors import Conflict, Gone, Invalid, NotFound, TooLarge


class NoFile(Invalid):
    """The request carries no file, or an empty one."""

    code = "no_file"
    message = ("请选择要上传的文件。", "No file was sent.")
    next_step = ("请选择一个 PDF 文件。", "Choose a PDF file.")


class PdfTooLarge(TooLarge):
    """Over 20 MiB (Settled 7)."""

    code = "pdf_too_large"
    message = ("文件超过 20M。", "The file is larger than 20 MB.")
    next_step = ("请压缩或拆分后再上传。", "Make it smaller and upload it again.")


class DocumentNotFound(NotFound):
    """There is no such file, or not for the caller."""

    code = "document_not_found"
    message = ("没有找到该文件。", "There is no such file.")


class DocumentNotReady(Conflict):
    """The file is still being checked."""

    code = "document_not_ready"
    message = ("文件正在检查。", "The file is still being checked.")
    next_step = ("请几秒后重试。", "Try again in a few seconds.")


class DocumentRejected(Conflict):
    """The file cannot be sealed; `problem` says why."""

    code = "document_rejected"
    message = ("文件未通过检查，不能签章。", "The file cannot be sealed.")
    next_step = ("请按提示修改后重新上传。", "Mend it as described and upload it again.")


class LinkExpired(Gone):
    """A download link lives five minutes."""

    code = "link_expired"
    message = ("下载链接已失效。", "The link has expired.")
    next_step = ("请返回重新点击下载。", "Go back and ask for a new link.")
