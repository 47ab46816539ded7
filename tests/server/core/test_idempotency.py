"""A repeated request is answered with what the first one made; another body is refused."""

import pytest
from sqlalchemy.exc import IntegrityError

from server.core.db import Database, UnitOfWork
from server.core.idempotency import KeyReused, Once, body_digest, made_before, remember
from server.core.ids import new_id
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon

BODY = {"title": "施工许可", "pages": [1, 2]}
ONCE = Once("documents:par-1", "k-1", body_digest(BODY))


def make(db: Database, once: Once = ONCE) -> str:
    """What every such route does: look, make, remember, in one transaction."""
    with db.begin() as uow:
        if made := made_before(uow, once):
            return made
        made = new_id("doc")
        remember(uow, once, made)
        return made


@pytest.mark.row("R-12")
def test_the_same_key_and_body_give_what_was_made_first(db: Database) -> None:
    assert make(db) == make(db)


@pytest.mark.row("R-12")
def test_ten_requests_at_once_make_one_thing(db: Database) -> None:
    assert len(set(together([lambda: make(db)] * 10))) == 1


@pytest.mark.row("S-41")
def test_the_same_key_with_another_body_is_refused(db: Database) -> None:
    make(db)
    with pytest.raises(KeyReused):
        make(db, Once(ONCE.scope, ONCE.key, body_digest({**BODY, "title": "x"})))


def test_a_key_belongs_to_its_sender_and_purpose(db: Database) -> None:
    assert make(db) != make(db, Once("documents:par-2", ONCE.key, ONCE.digest))


def test_without_a_key_each_request_makes_its_own(db: Database) -> None:
    unnumbered = Once(ONCE.scope, None, ONCE.digest)
    assert make(db, unnumbered) != make(db, unnumbered)


def test_a_key_is_kept_only_with_what_it_made(db: Database) -> None:
    with pytest.raises(Broken):
        abandon(db, lambda uow: remember(uow, ONCE, "doc-1"))
    with db.read() as uow:
        assert made_before(uow, ONCE) is None


def test_the_database_itself_refuses_a_key_twice(db: Database) -> None:
    def twice(uow: UnitOfWork) -> None:
        remember(uow, ONCE, "doc-1")
        remember(uow, ONCE, "doc-2")

    with pytest.raises(IntegrityError):
        abandon(db, twice)


def test_the_order_of_fields_makes_no_other_body() -> None:
    assert body_digest(BODY) == body_digest(dict(reversed(BODY.items())))


def test_a_body_with_half_a_character_has_a_digest_too() -> None:
    assert body_digest({"title": "\ud800"}) != body_digest({"title": "\ud801"})
