"""One account at Tencent, and what its calls do."""

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from standins.wechat.clock import machine

# A face check that nobody has made yet, and one that was passed (code table of the face service).
UNFINISHED, PASSED = 17, 0

Body = dict[str, Any]


class Refusal(Exception):
    """What Tencent calls an Error: `code` is its name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Fault:
    """A trouble for the next `times` calls: an error's name, a page of HTML with this status, a cut
    connection, a silence of so many seconds, bytes that drip without end, or this very answer,
    said to be of that `kind`.
    """

    times: int = 1
    code: str = ""
    html: int = 0
    cut: bool = False
    wait: float = 0.0
    drip: bool = False
    answer: Any = None
    kind: str = "application/json"


@dataclass
class FaceCheck:
    """A check that was begun, and what the person in front of the phone did."""

    id_number: str
    name: str
    back_url: str
    outcome: int = UNFINISHED
    likeness: str = "0.00"


@dataclass
class World:
    """One account at Tencent: its key, what its console approved, and what it was asked."""

    secret_id: str
    secret_key: str
    sms_app: str = "1400000001"
    sign: str = "桂印"
    templates: dict[str, int] = field(default_factory=dict)
    rule: str = "1"
    refused_numbers: dict[str, str] = field(default_factory=dict)
    sent: list[Body] = field(default_factory=list)
    faces: dict[str, FaceCheck] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    now: Callable[[], float] = machine
    address: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def show_face(self, token: str, outcome: int = PASSED, likeness: str = "97.50") -> None:
        """The person has looked into the camera."""
        self.faces[token].outcome, self.faces[token].likeness = outcome, likeness

    def next_fault(self) -> Fault | None:
        if not self.faults:
            return None
        fault = self.faults[0]
        fault.times -= 1
        if fault.times < 1:
            self.faults.pop(0)
        return fault


def send_sms(world: World, body: Body) -> Body:
    """SendSms, 2021-01-11; one number at a time."""
    if body.get("SmsSdkAppId") != world.sms_app:
        raise Refusal("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
    if body.get("SignName") != world.sign:
        raise Refusal("FailedOperation.SignatureIncorrectOrUnapproved")
    if body.get("TemplateId") not in world.templates:
        raise Refusal("FailedOperation.TemplateIncorrectOrUnapproved")
    params = body.get("TemplateParamSet", [])
    if len(params) != world.templates[body["TemplateId"]]:
        raise Refusal("FailedOperation.TemplateParamSetNotMatchApprovedTemplate")
    (number,) = body["PhoneNumberSet"]
    if not re.fullmatch(r"\+861\d{10}", number):
        raise Refusal("InvalidParameterValue.IncorrectPhoneNumber")
    verdict = world.refused_numbers.get(number, "Ok")
    serial = f"5000:{uuid.uuid4().int % 10**20}" if verdict == "Ok" else ""
    if serial:
        world.sent.append({"phone": number, "template": body["TemplateId"], "params": params})
    status = {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 1,
        "Code": verdict,
        "Message": verdict,
    }
    return {"SendStatusSet": [status]}


def detect_auth(world: World, body: Body) -> Body:
    """DetectAuth, 2018-03-01."""
    if body.get("RuleId") != world.rule:
        raise Refusal("InvalidParameterValue.RuleIdNotExist")
    number, name = body.get("IdCard"), body.get("Name")
    if not name or not re.fullmatch(r"\d{17}[\dX]", number or ""):
        raise Refusal("InvalidParameter")
    token = str(uuid.uuid4()).upper()
    world.faces[token] = FaceCheck(str(number), str(name), str(body.get("RedirectUrl", "")))
    return {"Url": f"{world.address}/face?token={token}", "BizToken": token}


def get_detect_info_enhanced(world: World, body: Body) -> Body:
    """GetDetectInfoEnhanced, 2018-03-01; texts alone are given out."""
    face = world.faces.get(str(body.get("BizToken")))
    if face is None:
        raise Refusal("InvalidParameterValue.BizTokenIllegal")
    if body.get("RuleId") != world.rule:
        raise Refusal("InvalidParameterValue.RuleIdNotExist")
    if body.get("InfoType") != "1":
        raise Refusal("OperationDenied")
    text = {
        "ErrCode": face.outcome,
        "ErrMsg": "",
        "IdCard": face.id_number,
        "Name": face.name,
        "Sim": face.likeness,
    }
    return {"Text": text}


# Service, version and action, as the headers name them.
ACTIONS: Final[dict[tuple[str, str, str], Callable[[World, Body], Body]]] = {
    ("sms", "2021-01-11", "SendSms"): send_sms,
    ("faceid", "2018-03-01", "DetectAuth"): detect_auth,
    ("faceid", "2018-03-01", "GetDetectInfoEnhanced"): get_detect_info_enhanced,
}
