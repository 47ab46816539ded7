"""What is done to certificates, methods, seals and grants is told to whom it concerns (P-36)."""

from pathlib import Path

import pytest
from sqlalchemy import select

from server.accounts import notices
from server.accounts.news import News
from server.certificates.models import OwnerKind
from server.core.jobs import Claim
from server.grants.jobs import CertificateFollower
from server.grants.models import Grant, GrantStatus
from server.intents import methods
from server.intents.methods import MethodChoice
from server.intents.models import VerificationMethod
from server.seals import lifecycle
from server.seals.models import Reason
from server.seed import DemoPerson
from tests.factories.domain import account_of, company, seal_of
from tests.factories.holders import NEW_PIN, Holders, typed
from tests.factories.product import LI, WEI, Product


@pytest.fixture
def holders(product: Product, tmp_path: Path) -> Holders:
    return Holders.of(product, tmp_path)


def heard(product: Product, person: DemoPerson) -> list[str]:
    with product.parts.db.read() as uow:
        found = notices.told(uow, account_of(uow, person).id).items
    return [one.news for one in found]


def set_method(product: Product, *, of_company: bool) -> None:
    with product.parts.db.begin() as uow:
        owner = company(uow) if of_company else account_of(uow, WEI)
        kind = OwnerKind.ENTERPRISE if of_company else OwnerKind.ACCOUNT
        methods.set_method(uow, kind, owner.id, MethodChoice(VerificationMethod.SMS, ""))


@pytest.mark.row("P-36", "F-14")
def test_a_certificate_that_was_downloaded_is_told_to_its_owner(holders: Holders) -> None:
    session = holders.proven()
    holders.download(session)

    with holders.db.read() as uow:
        told = notices.told(uow, session.account_id).items
    assert [one.news for one in told] == [News.CERTIFICATE_DOWNLOADED]


@pytest.mark.row("P-36", "P-40")
def test_a_pin_that_was_changed_or_made_anew_is_told(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    holders.desk().change(session, WEI.pin, typed(NEW_PIN))
    assert heard(holders.product, WEI) == [News.PIN_CHANGED]

    holders.forget_pin(session, "112358")

    assert sorted(heard(holders.product, WEI)) == [News.CERTIFICATE_DOWNLOADED, News.PIN_CHANGED]


@pytest.mark.row("P-36", "P-40", "F-23")
@pytest.mark.parametrize("of_company", [True, False])
def test_another_method_of_verifying_uses_is_told_to_who_answers_for_the_owner(
    product: Product, of_company: bool
) -> None:
    set_method(product, of_company=of_company)

    with product.parts.db.read() as uow:
        [told] = notices.told(uow, account_of(uow, WEI).id).items
        expected = company(uow).id if of_company else None
    assert (told.news, told.enterprise_id) == (News.METHOD_SET, expected)
    assert told.words["method"] == "短信核验"
    assert heard(product, LI) == []


@pytest.mark.row("P-36", "F-29", "F-31")
@pytest.mark.parametrize("by", [Reason.ADMINISTRATOR, Reason.OWNER])
def test_what_an_administrator_does_to_a_seal_is_told_to_the_representative(
    product: Product, by: Reason
) -> None:
    with product.parts.db.begin() as uow:
        seal_id, actor = seal_of(uow).id, account_of(uow, LI).id
        lifecycle.suspend(uow, seal_id, actor=actor, by=by)
        lifecycle.enable(uow, seal_id, actor=actor, by=by)

    expected = [News.SEAL_ENABLED, News.SEAL_SUSPENDED] if by == Reason.ADMINISTRATOR else []
    assert sorted(heard(product, WEI)) == expected


@pytest.mark.row("P-36", "F-34")
def test_a_grant_that_became_acceptable_is_told_to_its_grantee_once(product: Product) -> None:
    with product.parts.db.begin() as uow:
        uow.session.scalars(select(Grant)).one().status = GrantStatus.PENDING_CERTIFICATE
        account_id = account_of(uow, LI).id
    follow = CertificateFollower(product.parts.db, product.parts.providers.keys)
    job = Claim("job-1", "certificates.downloaded", {"account_id": account_id}, 1, 1, 8)

    follow(job)
    follow(job)

    assert heard(product, LI) == [News.GRANT_TO_ACCEPT]
