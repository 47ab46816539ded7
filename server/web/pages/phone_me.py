"""我的: who is logged in here, and the way to all that concerns his account (P-38)."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import render_template

from server.accounts import sessions
from server.accounts.models import Account, Level, mask_phone
from server.accounts.phones import open_phone
from server.certificates.queries import held_by
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.runtime import runtime
from server.web.identity import Person, current_person
from server.web.pages.phone_identities import bindings_of
from server.web.pages.roles import only_company
from server.web.words import say

bp = APIBlueprint("phone_me", __name__, url_prefix="/m/me", enable_openapi=False)

LEVEL_WORDS = {Level.PHONE: "未实名", Level.DECLARED: "实名待核验", Level.PROVEN: "已实名"}


@bp.get("")
def me() -> str:
    """我的: the account, its safety, language, large text, help, hotline, leaving."""
    person = current_person()
    own = only_company(person)
    with runtime().db.read() as uow:
        context = {
            "logins": len(sessions.in_reach(uow, person.session)),
            "bindings": [] if own else _bindings(uow, person),
            "certified": held_by(uow, person.account.id) is not None,
            "company": uow.session.get_one(Enterprise, own) if own else None,
        }
    return render_template("phone/me.html", person=shown_person(person), **context)


def _bindings(uow: UnitOfWork, person: Person) -> list[dict[str, Any]]:
    found = bindings_of(uow, person.account.id)
    return [{**asdict(one), "name": say(one.name)} for one in found]


def shown_person(person: Person) -> dict[str, str]:
    """Name, level and phone as this person's own pages show them: enough to recognise."""
    account = person.account
    return {
        "name": account.masked_name,
        "level": level_word(person),
        "level_code": account.level,
        "phone": masked_phone_of(account),
        "password": "set" if account.password_digest else "",
    }


def level_word(person: Person) -> str:
    """已实名, 实名待核验 or 未实名, in the reader's language."""
    return say(LEVEL_WORDS[Level(person.account.level)])


def masked_phone_of(account: Account) -> str:
    """`139****0001`, or nothing where no phone is bound."""
    if account.phone_sealed is None:
        return ""
    return mask_phone(open_phone(runtime().code_desk.keys, account.id, account.phone_sealed))
