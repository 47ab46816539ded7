"""Reviewers: made by a command, let in by counted tries, out after thirty idle minutes."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from server import cli
from server.core.audit import AuditRow
from server.core.db import Database
from server.reviewers import service
from server.reviewers.errors import (
    ReviewerLocked,
    ReviewerLoginNeeded,
    SamePassword,
    WrongReviewerPassword,
)
from server.reviewers.models import Reviewer, ReviewerSession
from tests.factories.product import Product
from tests.factories.review_desk import LOGIN, ONE_TIME, OWN, make_reviewer
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together


@pytest.fixture
def db(product: Product) -> Database:
    make_reviewer(product)
    return product.parts.db


def come_in(db: Database, password: str = ONE_TIME) -> str:
    given = service.check_password(db, LOGIN, password)
    with db.begin() as uow:
        return service.log_in(uow, given)


def found(db: Database, token: str) -> tuple[Reviewer, ReviewerSession]:
    with db.read() as uow:
        return service.by_token(uow, token)


def set_own(db: Database, token: str, password: str = OWN) -> None:
    reviewer, session = found(db, token)
    digest = service.prepare_password(reviewer, password)
    with db.begin() as uow:
        service.set_password(uow, session, digest)


@pytest.mark.row("S-24", "S-44")
def test_passwords_and_tokens_are_kept_as_digests(db: Database) -> None:
    token = come_in(db)
    with db.read() as uow:
        kept = [*uow.session.scalars(select(Reviewer.password_digest))]
        kept += uow.session.scalars(select(ReviewerSession.token_digest))
    assert kept[0].startswith("$argon2id$")
    assert not any(secret in one for one in kept for secret in (ONE_TIME, token))


@pytest.mark.row("S-24")
def test_a_password_that_was_replaced_while_it_was_judged_lets_nobody_in(db: Database) -> None:
    given = service.check_password(db, LOGIN, ONE_TIME)
    with db.begin() as uow:
        service.create(uow, login=LOGIN, name="谭审核", digest="another")
    with db.begin() as uow, pytest.raises(WrongReviewerPassword):
        service.log_in(uow, given)


def test_five_wrong_passwords_lock_a_name_whether_it_exists_or_not(
    db: Database, clock: FakeClock
) -> None:
    for login in (LOGIN, "nobody"):
        for _ in range(5):
            with pytest.raises(WrongReviewerPassword):
                service.check_password(db, login, "wrong")
        with pytest.raises(ReviewerLocked):
            service.check_password(db, login, ONE_TIME)
    clock.advance(minutes=15)
    come_in(db)


@pytest.mark.row("S-21")
def test_of_sixteen_guesses_at_once_five_are_looked_at(db: Database) -> None:
    outcomes = together([lambda: service.check_password(db, LOGIN, "wrong")] * 16)

    assert sum(isinstance(one, WrongReviewerPassword) for one in outcomes) == 5
    assert sum(isinstance(one, ReviewerLocked) for one in outcomes) == 11


def test_the_right_password_starts_the_count_anew(db: Database) -> None:
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(WrongReviewerPassword):
                service.check_password(db, LOGIN, "wrong")
        come_in(db)


def test_thirty_idle_minutes_end_a_login_and_work_keeps_it_open(
    db: Database, clock: FakeClock
) -> None:
    token = come_in(db)
    for _ in range(3):
        clock.advance(minutes=29)
        service.touch(db, found(db, token)[1])
    clock.advance(minutes=30)
    with pytest.raises(ReviewerLoginNeeded):
        found(db, token)


def test_no_work_keeps_a_login_open_for_more_than_twelve_hours(
    db: Database, clock: FakeClock
) -> None:
    token = come_in(db)
    for _ in range(35):
        clock.advance(minutes=20)
        service.touch(db, found(db, token)[1])
    clock.advance(minutes=20)
    with pytest.raises(ReviewerLoginNeeded):
        found(db, token)


def test_the_printed_password_is_good_for_seven_days_and_not_for_ones_own(
    db: Database, clock: FakeClock
) -> None:
    token = come_in(db)
    assert found(db, token)[0].needs_own_password
    with pytest.raises(SamePassword):
        set_own(db, token, ONE_TIME)
    clock.advance(days=7)
    with pytest.raises(WrongReviewerPassword):
        come_in(db)


def test_a_password_of_ones_own_ends_the_other_logins_and_the_printed_one(db: Database) -> None:
    other, mine = come_in(db), come_in(db)
    set_own(db, mine)

    assert not found(db, mine)[0].needs_own_password
    with pytest.raises(ReviewerLoginNeeded):
        found(db, other)
    with pytest.raises(WrongReviewerPassword):
        come_in(db)
    come_in(db, OWN)


@pytest.mark.row("S-49")
def test_who_is_disabled_is_out_at_once(db: Database) -> None:
    token = come_in(db)
    with db.begin() as uow:
        assert service.disable(uow, LOGIN)
        assert not service.disable(uow, "nobody")
    with pytest.raises(ReviewerLoginNeeded):
        found(db, token)
    with pytest.raises(WrongReviewerPassword):
        come_in(db)


@pytest.mark.row("S-49")
def test_a_login_counts_for_nothing_where_its_reviewer_is_disabled(db: Database) -> None:
    token = come_in(db)
    with db.begin() as uow:
        uow.session.scalars(select(Reviewer)).one().disabled_at = uow.now
    with pytest.raises(ReviewerLoginNeeded):
        found(db, token)


def test_who_is_made_again_gets_another_password_and_an_open_lock(product: Product) -> None:
    db = product.parts.db
    first = make_reviewer(product)
    token = come_in(db)
    set_own(db, token)
    for _ in range(5):
        with pytest.raises(WrongReviewerPassword):
            service.check_password(db, LOGIN, "wrong")

    assert make_reviewer(product) == first
    with pytest.raises(ReviewerLoginNeeded):
        found(db, token)
    assert found(db, come_in(db))[0].needs_own_password


def test_each_step_is_on_record(db: Database) -> None:
    token = come_in(db)
    set_own(db, token)
    session_id = found(db, token)[1].id
    with db.begin() as uow:
        service.log_out(uow, session_id)
    with db.read() as uow:
        wanted = select(AuditRow.event).where(AuditRow.event.startswith("reviewer."))
        events = uow.session.scalars(wanted.order_by(AuditRow.seq)).all()
    assert events == [
        "reviewer.password_issued",
        "reviewer.logged_in",
        "reviewer.password_set",
        "reviewer.logged_out",
    ]


def test_logins_that_are_long_over_are_forgotten(db: Database, clock: FakeClock) -> None:
    come_in(db)
    clock.advance(hours=23)
    kept = come_in(db)
    clock.advance(hours=1)
    with db.begin() as uow:
        service.sweep(uow)
        left = uow.session.scalars(select(ReviewerSession.id)).all()
    with pytest.raises(ReviewerLoginNeeded):
        found(db, kept)
    assert len(left) == 1


@pytest.fixture
def run(product: Product, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command, on this product's stores."""
    settings = product.parts.settings
    monkeypatch.setenv("GUIYIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GUIYIN_PUBLIC_URL", settings.public_url)
    monkeypatch.setenv("GUIYIN_MASTER_KEY", settings.master_key.get_secret_value())
    monkeypatch.setenv("GUIYIN_LINK_KEY", settings.link_key.get_secret_value())
    return lambda *arguments: cli.main(list(arguments))


def test_the_command_prints_a_password_once_and_refuses_a_name_nobody_can_type(
    product: Product, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("create-reviewer", "--login", "lan.y", "--name", "蓝审核") == 0
    printed = capsys.readouterr().out.split()[-1]
    assert service.check_password(product.parts.db, "lan.y", printed)
    assert run("disable-reviewer", "--login", "lan.y") == 0
    with pytest.raises(WrongReviewerPassword):
        service.check_password(product.parts.db, "lan.y", printed)
    assert run("disable-reviewer", "--login", "nobody") == 1
    with pytest.raises(SystemExit):
        run("create-reviewer", "--login", "Lan Y", "--name", "蓝审核")
