"""The maker of electronic seals (制章者): vouches for a seal's words, picture and signers."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from server.core.errors import Unavailable


class SealMakerUnavailable(Unavailable):
    """The maker does not answer; asking again is safe."""

    code = "seal_maker_unavailable"
    message = ("电子印章制作服务暂时不可用。", "The maker of seals is not available.")
    next_step = ("申请已保留，稍后会自动重试。", "The request is kept and will be tried again.")


@dataclass(frozen=True)
class MakerSignature:
    """The maker's certificate (DER), and his SM2 signature (DER) over the SES_SealInfo."""

    certificate: bytes
    value: bytes


class SealMaker(Protocol):
    """Every call may raise SealMakerUnavailable."""

    development_only: ClassVar[bool]

    def sign(self, info: bytes) -> MakerSignature:
        """Sign an SES_SealInfo (DER) as it is (GB/T 38540-2020 6.3)."""
        ...

    def roots(self) -> list[bytes]:
        """DER of the roots that stand for this maker."""
        ...
