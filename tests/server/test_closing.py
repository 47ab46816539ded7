"""An account is closed: what stands in the way, what goes, what stays (P-38)."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from server.accounts import closing, notices, registration
from server.accounts.errors import AccountInUse, WrongCode
from server.accounts.faces import FacePurpose
from server.accounts.fresh_proofs import CLOSE_ACCOUNT, TAKE_DATA
from server.accounts.models import (
    Account,
    AccountSession,
    Consent,
    FaceCheck,
    Identity,
    Level,
    Subscription,
)
from server.accounts.news import News
from server.accounts.notice_models import Notice, TextMessage
from server.certificates.errors import NoCertificate
from server.certificates.models import (
    KeyCopy,
    KeyRequest,
    PersonalKey,
    Rekeying,
    RequestedKey,
)
from server.core.ids import new_id
from server.enterprises.models import Enterprise, EnterpriseLogin
from server.grants.models import Grant, GrantStatus
from server.persons import TIES
from server.providers.ca import CaUnavailable
from server.seals import lifecycle
from server.seals.models import Seal, SealStatus
from server.signing.models import PageGrant
from tests.factories.holders import PIN, Holders, typed
from tests.factories.pdf import make_pdf
from tests.factories.people import NEW_PHONE, NUMBER, People, claim
from tests.factories.product import LI, WEI, Product
from tests.factories.seals import own_seal
from tests.fakes.outside import EventfulOutside, ForgetfulCa


@pytest.fixture
def people(product: Product) -> People:
    return People(product)


def close(people: People, session: AccountSession) -> Account:
    proof = people.own_proof(session, CLOSE_ACCOUNT)
    with people.db.begin() as uow:
        closing.close(uow, session, proof, TIES)
    return people.account(session.account_id)


def count(people: People, *wanted: Any) -> int:
    with people.db.read() as uow:
        return uow.session.scalar(select(func.count()).where(*wanted)) or 0


def cancel_seals(people: People) -> None:
    with people.db.begin() as uow:
        for seal in uow.session.scalars(select(Seal)):
            seal.status = SealStatus.CANCELLED


def end_page_grants(people: People) -> None:
    """The page's right ends, as it does by itself, while the worker still seals."""
    with people.db.begin() as uow:
        for grant in uow.session.scalars(select(PageGrant)):
            grant.end(uow.now)


def show_face(people: People, account_id: str) -> None:
    with people.db.begin() as uow:
        uow.session.add(
            FaceCheck(
                id=new_id("face"),
                account_id=account_id,
                purpose=FacePurpose.REAL_NAME,
                holder="",
                reference="",
                started_at=uow.now,
            )
        )


@pytest.mark.row("P-38")
def test_a_closed_account_is_found_by_nothing(people: People) -> None:
    account_id = people.register(NEW_PHONE, claim())
    with people.db.begin() as uow:
        registration.prove(uow, uow.session.get_one(Account, account_id), people.name(NUMBER).index)
    people.bind_wechat(account_id)
    show_face(people, account_id)
    session, _other = people.log_in(account_id), people.log_in(account_id)

    gone = close(people, session)

    assert gone.closed_at is not None
    assert [gone.phone_index, gone.phone_sealed, gone.id_number_index, gone.id_number_sealed] == [
        None
    ] * 4
    assert (gone.name, gone.document_type, gone.password_digest) == ("", "", "")
    assert gone.level == Level.PHONE
    assert people.open_sessions(account_id) == []
    assert people.found(NEW_PHONE) is None
    assert people.found(NUMBER) is None
    assert count(people, Subscription.template == "t") == 0
    assert count(people, Identity.account_id == account_id) == 0
    assert count(people, FaceCheck.account_id == account_id) == 0


@pytest.mark.row("P-38", "P-41")
def test_what_was_agreed_to_stays_with_its_dates(people: People) -> None:
    account_id = people.register(NEW_PHONE)

    close(people, people.log_in(account_id))

    assert count(people, Consent.account_id == account_id) == 2


@pytest.mark.row("P-38")
def test_the_phone_of_a_closed_account_makes_a_new_one(people: People) -> None:
    first = people.register(NEW_PHONE)
    close(people, people.log_in(first))

    assert people.register(NEW_PHONE) != first


@pytest.mark.row("P-38")
def test_an_account_is_closed_only_by_a_proof_for_it(people: People) -> None:
    session = people.log_in(people.register(NEW_PHONE))
    proof = people.own_proof(session, TAKE_DATA)

    with people.db.begin() as uow, pytest.raises(WrongCode):
        closing.close(uow, session, proof, TIES)


@pytest.mark.row("P-38")
def test_who_represents_a_company_with_living_seals_stays(people: People) -> None:
    session = people.log_in_by(WEI.phone)

    with pytest.raises(AccountInUse) as refused:
        close(people, session)

    assert [(one["kind"], one["count"]) for one in refused.value.details["obstacles"]] == [
        ("company_seals", 2)
    ]
    assert people.found(WEI.phone)
    assert session.id in people.open_sessions(session.account_id)


