"""What the mini-program is told of whoever has just come in."""

from pydantic import BaseModel

from server.accounts.models import Level
from server.runtime import runtime
from server.web.identity import Person
from server.web.miniprogram.answers import Answer


class AccountOut(BaseModel):
    """`name` is masked; `level` is phone, declared or proven."""

    id: str
    name: str
    level: Level


class Entered(Answer):
    """`session_token` goes into `Authorization: Bearer …`, for `expires_in` seconds at most."""

    session_token: str
    expires_in: int
    account: AccountOut


def entered(token: str, person: Person) -> Entered:
    """The answer to a login, with its token in the clear for this once."""
    left = person.session.expires_at - runtime().clock.now()
    return Entered(
        session_token=token,
        expires_in=max(0, int(left.total_seconds())),
        account=account_out(person),
    )


def account_out(person: Person) -> AccountOut:
    """An account as its own holder sees it."""
    account = person.account
    return AccountOut(id=account.id, name=account.masked_name, level=Level(account.level))
