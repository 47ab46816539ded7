"""One tap, five seals: for the registered representative of a company in Guangxi (A5)."""

import pytest

from server.accounts.errors import RealNameNeeded
from server.accounts.models import Account, Level
from server.applications import fast, owners, service
from server.applications.errors import CannotApply, NotAsRegistered, NotRepresentative, SealsThere
from server.applications.lifecycle import ApplicationState
from server.applications.models import COMPANY_KINDS, Application
from server.applications.service import CERTIFY
from server.certificates.errors import NoCertificate
from server.certificates.models import OwnerKind, PersonalKey
from server.intents.actions import IntentMethod
from server.intents.methods import method_of
from server.intents.models import VerificationMethod
from server.seals.models import SealKind
from tests.factories.applications import GUANGZHOU, HAND, Applicant
from tests.factories.domain import company
from tests.factories.issuing import made_for
from tests.factories.product import HUANG, LI, Product


def begin(wei: Applicant, enterprise_id: str = "") -> Application:
    enterprise_id = enterprise_id or wei.company().id
    with wei.product.parts.db.begin() as uow:
        return fast.begin(uow, account_id=wei.account_id, enterprise_id=enterprise_id)


@pytest.mark.row("F-20", "F-19")
def test_all_five_are_made_at_once_without_review_or_certification(wei: Applicant) -> None:
    row = begin(wei)
    assert wei.submit(row.id, HAND).state == ApplicationState.ISSUING
    assert wei.jobs(CERTIFY) == []
    wei.product.work()
    made = made_for(wei, row)
    assert sorted(seal.kind for seal in made.seals) == sorted(COMPANY_KINDS)
    assert len(made.rings) == 1
    assert len(made.copies) == 1
    assert wei.found(row.id).state == ApplicationState.DONE
    with wei.product.parts.db.read() as uow:
        used = method_of(uow, OwnerKind.ENTERPRISE, row.owner_id)
    assert used == VerificationMethod.PIN


@pytest.mark.row("F-20")
def test_the_intent_may_be_proved_by_the_pin_as_he_has_a_certificate(wei: Applicant) -> None:
    row = begin(wei)
    checked = wei.check(row.id)
    by_pin = wei.proved(checked, IntentMethod.PIN)
    with wei.product.parts.db.begin() as uow:
        handed_in = service.submit(
            uow, HAND, checked=checked, session=wei.session, intent_id=by_pin
        )
    assert handed_in.state == ApplicationState.ISSUING


@pytest.mark.row("F-20")
def test_what_the_company_has_already_is_left_out(product: Product) -> None:
    wei = Applicant(product)
    with product.parts.db.read() as uow:
        guiyin = company(uow).id
    row = begin(wei, guiyin)
    assert row.kinds == [SealKind.CONTRACT, SealKind.FINANCE, SealKind.INVOICE]
    assert begin(wei, guiyin).id == row.id
    wei.submit(row.id)
    product.work()
    with pytest.raises(SealsThere):
        begin(wei, guiyin)


@pytest.mark.row("F-20", "F-14")
def test_it_takes_a_certificate_and_a_proven_name(wei: Applicant) -> None:
    with wei.product.parts.db.begin() as uow:
        uow.session.get_one(Account, wei.account_id).level = Level.DECLARED
        uow.session.delete(uow.session.get_one(PersonalKey, wei.account_id))
    with pytest.raises(RealNameNeeded):
        begin(wei)
    with wei.product.parts.db.begin() as uow:
        uow.session.get_one(Account, wei.account_id).level = Level.PROVEN
    with pytest.raises(NoCertificate):
        begin(wei)


@pytest.mark.row("F-20", "F-12")
def test_his_companies_in_guangxi_are_listed_and_none_is_said_so(
    product: Product, wei: Applicant
) -> None:
    liuzhou, guangzhou = wei.company(), wei.company(GUANGZHOU)
    with product.parts.db.read() as uow:
        listed = [one.name for one in owners.companies(uow, wei.account_id)]
        assert sorted(listed) == sorted([company(uow).name, liuzhou.name])
        with pytest.raises(CannotApply):
            owners.companies(uow, Applicant(product, LI).account_id)
    with pytest.raises(CannotApply):
        begin(wei, guangzhou.id)
    huang = Applicant(product, HUANG)
    with pytest.raises(NotRepresentative):
        begin(huang, liuzhou.id)


@pytest.mark.row("F-20", "P-39")
def test_the_registry_is_asked_before_anything_is_made(wei: Applicant) -> None:
    row = begin(wei)
    checked = wei.check(row.id)
    wei.tell(name="柳州桂印机器人有限公司")
    wei.company()
    with pytest.raises(NotAsRegistered):
        wei.submit(row.id, HAND, checked)
    wei.product.work()
    assert made_for(wei, row).seals == []
    assert wei.submit(begin(wei).id).state == ApplicationState.ISSUING
