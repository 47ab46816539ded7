"""What several requests do at once with one identity: one row, one holder, one count."""

from functools import partial

from server.accounts import identities, subscriptions
from server.accounts.errors import AnotherIdentityBound, IdentityTaken
from server.accounts.identities import Assertion, SealedIdentity
from server.accounts.models import Identity, IdentityKind
from server.accounts.subscriptions import Source
from tests.factories.people import NEW_PHONE, OTHER_PHONE, People
from tests.fakes.threads import together

FIRST = Assertion(IdentityKind.WECHAT, "wx-one", "openid-1", "union-1")
SECOND = Assertion(IdentityKind.WECHAT, "wx-one", "openid-2", "union-2")
CALLERS = 6


def keep(people: People, said: Assertion) -> str:
    return keep_sealed(people, identities.prepare(people.desk.keys, said))


def keep_sealed(people: People, sealed: SealedIdentity) -> str:
    with people.db.begin() as uow:
        return identities.keep(uow, sealed).id


def bind(people: People, identity_id: str, account_id: str) -> str | None:
    with people.db.begin() as uow:
        return identities.bind(uow, identity_id, account_id).account_id


def accept(people: People, identity_id: str, source: Source) -> None:
    with people.db.begin() as uow:
        subscriptions.accept(uow, identity_id, "sealed", source, uow.now)


def use(people: People, identity_id: str) -> bool:
    with people.db.begin() as uow:
        return subscriptions.use(uow, identity_id, "sealed")


def test_an_identity_seen_by_many_at_once_is_one_row_and_one_persons(people: People) -> None:
    accounts = people.register(NEW_PHONE), people.register(OTHER_PHONE)
    # The key holder is asked before, so that all come to the table at one moment.
    sealed = [identities.prepare(people.desk.keys, FIRST) for _ in range(CALLERS)]
    kept = together([partial(keep_sealed, people, one) for one in sealed])
    assert len(set(kept)) == 1
    outcomes = together([partial(bind, people, kept[0], accounts[n % 2]) for n in range(CALLERS)])
    with people.db.read() as uow:
        holder = uow.session.get_one(Identity, kept[0]).account_id
    assert holder in accounts
    assert outcomes.count(holder) == CALLERS // 2
    assert sum(isinstance(one, IdentityTaken) for one in outcomes) == CALLERS // 2


def test_an_account_takes_one_of_two_identities_that_come_at_once(people: People) -> None:
    mine = people.register()
    kept = [keep(people, said) for said in (FIRST, SECOND)]
    outcomes = together([partial(bind, people, one, mine) for one in kept])
    assert outcomes.count(mine) == 1
    assert sum(isinstance(one, AnotherIdentityBound) for one in outcomes) == 1


def test_the_phone_and_the_push_at_once_are_one_consent_and_one_message(people: People) -> None:
    mine = keep(people, FIRST)
    assert together([partial(accept, people, mine, source) for source in Source]) == [None, None]
    assert sorted(together([partial(use, people, mine)] * CALLERS)) == [False] * 5 + [True]
