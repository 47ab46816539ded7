"""Face recognition: a proof for one person and one purpose."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from server.core.errors import Unavailable


class FaceUnavailable(Unavailable):
    """The recognition service does not answer; the person may prove himself another way."""

    code = "face_unavailable"
    message = ("人脸核验暂时无法使用。", "Face recognition is not available for the moment.")
    next_step = ("请稍后再试，或改用短信验证码。", "Try again later, or use an SMS code.")


@dataclass(frozen=True)
class FacePerson:
    """Whose face is expected; the ID number stays out of logs and tracebacks."""

    account_id: str
    name: str
    id_number: str = field(repr=False)


@dataclass(frozen=True)
class FaceResult:
    """All that is kept of a check: no picture (rules on face recognition, 2025-06).

    `score` is the likeness from 0 to 100 as the service reports it.
    """

    passed: bool
    result_id: str
    score: float


class Face(Protocol):
    """Asks the person in front of the phone to show that he is who he says."""

    development_only: ClassVar[bool]

    def check(self, person: FacePerson, purpose: str) -> FaceResult:
        """One check for one purpose; a failed check is a result. Raises FaceUnavailable."""
        ...
