"""The WeChat that is bound to a person in this very mini-program."""

from server.accounts import identities
from server.accounts.models import Identity, IdentityKind
from server.runtime import runtime
from server.web.identity import Person


def bound_wechat(person: Person) -> Identity | None:
    """Its identity, if there is one."""
    appid = runtime().settings.wechat_appid
    with runtime().db.read() as uow:
        bound = identities.bound(uow, person.account.id)
    mine = [one for one in bound if (one.kind, one.app) == (IdentityKind.WECHAT, appid)]
    return mine[0] if mine else None


def openid_of(person: Person) -> str:
    """WeChat's name of the person, which stays on this side; empty without a bound WeChat."""
    found = bound_wechat(person)
    return identities.open_subject(runtime().providers.keys, found) if found else ""
