"""安全记录: what happened to the account, for its owner to look through (P-38)."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request

from server.accounts import security_log
from server.accounts.consents import Agreement
from server.accounts.models import Means
from server.accounts.security_log import WARNINGS, Entry
from server.runtime import runtime
from server.web.identity import current_person
from server.web.language import is_english
from server.web.pages.logins import MEANS_WORDS
from server.web.times import local
from server.web.words import say

bp = APIBlueprint("phone_log", __name__, url_prefix="/m/me/log", enable_openapi=False)

AGREEMENT_WORDS = {
    Agreement.TERMS: "用户注册协议",
    Agreement.PRIVACY: "用户隐私政策",
    Agreement.FACE: "人脸信息处理同意",
    Agreement.ID_NUMBER: "证件号码处理同意",
}
OUTCOME_WORDS = {"passed": "通过", "failed": "未通过"}


@bp.get("")
def log() -> str:
    """A page of it, the newest first; `cursor` names where the next one begins."""
    with runtime().db.read() as uow:
        account_id = current_person().account.id
        page = security_log.entries(uow, account_id, cursor=request.args.get("cursor"))
    entries = [shown_entry(one) for one in page.items]
    return render_template("phone/log.html", entries=entries, more=page.next_cursor)


def shown_entry(entry: Entry) -> dict[str, Any]:
    """One line as a page shows it, in the reader's language."""
    return {
        "at": local(entry.at),
        "words": entry.words[1 if is_english() else 0],
        "details": [say(word) for word in _details(entry) if word],
        "is_warning": entry.event in WARNINGS,
    }


def _details(entry: Entry) -> list[str]:
    told = entry.details
    means = told.get("means", "")
    kind = told.get("kind", "")
    return [
        MEANS_WORDS[Means(means)] if means in set(Means) else "",
        AGREEMENT_WORDS[Agreement(kind)] if kind in set(Agreement) else "",
        OUTCOME_WORDS.get(told.get("outcome", ""), ""),
    ]
