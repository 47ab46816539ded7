"""Faces by Tencent Cloud: a page of its own shows the way (DetectAuth), and its answer to us is the
proof (GetDetectInfoEnhanced, 2018-03-01). No picture is asked for.
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, ClassVar, Final
from urllib.parse import urljoin, urlsplit

from server.providers.face import FacePerson, FaceResult, FaceStarted, FaceUnavailable, Outcome
from server.providers.tencent import TencentAccount, TencentFailed, TencentService

LIFE_S: Final = 7200
TEXTS_ONLY: Final = "1"
PASSED, UNFINISHED = 0, 17
# The check is not one of ours, or is older than what Tencent keeps.
UNKNOWN: Final = ("InvalidParameterValue.BizToken",)
RESULT_ID: Final = 64


@dataclass(frozen=True)
class TencentRule:
    """A flow as set up in Tencent's console, and for which of our document types it is meant.

    `site` is our own address, to which the page leads back.
    """

    rule_id: str
    documents: frozenset[str]
    site: str


class TencentFace:
    """See Face."""

    development_only: ClassVar[bool] = False

    def __init__(self, account: TencentAccount, rule: TencentRule) -> None:
        self._rule = rule
        self._service = TencentService(account, "faceid")
        self._scheme = urlsplit(account.base).scheme or "https"

    def supports(self, person: FacePerson) -> bool:
        """Documents of the rule, on every client that shows pages."""
        return person.document_type in self._rule.documents

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        """See Face.start. `back_url` may be a path of ours."""
        asked = {
            "RuleId": self._rule.rule_id,
            "IdCard": person.id_number,
            "Name": person.name,
            "RedirectUrl": urljoin(self._rule.site, back_url),
        }
        try:
            answer = self._service.ask("DetectAuth", asked)
        except TencentFailed:
            raise FaceUnavailable from None
        url, token = answer.get("Url"), answer.get("BizToken")
        if not isinstance(url, str) or not isinstance(token, str) or not token:
            raise FaceUnavailable
        # The person is sent there: nothing but a page by this way of carrying it.
        if urlsplit(url).scheme != self._scheme or not urlsplit(url).hostname:
            raise FaceUnavailable
        return FaceStarted(token, url, LIFE_S)

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        """See Face.result. A result for another name or number has failed."""
        asked = {"BizToken": reference, "RuleId": self._rule.rule_id, "InfoType": TEXTS_ONLY}
        try:
            text = self._service.ask("GetDetectInfoEnhanced", asked).get("Text")
        except TencentFailed as error:
            if error.code.startswith(UNKNOWN):
                return FaceResult(Outcome.FAILED, "", None)
            raise FaceUnavailable from None
        if not isinstance(text, dict):
            raise FaceUnavailable
        return _read(text, reference, person)

    def close(self) -> None:
        """End the connections."""
        self._service.close()


def _read(text: dict[str, Any], reference: str, person: FacePerson) -> FaceResult:
    verdict = text.get("ErrCode")
    if verdict is None or verdict == UNFINISHED:
        return FaceResult(Outcome.PENDING, "", None)
    passed = verdict == PASSED and _is_of(person, text)
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return FaceResult(outcome, reference[:RESULT_ID], _likeness(text))


def _is_of(person: FacePerson, text: dict[str, Any]) -> bool:
    """Whether the check that was passed is this person's, and not one begun for another."""
    said = f"{text.get('Name')} {text.get('IdCard')}"
    return compare_digest(said.encode(), f"{person.name} {person.id_number}".encode())


def _likeness(text: dict[str, Any]) -> float | None:
    try:
        return min(100.0, max(0.0, float(text["Sim"])))
    except (KeyError, TypeError, ValueError):
        return None
