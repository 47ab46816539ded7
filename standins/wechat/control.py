"""`/__ctl/`: makes users, codes, consents, faces and troubles, and tells what was asked."""

from dataclasses import replace
from typing import Any

from standins.wechat.pushing import push
from standins.wechat.world import Fault, World

Asked = dict[str, Any]


def codes(world: World, asked: Asked) -> Asked:
    """A code of `wx.login` (`what` login) or `getPhoneNumber` (phone) for a named user."""
    user, what = str(asked["user"]), asked.get("what", "login")
    code = world.mint(what, user, str(asked.get("phone", "")))
    return {"code": code, "openid": world.openid(user), "unionid": world.unionid(user)}


def face(world: World, asked: Asked) -> Asked:
    """What the person does: for one `verify_id`, or for all later ones of a `user`."""
    outcome = int(asked.get("outcome", 10000))
    if "verify_id" in asked:
        world.faces[asked["verify_id"]].outcome = outcome
    else:
        world.face_outcomes[str(asked["user"])] = outcome
    return {}


def consents(world: World, asked: Asked) -> Asked:
    """A user accepts a template `count` times more; templates are named with their fields."""
    template = str(asked["template"])
    world.templates.setdefault(template, [])
    if "fields" in asked:
        world.templates[template] = list(asked["fields"])
    if "user" in asked:
        world.openid(str(asked["user"]))
        world.consents[str(asked["user"]), template] += int(asked.get("count", 1))
    return {}


def faults(world: World, asked: Asked) -> Asked:
    """Plan a trouble (see Fault); an empty body takes all back."""
    world.faults = [*world.faults, Fault(**asked)] if asked else []
    return {}


def tokens(world: World, asked: Asked) -> Asked:
    """`revoke` or `expire` all access tokens."""
    if asked["do"] == "revoke":
        world.tokens.revoke()
    else:
        world.tokens.expire(world.clock.now())
    return {}


def settings(world: World, asked: Asked) -> Asked:
    """What the console or WeChat has decided: pages, risky users, limits, words, unionid, IP."""
    for name, value in asked.items():
        if name in ("pages", "risky_users"):
            setattr(world, name, None if value is None else set(value))
        elif name in ("has_unionid", "ip_allowed"):
            setattr(world, name, bool(value))
        elif name == "limits":
            world.limits |= {one: (int(most), int(time)) for one, (most, time) in value.items()}
        elif name == "words":
            world.words = dict(value)
        else:
            raise ValueError(f"{name} is no setting")
    return {}


def clock(world: World, asked: Asked) -> Asked:
    """Move the clock by so many seconds."""
    world.clock.shift += float(asked["seconds"])
    return {"now": world.clock.now()}


def calls(world: World, asked: Asked) -> Asked:
    """How often each path was asked; `reset` begins anew."""
    counted = dict(world.calls)
    if asked.get("reset"):
        world.calls.clear()
    return {"calls": counted}


def messages(world: World, _asked: Asked) -> Asked:
    """The subscribe messages that were sent."""
    return {"messages": world.sent}


def pushes(world: World, asked: Asked) -> Asked:
    """Send a push to an address of this machine."""
    return {"answers": push(world, asked)}


def console(world: World, asked: Asked) -> Asked:
    """Set how pushes are signed and sealed."""
    changed = {name: str(asked[name]) for name in ("push_token", "push_aes_key") if name in asked}
    world.app = replace(world.app, **changed)
    return {}


CONTROLS = (
    codes,
    face,
    consents,
    faults,
    tokens,
    settings,
    clock,
    calls,
    messages,
    pushes,
    console,
)