@pytest.mark.row("P-38")
def test_a_signing_that_goes_on_keeps_the_account_open(product: Product) -> None:
    people = People(product)
    signing = product.signing(make_pdf(), LI)
    session = people.log_in_by(LI.phone)
    with people.db.read() as uow:
        assert closing.obstacles(uow, session.account_id, TIES) == []

    signing.authorize()
    for step in ("placing", "sealing"):
        with people.db.read() as uow:
            open_now = closing.obstacles(uow, session.account_id, TIES)
        assert [(one.kind, one.count) for one in open_now] == [("signing", 1)]
        if step == "placing":
            signing.page.confirm(signing.page.everywhere())
            end_page_grants(people)
    product.work()

    with people.db.read() as uow:
        assert closing.obstacles(uow, session.account_id, TIES) == []


@pytest.mark.row("P-38", "P-30")
def test_grants_and_keys_end_with_the_account_and_the_register_keeps_the_name(
    product: Product,
) -> None:
    people = People(product)
    product.signing(make_pdf(), LI).seal()
    session = people.log_in_by(LI.phone)

    gone = close(people, session)

    assert gone.name == LI.name
    granted = (Grant.grantee_id == gone.id, Grant.status != GrantStatus.REVOKED)
    assert count(people, *granted) == 0
    assert count(people, KeyCopy.account_id == gone.id) == 0
    assert count(people, PersonalKey.account_id == gone.id) == 0


@pytest.mark.row("P-38", "P-39")
def test_a_company_waits_for_a_representative_when_his_account_is_closed(people: People) -> None:
    session = people.log_in_by(WEI.phone)
    with people.db.begin() as uow:
        company = uow.session.scalars(
            select(Enterprise).where(Enterprise.representative_id == session.account_id)
        ).one()
        uow.session.add(
            EnterpriseLogin(
                id="elog-1",
                enterprise_id=company.id,
                account_id=session.account_id,
                representative_index=company.representative_index,
                legal_form="company",
                password_digest="",
                phone_index="index",
                phone_sealed=b"",
                created_at=uow.now,
            )
        )
    cancel_seals(people)

    close(people, session)

    with people.db.read() as uow:
        assert uow.session.get_one(Enterprise, company.id).representative_id is None
    assert count(people, EnterpriseLogin.id == "elog-1") == 0


@pytest.mark.row("P-38")
def test_what_the_law_keeps_is_said_in_both_languages() -> None:
    assert all(zh and en for zh, en in (*closing.KEPT, closing.REMOVED))
    assert any("五年" in zh for zh, _ in closing.KEPT)


@pytest.mark.row("P-38", "P-36")
def test_messages_go_with_the_account_and_no_text_waits_for_its_phone(people: People) -> None:
    account_id = people.register()
    with people.db.begin() as uow:
        notices.tell(uow, account_id, News.PASSWORD_SET, subject="s", words={}, text="password_set")

    close(people, people.log_in(account_id))

    assert count(people, Notice.account_id == account_id) == 0
    assert count(people, TextMessage.account_id == account_id) == 0
    people.product.work()
    assert "password_set" not in {one.template for one in people.product.sms.messages()}


@pytest.mark.row("P-38", "R-08")
@pytest.mark.parametrize("when", ["before it is sent again", "while the authority answers"])
def test_a_certificate_that_was_asked_for_goes_with_the_account(
    product: Product, tmp_path: Path, when: str
) -> None:
    holders, ca = Holders.of(product, tmp_path), product.parts.providers.ca
    people, session = holders.people, holders.proven()
    if when == "before it is sent again":
        with pytest.raises(CaUnavailable):
            holders.desk(ForgetfulCa(ca, 1)).download(session, holders.code(session), typed(PIN))
        close(people, session)
    else:
        code = holders.code(session)
        product.clock.advance(minutes=1)
        busy: Any = EventfulOutside(ca, "issue", lambda: close(people, session))
        with pytest.raises(NoCertificate):
            holders.desk(busy).download(session, code, typed(PIN))

    mine = KeyRequest.owner_id == session.account_id
    assert count(people, mine) == 1
    assert count(people, mine, KeyRequest.closed_at.is_(None)) == 0
    kept = select(KeyRequest.id).where(mine)
    waiting = (RequestedKey.request_id.in_(kept), RequestedKey.sealed.is_not(None))
    assert count(people, *waiting) == 0
    assert count(people, PersonalKey.account_id == session.account_id) == 0


@pytest.mark.row("P-38", "P-40", "R-08")
def test_keys_that_are_replaced_while_the_account_is_closed_come_to_nothing_and_are_withdrawn(
    product: Product, tmp_path: Path
) -> None:
    holders, ca = Holders.of(product, tmp_path), product.parts.providers.ca
    session, seal = holders.logged_in(LI), own_seal(product, person=LI)
    holders.forget_pin(session)
    with holders.db.begin() as uow:
        lifecycle.cancel(uow, seal.id, actor=session.account_id)
    close(holders.people, session)
    issuing = EventfulOutside(ca, "issue", list)
    product.worker(ca=issuing).run_all()

    assert count(holders.people, Rekeying.done_at.is_(None)) == 0
    rekeyed = (RequestedKey.request_id == Rekeying.id, RequestedKey.sealed.is_not(None))
    assert count(holders.people, *rekeyed) == 0
    assert len(issuing.answers) == 2
    assert not any(ca.status(one.serial).good for one in issuing.answers)
