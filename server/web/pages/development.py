"""Development only: what the doubles of the SMS gateway and of face recognition show."""

from apiflask import APIBlueprint
from flask import render_template

from server.accounts.faces import FacePurpose
from server.core.errors import NotFound
from server.providers.face.local import LocalFace
from server.providers.sms.console import ConsoleSms
from server.runtime import runtime
from server.web.bodies import Body
from server.web.words import say

bp = APIBlueprint("development", __name__, url_prefix="/dev", enable_openapi=False)


@bp.get("/outbox")
def outbox() -> str:
    """The SMS that arrived, newest first."""
    sms = runtime().providers.sms
    if not isinstance(sms, ConsoleSms):
        raise NotFound()
    messages = [{"at": one.sent_at, "phone": one.phone, "text": one.text} for one in sms.messages()]
    return render_template("dev/outbox.html", messages=messages)


class DecisionIn(Body):
    """`passes` is None for who gives up."""

    passes: bool | None = None


PURPOSE_WORDS = {
    FacePurpose.LOGIN: "登录",
    FacePurpose.REAL_NAME: "实名认证",
    FacePurpose.ENTER_COMPANY: "以企业身份办理业务",
    FacePurpose.RESET_PASSWORD: "设置登录密码",
    FacePurpose.CHANGE_PHONE: "更换手机号",
    FacePurpose.CLOSE_ACCOUNT: "注销账号",
    FacePurpose.PERSONAL_DATA: "导出个人信息",
    FacePurpose.INTENT: "意愿认证",
    FacePurpose.CERTIFY: "办理数字证书申请",
    FacePurpose.RESET_PIN: "重新设置签名口令",
}


@bp.get("/face/<token>")
def face(token: str) -> str:
    """Instead of a camera: the outcome of a check is chosen. Unknown checks are not found."""
    about = _double().about(token)
    if about is None:
        raise NotFound()
    purpose = say(PURPOSE_WORDS[FacePurpose(str(about["purpose"]))])
    return render_template("dev/face.html", token=token, name=about["name"], purpose=purpose)


@bp.post("/face/<token>")
@bp.input(DecisionIn, arg_name="body")
def decide_face(token: str, body: DecisionIn) -> dict[str, str]:
    """通过, 不通过 or 放弃; the way back is the one that the check was begun with."""
    double = _double()
    about = double.about(token)
    if about is None:
        raise NotFound()
    if body.passes is not None:
        double.decide(token, passes=body.passes)
    return {"next": str(about["back_url"])}


def _double() -> LocalFace:
    double = runtime().providers.face
    if not isinstance(double, LocalFace):
        raise NotFound()
    return double
