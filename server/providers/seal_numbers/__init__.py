"""The 13-digit numbers of seals (Settled 16): the place's six digits, then a running number."""

from typing import ClassVar, Final, Protocol

from server.core.errors import Unavailable

DIGITS: Final = 13
PLACE_DIGITS: Final = 6


class SealNumbersUnavailable(Unavailable):
    """Who gives the numbers does not answer; asking again with the same request is safe."""

    code = "seal_numbers_unavailable"
    message = ("印章编码服务暂时不可用。", "The numbering of seals is not available.")
    next_step = ("申请已保留，稍后会自动重试。", "The request is kept and will be tried again.")


class SealNumbers(Protocol):
    """Every call may raise SealNumbersUnavailable."""

    development_only: ClassVar[bool]

    def allot(self, request_id: str, place: str) -> str:
        """Thirteen digits that no other request has or will have, beginning with the `place`.

        `place` is a number of GB/T 2260, six digits; ValueError for anything else. The same
        request gets the same number, however often it asks.
        """
        ...
