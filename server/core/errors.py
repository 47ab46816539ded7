"""The tree of errors that the domain raises: a stable code, a sentence and a next step, no HTTP."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something that a caller can understand and act on.

    `code` is stable and documented in `docs/errors.md`. `message` and `next_step` are pairs of a
    Chinese and an English sentence. Keyword arguments become `details` of the answer.
    """

    code: ClassVar[str] = "internal"
    message: ClassVar[tuple[str, str]] = ("系统出错了。", "Something went wrong.")
    next_step: ClassVar[tuple[str, str]] = ("请稍后再试。", "Please try again later.")

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code, details)
        self.details = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class Invalid(DomainError):
    """The input cannot be read or breaks a rule."""

    code = "invalid"
    message = ("提交的内容有误。", "The input is not valid.")
    next_step = ("请检查后重新提交。", "Please check it and try again.")


class TooLarge(DomainError):
    """The input is larger than the stated limit."""

    code = "too_large"
    message = ("文件太大。", "The file is too large.")
    next_step = ("请压缩或拆分后再上传。", "Please make it smaller and try again.")


class Unauthenticated(DomainError):
    """Nobody, or nobody we know, is calling."""

    code = "unauthenticated"
    message = ("请先登录。", "Please log in first.")
    next_step = ("登录后重试。", "Log in and try again.")


class Forbidden(DomainError):
    """The caller is known and may not do this."""

    code = "forbidden"
    message = ("您没有权限进行此操作。", "You may not do this.")
    next_step = ("请联系企业的法定代表人或管理员。", "Ask the company's representative.")


class NotFound(DomainError):
    """It does not exist, or the caller may not see it."""

    code = "not_found"
    message = ("没有找到您要的内容。", "Not found.")
    next_step = ("请返回后重新选择。", "Go back and choose again.")


class Conflict(DomainError):
    """The state of things forbids it now."""

    code = "conflict"
    message = ("当前状态不允许此操作。", "The present state does not allow this.")
    next_step = ("请刷新页面查看最新状态。", "Reload to see the present state.")


class Gone(DomainError):
    """It was here, and its time has passed."""

    code = "gone"
    message = ("已过期。", "It has expired.")
    next_step = ("请重新发起。", "Please start again.")


class TooMany(DomainError):
    """A stated limit was passed; `retry_after` (seconds) says when to come back."""

    code = "too_many_requests"
    message = ("操作太频繁。", "Too many requests.")
    next_step = ("请稍后再试。", "Please wait and try again.")


class Unavailable(DomainError):
    """An outside service or a store is down; nothing was changed.

    `concerns_all` is False when the service is well and refused this caller alone.
    """

    concerns_all = True

    code = "unavailable"
    message = ("服务暂时不可用。", "The service is not available for the moment.")
    next_step = ("请稍后再试，您的内容没有丢失。", "Please try again later; nothing was lost.")


def spoken(problem: DomainError) -> dict[str, Any]:
    """An error as a row can keep it: code and both languages."""
    return {
        "code": problem.code,
        "message": list(problem.message),
        "next_step": list(problem.next_step),
    }
