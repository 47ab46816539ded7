"""Face recognition: a proof for one person and one purpose, in two steps.

The client shows its face to the service; only the service's answer to us is the proof. No picture
comes to us, and none is asked for (rules on face recognition, 2025-06).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final, Protocol

from server.core.errors import Unavailable

# WeChat alone may take 256 characters for its own name of a check.
REFERENCE: Final = 400


class FaceUnavailable(Unavailable):
    """The recognition service does not answer; the person may prove himself another way."""

    code = "face_unavailable"
    message = ("人脸核验暂时无法使用。", "Face recognition is not available for the moment.")
    next_step = ("请稍后再试，或改用短信验证码。", "Try again later, or use an SMS code.")


class Outcome(StrEnum):
    """What the service says of a check."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class FacePerson:
    """Whose face is expected; the ID number stays out of logs and tracebacks.

    `wechat_openid`: of the mini-program's user, which WeChat's own check needs.
    """

    name: str
    document_type: str
    id_number: str = field(repr=False)
    wechat_openid: str = field(default="", repr=False)


@dataclass(frozen=True)
class FaceStarted:
    """A check that waits for a face.

    `reference` is our name of it, at most REFERENCE characters; `url` the page where the face is
    shown, `life_s` how long it waits. Inside the mini-program there is no page: `verify_id` is
    what `wx.requestFacialVerify` takes.
    """

    reference: str
    url: str
    life_s: int
    verify_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class FaceResult:
    """All that is kept of a check. `score` is the likeness from 0 to 100 as the service says;
    None where it says none.
    """

    outcome: Outcome
    result_id: str
    score: float | None


class Face(Protocol):
    """Asks the person in front of the phone to show that he is who he says."""

    development_only: ClassVar[bool]

    def supports(self, person: FacePerson) -> bool:
        """Whether this service can check such a document on such a client."""
        ...

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        """Begin a check; the page at `url` leads to `back_url` when it is over. FaceUnavailable."""
        ...

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        """What came of it; an unknown check has failed. Raises FaceUnavailable."""
        ...
