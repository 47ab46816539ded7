"""The registry's news reach the seals: what fits no more stops, keys are forgotten, people told."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from server.accounts.notices import Notice
from server.certificates import service as certificates
from server.certificates.models import KeyCopy, KeyRing, OwnerKind
from server.certificates.unlock import open_person
from server.core.db import UnitOfWork
from server.core.jobs import Claim
from server.enterprises.queries import by_code
from server.enterprises.service import NEWS
from server.providers.registry import Company
from server.seals import lifecycle
from server.seals.errors import SealSuspended
from server.seals.models import Reason, Seal, SealKind
from server.seals.registry_news import NewsOfCompanies
from tests.factories.domain import account_of, company, opened, ring_of, seal_of
from tests.factories.holders import PIN, Holders
from tests.factories.product import HUANG, LI, WEI, Product
from tests.factories.registry import BY_HUANG, BY_LU, BY_QIN, GUIYIN, RENAMED, says
from tests.factories.truth import events_of, truth_of
from tests.fakes.outside import ForgetfulCa

REASONS = {
    "representative": (
        BY_HUANG,
        (Reason.REPRESENTATIVE_CHANGED, Reason.NAMES_FORMER_REPRESENTATIVE),
    ),
    "name": (RENAMED, (Reason.NAME_CHANGED,) * 2),
    "struck off": (replace(GUIYIN, struck_off=True), (Reason.STRUCK_OFF,) * 2),
    "name and representative": (
        replace(BY_HUANG, name="南宁桂印数字科技有限公司"),
        (Reason.NAME_CHANGED,) * 2,
    ),
}


@dataclass
class Registry:
    """Says something of the company, and the worker hears of it."""

    product: Product

    def says(self, facts: Company) -> None:
        says(self.product, facts)
        self.product.work()


@pytest.fixture
def registry(product: Product) -> Registry:
    return Registry(product)


def seals(uow: UnitOfWork) -> list[Seal]:
    mine = select(Seal).where(Seal.owner_id == by_code(uow, GUIYIN.code).id).order_by(Seal.id)
    return list(uow.session.scalars(mine))


@pytest.mark.row("P-39")
@pytest.mark.parametrize("news", REASONS)
def test_seals_stop_for_the_reason_that_the_registry_gives(registry: Registry, news: str) -> None:
    facts, reasons = REASONS[news]

    registry.says(facts)

    with registry.product.parts.db.begin() as uow:
        assert tuple(seal.reason for seal in seals(uow)) == reasons
        for seal in seals(uow):
            if seal.reason == Reason.REPRESENTATIVE_CHANGED:
                continue  # By now it is the new representative's to enable.
            with pytest.raises(SealSuspended) as told:
                lifecycle.enable(uow, seal.id, actor="acc-1", by=Reason.OWNER)
            assert told.value.details["reason"] == seal.reason


@pytest.mark.row("P-39", "S-30")
@pytest.mark.parametrize("news", ["representative", "name", "struck off"])
def test_what_was_open_ends_with_the_news(registry: Registry, news: str) -> None:
    signing = registry.product.signing()
    signing.authorize()

    registry.says(REASONS[news][0])

    assert truth_of(registry.product, signing.id).releases == 0
    assert events_of(registry.product, signing.id)[-1] == "signing.right_ended"
    assert signing.page.read()["grant"] is None


@pytest.mark.row("P-39", "S-22")
def test_the_former_representatives_copy_is_destroyed_and_grants_get_the_new_keys(
    registry: Registry,
) -> None:
    registry.says(BY_HUANG)

    with registry.product.parts.db.read() as uow:
        owner = company(uow).id
        now = certificates.current_ring(uow, OwnerKind.ENTERPRISE, owner)
        assert now is not None
        assert now.version == 2
        rings = select(KeyRing.id).where(KeyRing.owner_id == owner)
        left = uow.session.scalars(select(KeyCopy).where(KeyCopy.ring_id.in_(rings))).all()
        entitled = {account_of(uow, person).id for person in (HUANG, LI)}
        assert {one.account_id for one in left} == entitled
        assert {one.ring_id for one in left} == {now.id}


@pytest.mark.row("P-39", "R-08")
def test_who_takes_over_enables_what_still_fits_once_he_has_the_new_keys(product: Product) -> None:
    parts = product.parts
    with parts.db.read() as uow:
        seal_id, own = seal_of(uow).id, seal_of(uow, SealKind.LEGAL_REPRESENTATIVE).id
        new = account_of(uow, HUANG).id
    says(product, BY_HUANG)
    product.worker(ca=ForgetfulCa(parts.providers.ca, 99)).run_all()
    with parts.db.begin() as uow, pytest.raises(SealSuspended):
        lifecycle.enable(uow, seal_id, actor=new, by=Reason.OWNER)

    product.clock.advance(minutes=11)
    product.work()
    with parts.db.begin() as uow:
        lifecycle.enable(uow, seal_id, actor=new, by=Reason.OWNER)
        seal_of(uow).require_usable(uow.now)
        with pytest.raises(SealSuspended):
            lifecycle.enable(uow, own, actor=new, by=Reason.OWNER)
    person = opened(parts, HUANG)
    with parts.db.read() as uow:
        assert certificates.open_copy(uow, seal_of(uow).ring_id, person)


@pytest.mark.row("P-39")
def test_who_proves_that_he_is_the_new_representative_takes_over_with_his_certificate(
    product: Product, tmp_path: Path
) -> None:
    holders = Holders.of(product, tmp_path)
    Registry(product).says(BY_QIN)
    session = holders.proven()
    product.work()
    with product.parts.db.read() as uow:
        assert company(uow).representative_id == session.account_id
    holders.download(session)
    product.work()

    person = open_person(product.parts.db, product.parts.providers.keys, session.account_id, PIN)
    with product.parts.db.read() as uow:
        assert certificates.open_copy(uow, seal_of(uow).ring_id, person)


@pytest.mark.row("P-39")
def test_certificates_with_a_former_name_are_for_no_further_seal(registry: Registry) -> None:
    registry.says(REASONS["name"][0])

    with registry.product.parts.db.read() as uow:
        owner = by_code(uow, GUIYIN.code).id
        assert certificates.current_ring(uow, OwnerKind.ENTERPRISE, owner) is None


@pytest.mark.row("P-39", "P-36")
def test_the_former_and_the_new_representative_are_told_once(registry: Registry) -> None:
    product = registry.product
    registry.says(BY_HUANG)
    with product.parts.db.read() as uow:
        payload = {"enterprise_id": company(uow).id, "news": ["representative_changed"]}
        payload["former"] = account_of(uow, WEI).id
        told = list(uow.session.scalars(select(Notice)))
        people = {one.account_id for one in told}
        assert people == {account_of(uow, person).id for person in (WEI, HUANG)}
        assert {one.news for one in told} == {"representative_changed"}
        job_id = told[0].once.split()[1]

    NewsOfCompanies(product.parts.db, product.parts.providers.keys)(
        Claim(job_id, NEWS, payload, 2, 2, 8)
    )

    with product.parts.db.read() as uow:
        assert len(list(uow.session.scalars(select(Notice)))) == 2


@pytest.mark.row("P-39")
def test_news_that_change_nothing_stop_nothing(registry: Registry) -> None:
    registry.says(GUIYIN)

    with registry.product.parts.db.begin() as uow:
        assert [seal.reason for seal in seals(uow)] == [None, None]
        assert uow.session.scalars(select(Notice)).all() == []


@pytest.mark.row("P-39", "S-22")
def test_the_former_representatives_copy_goes_before_anybody_has_taken_over(
    registry: Registry,
) -> None:
    registry.says(BY_LU)

    with registry.product.parts.db.read() as uow:
        left = uow.session.scalars(select(KeyCopy).where(KeyCopy.ring_id == ring_of(uow).id))
        assert [one.account_id for one in left] == [account_of(uow, LI).id]
