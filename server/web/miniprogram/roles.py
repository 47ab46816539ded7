"""For whom the mini-program's person may act."""

from pydantic import BaseModel

from server.grants.rights import Right
from server.web.words import say


class RoleOut(BaseModel):
    """`right`: 法定代表人, 管理员 or 经办人, in the caller's language."""

    enterprise_id: str
    name: str
    right: str


def role_out(right: Right) -> RoleOut:
    """A role in the caller's language."""
    return RoleOut(
        enterprise_id=right.enterprise.id, name=right.enterprise.name, right=say(right.name)
    )
