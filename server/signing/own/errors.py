"""What can go wrong when somebody seals files of his own."""

from server.core.errors import Conflict, Forbidden, Invalid, NotFound


class OwnSigningNotFound(NotFound):
    """There is no such signing, or not for the caller."""

    code = "signing_not_found"
    message = ("没有找到该签署。", "There is no such signing.")
    next_step = ("请重新发起签署。", "Start a new one.")


class NoUsableSeal(Forbidden):
    """A person has no seal of his own that may seal now."""

    code = "no_usable_seal"
    message = ("您没有可用的个人印章。", "You have no seal of your own that can be used now.")
    next_step = ("请先申领或启用印章。", "Apply for a seal, or enable yours.")


class TooManyFiles(Invalid):
    """One signing takes so many files; details: limit."""

    code = "too_many_files"
    message = ("一次最多签署 9 个文件。", "One signing takes at most 9 files.")
    next_step = ("请分次签署。", "Sign the others afterwards.")


class NothingToSign(Conflict):
    """The signing has no file that could be sealed."""

    code = "nothing_to_sign"
    message = ("没有待签署的文件。", "There is no file to sign.")
    next_step = ("请先上传文件。", "Upload a file first.")


class OwnSigningOver(Conflict):
    """It was submitted or cancelled: its files stand."""

    code = "signing_over"
    message = ("该签署已提交或已取消。", "This signing was submitted or cancelled.")
    next_step = ("请重新发起签署。", "Start a new one.")


class FileBeingSealed(Conflict):
    """The file is being sealed, or is sealed: nothing of it can be changed (S-16)."""

    code = "file_being_sealed"
    message = ("该文件已提交签章，不能再修改。", "The file is being sealed and cannot be changed.")
    next_step = ("请刷新页面查看结果。", "Reload to see the result.")
