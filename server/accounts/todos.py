"""待办: one thing that waits for a person, found afresh from the tables and gone when it is done.

Each package has `todos(uow, account_id) -> list[Todo]`, and `server/web/pages/notices.py` collects
them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.core.db import UnitOfWork


@dataclass(frozen=True)
class Todo:
    """`words` in Chinese and English, with gaps that `fill` fills; `link`: the phone page.

    `enterprise_id`: the company that it concerns, whose own login sees it too. `ends_at`: after
    which it is too late. `icon` is one of `templates/phone/_icons.html`.
    """

    kind: str
    words: tuple[str, str]
    link: str
    fill: Mapping[str, str] = field(default_factory=dict)
    enterprise_id: str | None = None
    ends_at: datetime | None = None
    icon: str = "clock"


Todos = Callable[[UnitOfWork, str], list[Todo]]
