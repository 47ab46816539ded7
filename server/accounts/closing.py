"""Closing an account (P-38): what is still open stands in the way, what the law keeps is said.

Packages above this one know more of a person: each hands in a `Tie`, and `server/persons.py` puts
them together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from server.accounts import fresh_proofs, login, sessions
from server.accounts.errors import AccountInUse
from server.accounts.fresh_proofs import CLOSE_ACCOUNT, FreshProof
from server.accounts.models import (
    Account,
    AccountSession,
    FaceCheck,
    Identity,
    Level,
    Subscription,
)
from server.accounts.notice_models import Notice, TextMessage
from server.core import audit
from server.core.db import UnitOfWork

# What stays after an account was closed, and why; shown before anybody closes his.
KEPT: tuple[tuple[str, str], ...] = (
    (
        "已签署的文件和印章使用记录（含签署人姓名），供企业和相关方查验。",
        "Signed documents and the register of uses with the signer's name, for those who rely on "
        "them.",
    ),
    (
        "数字证书的签发记录，自证书失效之日起至少保存五年（《电子签名法》第二十四条）。",
        "Records of issued certificates, for at least five years after they end (Electronic "
        "Signature Law, article 24).",
    ),
    (
        "操作日志和登录日志，不少于六个月（《网络安全法》）。",
        "Logs of operations and logins, for at least six months (Cybersecurity Law).",
    ),
    (
        "您同意和撤回各项协议的日期与版本。",
        "The dates and versions of what you agreed to and withdrew.",
    ),
)
REMOVED: tuple[str, str] = (
    "手机号、证件类型和号码、登录密码、第三方账号绑定、人脸核验记录、消息将被删除，且无法恢复。",
    "Phone, document, password, bound accounts, face checks and messages are deleted for good.",
)


@dataclass(frozen=True)
class Obstacle:
    """Something open that stands in the way; `count` of its kind, `words` zh and en."""

    kind: str
    count: int
    words: tuple[str, str]


@dataclass(frozen=True)
class Tie:
    """How another package holds on to a person.

    `obstacles` says what is open. `let_go` ends what ends with the account, and says whether
    records stay that have to name him.
    """

    obstacles: Callable[[UnitOfWork, str], Sequence[Obstacle]]
    let_go: Callable[[UnitOfWork, str], bool]


def obstacles(uow: UnitOfWork, account_id: str, ties: Sequence[Tie]) -> list[Obstacle]:
    """What stands in the way of closing; empty when nothing does."""
    return [one for tie in ties for one in tie.obstacles(uow, account_id)]


def close(uow: UnitOfWork, session: AccountSession, proof: FreshProof, ties: Sequence[Tie]) -> None:
    """Close the account: every session ends, and nothing finds the person by it any more.

    Its phone and document can make a new account. Raises what `fresh_proofs.spend` does, and
    AccountInUse with the obstacles.
    """
    account = fresh_proofs.spend(uow, session, proof, CLOSE_ACCOUNT)
    in_the_way = obstacles(uow, account.id, ties)
    if in_the_way:
        raise AccountInUse(obstacles=[_shown(one) for one in in_the_way])
    names_him = [tie.let_go(uow, account.id) for tie in ties]
    ended = sessions.end_all(uow, account.id)
    login.forget_tries(uow, account)
    _erase(uow, account, keep_name=any(names_him))
    told = {"sessions_ended": ended}
    audit.record(uow, "account.closed", actor=account.id, subject=account.id, **told)


def _erase(uow: UnitOfWork, account: Account, *, keep_name: bool) -> None:
    mine = select(Identity.id).where(Identity.account_id == account.id)
    uow.session.execute(delete(Subscription).where(Subscription.identity_id.in_(mine)))
    uow.session.execute(delete(Identity).where(Identity.account_id == account.id))
    uow.session.execute(delete(Notice).where(Notice.account_id == account.id))
    _forget_texts(uow, account.id)
    uow.session.execute(delete(FaceCheck).where(FaceCheck.account_id == account.id))
    account.phone_index = account.phone_sealed = None
    account.id_number_index = account.id_number_sealed = None
    account.document_type = account.password_digest = ""
    account.name = account.name if keep_name else ""
    account.level, account.closed_at = Level.PHONE, uow.now


def _forget_texts(uow: UnitOfWork, account_id: str) -> None:
    """What was to go to his phone is gone; what he had sent to others goes on without him."""
    uow.session.execute(delete(TextMessage).where(TextMessage.account_id == account_id))
    asked = update(TextMessage).where(TextMessage.asker_id == account_id)
    uow.session.execute(asked.values(asker_id=None))


def _shown(one: Obstacle) -> dict[str, object]:
    return {"kind": one.kind, "count": one.count, "zh": one.words[0], "en": one.words[1]}
