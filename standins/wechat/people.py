"""Subscribe messages and face verification: what needs a person's consent or face."""

import re
import secrets
from typing import Any, Final

from standins.wechat.calls import OK, Body, Query
from standins.wechat.refusals import Refusal
from standins.wechat.world import Face, World, cert_hash

FACE_LIFE: Final = 3600
KIND: Final = re.compile(r"[a-z_]+?(?=_?\d*$)")
HAN: Final = r"[\u3400-\u4dbf\u4e00-\u9fff]"
MOMENT: Final = r"(\d{4}年\d{1,2}月\d{1,2}日)?( ?\d{1,2}:\d{2}(:\d{2})?)?"
# What WeChat's documentation allows in each kind of field.
FIELDS: Final = {
    "thing": r".{1,20}",
    "number": r"[\d.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "phone_number": r"[\d+\-]{1,17}",
    "amount": r"\D?\d{1,10}(\.\d+)?元?",
    "phrase": rf"{HAN}{{1,5}}",
    "name": r".{1,10}|[\x20-\x7e]{1,20}",
    "date": rf"{MOMENT}(~{MOMENT})?",
    "time": rf"{MOMENT}(~{MOMENT})?",
}


def subscribe_send(world: World, _query: Query, body: Body) -> Body:
    """POST /cgi-bin/message/subscribe/send."""
    openid, template = body.get("touser"), body.get("template_id")
    user = world.known(openid)
    if template not in world.templates:
        raise Refusal(40037)
    page = str(body.get("page") or "")
    if page and not world.is_page(page.partition("?")[0]):
        raise Refusal(41030)
    data = body.get("data")
    _check_fields(world.templates[template], data if isinstance(data, dict) else {})
    if world.consents[user, template] < 1:
        raise Refusal(43101)
    world.consents[user, template] -= 1
    world.sent.append({"user": user, "template": template, "page": page, "data": data})
    return {**OK, "msgid": secrets.randbelow(10**15)}


def _check_fields(names: list[str], data: dict[str, Any]) -> None:
    for name in names:
        given = data.get(name)
        value = given.get("value") if isinstance(given, dict) else None
        if not isinstance(value, str) or not value:
            raise Refusal(47003, f"data.{name}.value is empty")
        kind = KIND.match(name)
        if not re.fullmatch(FIELDS[kind[0] if kind else name], value):
            raise Refusal(47003, f"data.{name}.value invalid")


def getverifyid(world: World, _query: Query, body: Body) -> Body:
    """POST /cityservice/face/identify/getverifyid."""
    user, cert = world.known(body.get("openid")), body.get("cert_info")
    good = isinstance(cert, dict) and cert.get("cert_type") == "IDENTITY_CARD"
    if not good or not body.get("out_seq_no") or not (cert or {}).get("cert_name"):
        raise Refusal(40097)
    number = secrets.token_urlsafe(48)
    face = Face(
        str(body["out_seq_no"]),
        str(body["openid"]),
        cert_hash(cert or {}),
        world.clock.now() + FACE_LIFE,
    )
    face.outcome = world.face_outcomes.get(user, face.outcome)
    world.faces[number] = face
    return {**OK, "verify_id": number, "expires_in": FACE_LIFE}


def queryverifyinfo(world: World, _query: Query, body: Body) -> Body:
    """POST /cityservice/face/identify/queryverifyinfo: other data is an errcode, not a result."""
    face = world.faces.get(str(body.get("verify_id")))
    if face is None:
        raise Refusal(84001)
    if face.ends <= world.clock.now():
        raise Refusal(84002)
    given = (body.get("out_seq_no"), body.get("openid"), body.get("cert_hash"))
    if given != (face.out_seq_no, face.openid, face.cert_hash):
        raise Refusal(84003)
    return {**OK, "verify_ret": face.outcome}
