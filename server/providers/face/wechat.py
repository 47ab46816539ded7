"""Faces inside the mini-program: WeChat's face verification 2.0, for mainland identity cards."""

import secrets
from typing import ClassVar, Final

from server.providers.face import FacePerson, FaceResult, FaceStarted, FaceUnavailable, Outcome
from server.providers.wechat import WeChatFace, WeChatRejected, WeChatUnavailable

MAINLAND: Final = "resident_id"
# WeChat knows no such check, its time is over, or it was begun for another person or user.
UNKNOWN: Final = frozenset({84001, 84002, 84003})


class MiniProgramFace:
    """See Face. A reference is our own number of the check and WeChat's, a dot between."""

    development_only: ClassVar[bool] = False

    def __init__(self, wechat: WeChatFace) -> None:
        self._wechat = wechat

    def supports(self, person: FacePerson) -> bool:
        """Mainland cards, and only in the mini-program, which is where an openid comes from."""
        return person.document_type == MAINLAND and bool(person.wechat_openid)

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        """See Face.start. There is no page: the mini-program opens the check by `verify_id`."""
        number = secrets.token_hex(16)
        try:
            started = self._wechat.start_face(
                out_seq_no=number,
                name=person.name,
                id_number=person.id_number,
                openid=person.wechat_openid,
            )
        except (WeChatUnavailable, WeChatRejected):
            raise FaceUnavailable from None
        life = int(started.life.total_seconds())
        return FaceStarted(f"{number}.{started.verify_id}", "", life, started.verify_id)

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        """See Face.result."""
        number, _, verify_id = reference.partition(".")
        if not verify_id or not person.wechat_openid:
            return FaceResult(Outcome.FAILED, "", None)
        try:
            said = self._wechat.face_result(
                verify_id=verify_id,
                out_seq_no=number,
                name=person.name,
                id_number=person.id_number,
                openid=person.wechat_openid,
            )
        except WeChatUnavailable:
            raise FaceUnavailable from None
        except WeChatRejected as refusal:
            if refusal.errcode in UNKNOWN:
                return FaceResult(Outcome.FAILED, "", None)
            raise FaceUnavailable from None
        outcome = Outcome.PASSED if said.passed else Outcome.FAILED
        return FaceResult(outcome, number, None)
