"""Tokens, login, phone numbers, codes, links and texts: one function for each of WeChat's calls."""

import io
import secrets
import string
from base64 import b64encode
from typing import Any, Final

from PIL import Image

from standins.wechat.refusals import Refusal, new_rid
from standins.wechat.world import World, session_signature

Query = dict[str, str]
Body = dict[str, Any]
SCENE: Final = {*string.ascii_letters, *string.digits, *"!#$&'()*+,/:;=?@-._~"}
QUERY: Final = SCENE | {"%"}
LONGEST_LINK_DAYS: Final = 30
DAY: Final = 86_400
# The graver verdict has the greater number here; WeChat's labels say what was found.
LABELS: Final = {"pass": 100, "review": 10001, "risky": 20006}
OK: Final = {"errcode": 0, "errmsg": "ok"}


def token(world: World, query: Query, _body: Body) -> Body:
    """GET /cgi-bin/token."""
    _check_app(world, query)
    world.hit("token", "", 45009)
    fresh, life = world.tokens.give_legacy(world.clock.now())
    return {"access_token": fresh, "expires_in": life}


def stable_token(world: World, _query: Query, body: Body) -> Body:
    """POST /cgi-bin/stable_token."""
    _check_app(world, body)
    world.hit("stable_token", "", 45009)
    force = body.get("force_refresh") is True
    fresh, life = world.tokens.give_stable(world.clock.now(), force=force)
    return {"access_token": fresh, "expires_in": life}


def _check_app(world: World, asked: dict[str, Any]) -> None:
    if asked.get("grant_type") != "client_credential":
        raise Refusal(40097)
    if asked.get("appid") != world.app.appid:
        raise Refusal(40013)
    if not secrets.compare_digest(str(asked.get("secret")), world.app.secret):
        raise Refusal(40125)
    if not world.ip_allowed:
        raise Refusal(40164)


def jscode2session(world: World, query: Query, _body: Body) -> Body:
    """GET /sns/jscode2session; the answer carries no errcode."""
    if query.get("appid") != world.app.appid:
        raise Refusal(40013)
    if not secrets.compare_digest(query.get("secret", ""), world.app.secret):
        raise Refusal(40125)
    if query.get("grant_type") != "authorization_code":
        raise Refusal(40097)
    code = world.spend("login", query.get("js_code"))
    world.hit("login", code.user, 45011)
    if code.user in world.risky_users:
        raise Refusal(40226)
    openid = world.openid(code.user)
    key = world.session_keys[openid] = b64encode(secrets.token_bytes(16)).decode()
    union = {"unionid": world.unionid(code.user)} if world.has_unionid else {}
    return {"session_key": key, "openid": openid, **union}


def checksession(world: World, query: Query, _body: Body) -> Body:
    """GET /wxa/checksession."""
    openid = query.get("openid", "")
    world.known(openid)
    made = session_signature(world.session_keys.get(openid, ""))
    if query.get("sig_method") != "hmac_sha256" or not secrets.compare_digest(
        query.get("signature", ""), made
    ):
        raise Refusal(87009)
    return OK


def getuserphonenumber(world: World, _query: Query, body: Body) -> Body:
    """POST /wxa/business/getuserphonenumber."""
    code = world.spend("phone", body.get("code"))
    abroad = code.phone.startswith("+")
    country, pure = (code.phone[1:3], code.phone[3:]) if abroad else ("86", code.phone)
    mark = {"timestamp": int(world.clock.now()), "appid": world.app.appid}
    info = {
        "phoneNumber": code.phone,
        "purePhoneNumber": pure,
        "countryCode": country,
        "watermark": mark,
    }
    return {**OK, "phone_info": info}


def getwxacodeunlimit(world: World, _query: Query, body: Body) -> bytes:
    """POST /wxa/getwxacodeunlimit; a picture."""
    world.hit("qr_code", "", 45009)
    scene, page = body.get("scene"), body.get("page", "")
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise Refusal(40169)
    if not set(scene) <= SCENE:
        raise Refusal(40129)
    width = body.get("width", 430)
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "width")
    if body.get("env_version", "release") not in ("release", "trial", "develop"):
        raise Refusal(40097, "env_version")
    if body.get("check_path", True) and page and not world.is_page(page):
        raise Refusal(41030)
    picture = io.BytesIO()
    Image.new("L", (width, width), 255).save(picture, "JPEG")
    return picture.getvalue()


def generate_urllink(world: World, _query: Query, body: Body) -> Body:
    """POST /wxa/generate_urllink."""
    return {**OK, "url_link": f"https://wxaurl.cn/{_link(world, body, body)}"}


def generatescheme(world: World, _query: Query, body: Body) -> Body:
    """POST /wxa/generatescheme."""
    jump = body.get("jump_wxa") or {}
    return {**OK, "openlink": f"weixin://dl/business/?t={_link(world, jump, body)}"}


def _link(world: World, target: Body, life: Body) -> str:
    world.hit("link", "", 45009)
    path, query = target.get("path", ""), target.get("query", "")
    if path and not world.is_page(path):
        raise Refusal(40165)
    if not isinstance(query, str) or len(query) > 1024 or not set(query) <= QUERY:
        raise Refusal(40212)
    now, kind = world.clock.now(), life.get("expire_type", 0)
    if kind == 0:
        days = (life.get("expire_time") or 0) - now
        good = 0 < days <= LONGEST_LINK_DAYS * DAY
    else:
        good = kind == 1 and life.get("expire_interval") in range(1, LONGEST_LINK_DAYS + 1)
    if not good:
        raise Refusal(85401)
    return secrets.token_urlsafe(8)


def msg_sec_check(world: World, _query: Query, body: Body) -> Body:
    """POST /wxa/msg_sec_check, version 2: the errcode is 0 whatever the verdict."""
    world.hit("text", "", 45009)
    content = body.get("content")
    if body.get("version") != 2 or body.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40097)
    if not isinstance(content, str) or not 1 <= len(content) <= 2500:
        raise Refusal(40097, "content")
    world.known(body.get("openid"))
    found = {verdict for word, verdict in world.words.items() if word in content}
    suggest = max(found, key=lambda one: LABELS.get(one, 0), default="pass")
    verdict = {"suggest": suggest, "label": LABELS.get(suggest, 0)}
    detail = [{"strategy": "content_model", "errcode": 0, **verdict, "prob": 90}]
    return {**OK, "result": verdict, "detail": detail, "trace_id": new_rid(world.clock.now())}
