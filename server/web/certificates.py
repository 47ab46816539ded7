"""What pages and the mini-program share of a personal certificate: bodies, states, acts."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, SecretStr

from server.accounts.fresh_proofs import DOWNLOAD_CERTIFICATE, RESET_PIN, Act
from server.certificates.models import CertificateStatus
from server.certificates.pins import NewPin
from server.certificates.queries import Held
from server.web.bodies import Body

Pin = Annotated[SecretStr, Field(max_length=64)]
Code = Annotated[str, Field(pattern="^[0-9]{6}$")]


class PinIn(Body):
    """A new PIN, typed twice. What is wrong with it the domain says, in words for the person."""

    pin: Pin
    pin_again: Pin

    def typed(self) -> NewPin:
        """The PIN, before a code or an old PIN is tried for it. PinsDiffer, BadPin, PinTooPlain."""
        new = NewPin(self.pin.get_secret_value(), self.pin_again.get_secret_value())
        new.chosen()
        return new


class CertifyIn(PinIn):
    """With the code that came to the bound phone."""

    code: Code


class ChangeIn(PinIn):
    old_pin: Pin


class CertificateState(StrEnum):
    """What is true of a personal certificate now."""

    NONE = "none"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


STATE_WORDS: Final[Mapping[CertificateState, str]] = {
    CertificateState.NONE: "未下载",
    CertificateState.VALID: "有效",
    CertificateState.EXPIRED: "已过期",
    CertificateState.REVOKED: "已吊销",
}
ACTS: Final[Mapping[str, Act]] = {"certificate": DOWNLOAD_CERTIFICATE, "reset_pin": RESET_PIN}
"""What a code for it is asked for."""


def state_of(held: Held | None, now: datetime) -> CertificateState:
    """Where a person's certificate stands."""
    if held is None:
        return CertificateState.NONE
    if held.certificate.status == CertificateStatus.REVOKED:
        return CertificateState.REVOKED
    return CertificateState.VALID if held.certificate.is_good(now) else CertificateState.EXPIRED
