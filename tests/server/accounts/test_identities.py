"""What another house says of a person opens only the account that he has bound it to (F-08)."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from server.accounts import identities, sessions
from server.accounts.errors import (
    AnotherIdentityBound,
    IdentityNotBound,
    IdentityTaken,
    IdentityTicketRefused,
    LastWayIn,
)
from server.accounts.identities import Assertion
from server.accounts.models import Account, AccountSession, Identity, IdentityKind, Means
from server.core.audit import AuditRow
from server.core.errors import NotFound
from tests.factories.people import BROWSER, NEW_PHONE, OTHER_PHONE, People

WECHAT = Assertion(IdentityKind.WECHAT, "wx-one", "canary-openid-1", "canary-union-1")
OTHER_APP = Assertion(IdentityKind.WECHAT, "wx-two", "canary-openid-2", "canary-union-1")
STRANGER = Assertion(IdentityKind.WECHAT, "wx-one", "canary-openid-3", "canary-union-3")
ALIPAY = Assertion(IdentityKind.ALIPAY, "2021", "canary-alipay-1")


def keep(people: People, said: Assertion) -> Identity:
    sealed = identities.prepare(people.desk.keys, said)
    with people.db.begin() as uow:
        return identities.keep(uow, sealed)


def bind(people: People, said: Assertion, account_id: str) -> Identity:
    found = keep(people, said)
    with people.db.begin() as uow:
        return identities.bind(uow, found.id, account_id)


def log_in(people: People, identity: Identity, *, agreed: bool = False) -> str:
    with people.db.begin() as uow:
        return identities.log_in(uow, identity.id, BROWSER, agreed=agreed)[0].id


def unbind(people: People, account_id: str, kind: IdentityKind, **how: str) -> None:
    with people.db.begin() as uow:
        identities.unbind(uow, account_id, kind, **how)


def events(people: People, account_id: str) -> list[str]:
    with people.db.read() as uow:
        rows = select(AuditRow.event).where(AuditRow.subject == account_id)
        return [one for one in uow.session.scalars(rows) if one.startswith("identity.")]


@pytest.mark.row("F-08")
def test_an_identity_that_nobody_bound_opens_nothing(people: People) -> None:
    found = keep(people, WECHAT)
    assert found.account_id is None
    with pytest.raises(IdentityNotBound):
        log_in(people, found, agreed=True)
    with people.db.read() as uow:
        assert not uow.session.scalar(select(func.count()).select_from(AccountSession))


@pytest.mark.row("F-08")
def test_a_bound_identity_opens_its_own_account(people: People) -> None:
    mine, other = people.register(NEW_PHONE), people.register(OTHER_PHONE)
    bind(people, WECHAT, mine)
    bind(people, STRANGER, other)
    assert log_in(people, keep(people, WECHAT)) == mine
    assert log_in(people, keep(people, STRANGER)) == other
    with people.db.read() as uow:
        (newest, *_) = sessions.open_sessions(uow, mine)
        assert newest.means == Means.WECHAT
    assert events(people, mine) == ["identity.bound"]


@pytest.mark.row("S-42", "S-44")
def test_the_name_at_the_other_house_is_kept_sealed(people: People) -> None:
    found = keep(people, WECHAT)
    assert b"canary" not in found.subject_sealed
    assert "canary" not in f"{found.subject_index}{found.union_index}{WECHAT!r}"
    assert identities.open_subject(people.desk.keys, found) == WECHAT.subject


def test_an_identity_is_one_row_however_often_it_is_seen(people: People) -> None:
    assert keep(people, WECHAT).id == keep(people, WECHAT).id
    assert keep(people, replace(WECHAT, app="wx-three", union=None)).id != keep(people, WECHAT).id
    assert keep(people, replace(WECHAT, kind=IdentityKind.SSO)).id != keep(people, WECHAT).id


def test_the_name_for_all_apps_is_learnt_later_and_not_forgotten(people: People) -> None:
    assert keep(people, replace(WECHAT, union=None)).union_index is None
    learnt = keep(people, WECHAT).union_index
    assert learnt is not None
    assert keep(people, replace(WECHAT, union=None)).union_index == learnt


def test_an_identity_is_bound_to_one_account(people: People) -> None:
    mine, other = people.register(NEW_PHONE), people.register(OTHER_PHONE)
    bind(people, WECHAT, mine)
    bind(people, WECHAT, mine)
    with pytest.raises(IdentityTaken):
        bind(people, WECHAT, other)
    assert keep(people, WECHAT).account_id == mine
    assert events(people, mine) == ["identity.bound"]
    bind(people, ALIPAY, mine)
    with pytest.raises(IdentityTaken):
        bind(people, ALIPAY, other)


def test_an_account_has_one_identity_of_a_house(people: People) -> None:
    mine = people.register()
    bind(people, WECHAT, mine)
    bind(people, ALIPAY, mine)
    with pytest.raises(AnotherIdentityBound):
        bind(people, STRANGER, mine)
    unbind(people, mine, IdentityKind.WECHAT)
    assert bind(people, STRANGER, mine).account_id == mine


def test_another_app_of_the_house_finds_the_same_person(people: People) -> None:
    mine = people.register()
    bind(people, WECHAT, mine)
    assert log_in(people, keep(people, OTHER_APP)) == mine
    assert events(people, mine) == ["identity.bound", "identity.merged"]


def test_only_the_same_house_and_the_same_person_are_merged(people: People) -> None:
    bind(people, WECHAT, people.register())
    for other in (
        replace(OTHER_APP, union="canary-union-3"),
        replace(OTHER_APP, subject="canary-openid-4", union=None),
        replace(OTHER_APP, kind=IdentityKind.ALIPAY),
    ):
        with pytest.raises(IdentityNotBound):
            log_in(people, keep(people, other))


def test_a_person_who_is_bound_in_one_app_is_nobody_else_in_the_other(people: People) -> None:
    mine, other = people.register(NEW_PHONE), people.register(OTHER_PHONE)
    late = keep(people, replace(OTHER_APP, union=None))
    bind(people, WECHAT, mine)
    with people.db.begin() as uow:
        uow.session.get_one(Identity, late.id).union_index = keep_union(people)
    with people.db.begin() as uow, pytest.raises(IdentityTaken):
        identities.bind(uow, late.id, other)


def keep_union(people: People) -> str | None:
    return keep(people, WECHAT).union_index


def test_what_was_unbound_opens_nothing_in_any_app(people: People) -> None:
    mine = people.register()
    bind(people, WECHAT, mine)
    keep(people, OTHER_APP)
    unbind(people, mine, IdentityKind.WECHAT)
    for said in (WECHAT, OTHER_APP):
        with pytest.raises(IdentityNotBound):
            log_in(people, keep(people, said))
    assert events(people, mine).count("identity.unbound") == 2
    with pytest.raises(NotFound):
        unbind(people, mine, IdentityKind.WECHAT)


@pytest.mark.row("P-38", "S-49")
def test_unbinding_ends_what_the_identity_opened(people: People) -> None:
    mine = people.register()
    found = bind(people, WECHAT, mine)
    log_in(people, found)
    with people.db.begin() as uow:
        mine_now, _ = identities.log_in(uow, found.id, BROWSER)
        kept = sessions.open_sessions(uow, mine_now.id)[0].id
    unbind(people, mine, IdentityKind.WECHAT, keep_session=kept)
    with people.db.read() as uow:
        left = sessions.open_sessions(uow, mine)
    assert {one.id for one in left if one.means == Means.WECHAT} == {kept}
    assert [one.means for one in left if one.id != kept] == [Means.REGISTRATION]


@pytest.mark.row("P-38")
def test_the_last_way_in_is_not_taken_away(people: People) -> None:
    mine = people.register()
    bind(people, WECHAT, mine)
    keep(people, OTHER_APP)
    with people.db.begin() as uow:
        uow.session.get_one(Account, mine).phone_index = None
    with pytest.raises(LastWayIn):
        unbind(people, mine, IdentityKind.WECHAT)
    assert keep(people, WECHAT).account_id == mine
    bind(people, ALIPAY, mine)
    unbind(people, mine, IdentityKind.WECHAT)
    with pytest.raises(LastWayIn):
        unbind(people, mine, IdentityKind.ALIPAY)


def test_a_proved_document_is_a_way_in(people: People) -> None:
    mine = people.register()
    bind(people, WECHAT, mine)
    with people.db.begin() as uow:
        account = uow.session.get_one(Account, mine)
        account.phone_index, account.id_number_index = None, "proved"
    unbind(people, mine, IdentityKind.WECHAT)


def test_a_closed_account_is_opened_and_bound_by_nothing(people: People) -> None:
    mine = people.register()
    found = bind(people, WECHAT, mine)
    with people.db.begin() as uow:
        uow.session.get_one(Account, mine).closed_at = uow.now
    with pytest.raises(IdentityNotBound):
        log_in(people, found)
    with pytest.raises(NotFound):
        bind(people, ALIPAY, mine)


def test_an_identity_that_is_gone_is_bound_to_nobody_and_opens_nothing(people: People) -> None:
    mine, found = people.register(), keep(people, WECHAT)
    with people.db.begin() as uow:
        uow.session.delete(uow.session.get_one(Identity, found.id))
    with pytest.raises(IdentityNotBound):
        log_in(people, found)
    with people.db.begin() as uow, pytest.raises(IdentityTicketRefused):
        identities.bind(uow, found.id, mine)


def test_a_silent_login_accepts_no_agreement(people: People) -> None:
    mine = people.register()
    found = bind(people, WECHAT, mine)
    with people.db.begin() as uow:
        for kind in identities.consents.AT_LOGIN:
            identities.consents.withdraw(uow, mine, kind)
    log_in(people, found)
    with people.db.read() as uow:
        assert identities.consents.missing(uow, mine)
    log_in(people, found, agreed=True)
    with people.db.read() as uow:
        assert not identities.consents.missing(uow, mine)
