"""Rights are asked again in the last transaction: what ended meanwhile seals nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.models import Account
from server.certificates.models import Certificate, CertificateStatus
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.grants.models import Grant, GrantStatus
from server.pki.subject_keys import Algorithm
from server.seals.models import Seal, SealStatus
from tests.factories.domain import make_grant
from tests.factories.product import HUANG, LI, WEI, Product, Signing
from tests.factories.truth import events_of, truth_of
from tests.fakes.outside import EventfulTsa

GUIYIN = "南宁桂印科技有限公司"


@dataclass(frozen=True)
class Ending:
    """What ends a right, and the code that the task then fails with."""

    act: Callable[[UnitOfWork], None]
    code: str


def company_seal(uow: UnitOfWork) -> Seal:
    company = uow.session.scalars(select(Enterprise).where(Enterprise.name == GUIYIN)).one()
    return uow.session.scalars(
        select(Seal).where(Seal.owner_id == company.id, Seal.kind == "company")
    ).one()


def operators_grant(uow: UnitOfWork) -> Grant:
    return uow.session.scalars(select(Grant)).one()


def suspend_seal(uow: UnitOfWork) -> None:
    company_seal(uow).suspend(uow.now)


def cancel_seal(uow: UnitOfWork) -> None:
    company_seal(uow).status = SealStatus.CANCELLED


def let_seal_expire(uow: UnitOfWork) -> None:
    company_seal(uow).valid_until = uow.now


def certificate_of_company(uow: UnitOfWork) -> Certificate:
    owner = company_seal(uow).owner_id
    mine = select(Certificate).where(Certificate.owner_id == owner)
    return uow.session.scalars(mine.where(Certificate.algorithm == Algorithm.P256)).one()


def revoke_certificate(uow: UnitOfWork) -> None:
    certificate_of_company(uow).status = CertificateStatus.REVOKED


def let_certificate_expire(uow: UnitOfWork) -> None:
    certificate_of_company(uow).not_after = uow.now


def suspend_company(uow: UnitOfWork) -> None:
    company = uow.session.get_one(Enterprise, company_seal(uow).owner_id)
    company.status = EnterpriseStatus.SUSPENDED


def replace_representative(uow: UnitOfWork) -> None:
    other = uow.session.scalars(select(Account).where(Account.name == HUANG.name)).one()
    company = uow.session.get_one(Enterprise, company_seal(uow).owner_id)
    company.representative_id = other.id


def revoke_grant(uow: UnitOfWork) -> None:
    operators_grant(uow).status = GrantStatus.REVOKED


def end_grant(uow: UnitOfWork) -> None:
    operators_grant(uow).ends_at = uow.now - timedelta(seconds=1)


def take_seal_out_of_grant(uow: UnitOfWork) -> None:
    operators_grant(uow).seal_ids = ["seal-of-another-kind"]


SEAL_ENDINGS = {
    "suspended seal": Ending(suspend_seal, "seal_not_active"),
    "cancelled seal": Ending(cancel_seal, "seal_cancelled"),
    "expired seal": Ending(let_seal_expire, "seal_expired"),
    "revoked certificate": Ending(revoke_certificate, "seal_certificate_invalid"),
    "expired certificate": Ending(let_certificate_expire, "seal_certificate_invalid"),
    "suspended company": Ending(suspend_company, "grant_not_valid"),
    "another representative": Ending(replace_representative, "grant_not_valid"),
}
GRANT_ENDINGS = {
    "revoked grant": Ending(revoke_grant, "grant_not_valid"),
    "ended grant": Ending(end_grant, "grant_not_valid"),
    "suspended company": Ending(suspend_company, "grant_not_valid"),
    "seal no longer granted": Ending(take_seal_out_of_grant, "grant_not_valid"),
}


def happen(product: Product, ending: Ending) -> None:
    with product.parts.db.begin() as uow:
        ending.act(uow)


def require_nothing_sealed(product: Product, signing: Signing, ending: Ending) -> None:
    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses, truth.failure) == ("failed", ("released",), ending.code)
    assert truth.is_whole
    page = signing.page.read()
    assert page["task"]["failure"]["code"] == ending.code
    assert page["qr"]["progress"] == "failed"
    assert events_of(product, signing.id)[-1] == "signing.failed"
    assert signing.partner.get(f"/signing-tasks/{signing.id}/result").status_code == 409


@pytest.mark.row("S-29", "S-30")
@pytest.mark.parametrize("name", SEAL_ENDINGS)
def test_nothing_is_sealed_when_it_ended_while_the_time_stamp_was_fetched(
    product: Product, name: str
) -> None:
    signing, ending = product.signing(), SEAL_ENDINGS[name]
    signing.start_sealing()
    tsa = EventfulTsa(product.parts.providers.tsa, lambda: happen(product, ending))

    product.worker(tsa=tsa).run_all()

    require_nothing_sealed(product, signing, ending)


@pytest.mark.row("S-29")
@pytest.mark.parametrize("name", GRANT_ENDINGS)
def test_an_operators_use_is_given_back_when_the_grant_ended_meanwhile(
    product: Product, name: str
) -> None:
    signing, ending = product.signing(person=LI), GRANT_ENDINGS[name]
    signing.start_sealing()
    assert uses_counted(product) == 1
    tsa = EventfulTsa(product.parts.providers.tsa, lambda: happen(product, ending))

    product.worker(tsa=tsa).run_all()

    require_nothing_sealed(product, signing, ending)
    assert uses_counted(product) == 0


@pytest.mark.row("S-29")
def test_an_operators_sealing_counts_one_use_of_his_grant(product: Product) -> None:
    signing = product.signing(person=LI)

    signing.seal()

    assert truth_of(product, signing.id).is_whole
    assert uses_counted(product) == 1


@pytest.mark.row("S-29", "S-30")
@pytest.mark.parametrize("name", SEAL_ENDINGS)
def test_what_ended_before_the_page_confirms_is_refused_there(product: Product, name: str) -> None:
    signing, ending = product.signing(), SEAL_ENDINGS[name]
    signing.authorize()
    placements = signing.page.everywhere()
    happen(product, ending)

    answer = signing.page.confirm(placements)

    assert answer.status_code in (403, 409, 410)
    assert answer.get_json()["code"] in (ending.code, "no_right")
    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses) == ("authorized", ())


def grant_another_seal(uow: UnitOfWork) -> None:
    """The grant stands, for another seal of the company than the one that lies on the page."""
    other = select(Seal.id).where(
        Seal.owner_id == company_seal(uow).owner_id, Seal.kind == "legal_representative"
    )
    operators_grant(uow).seal_ids = [uow.session.scalars(other).one()]


def grant_anew(uow: UnitOfWork) -> None:
    """The same seals, by a later grant: what was released came of the one that is no more."""
    revoke_grant(uow)
    make_grant(uow, LI)


@pytest.mark.row("S-15", "S-29")
@pytest.mark.parametrize("change", [grant_another_seal, grant_anew])
def test_what_was_released_is_for_the_grant_and_the_seals_of_that_moment(
    product: Product, change: Callable[[UnitOfWork], None]
) -> None:
    signing = product.signing(person=LI)
    signing.authorize()
    placements = signing.page.everywhere()
    happen(product, Ending(change, "grant_not_valid"))

    answer = signing.page.confirm(placements)

    assert (answer.status_code, answer.get_json()["code"]) == (410, "grant_not_valid")
    assert truth_of(product, signing.id).uses == ()


@pytest.mark.row("S-29")
def test_a_grant_that_ended_before_the_pin_shows_no_company_to_act_for(product: Product) -> None:
    signing = product.signing(person=LI)
    happen(product, GRANT_ENDINGS["revoked grant"])

    asked = signing.scan()

    assert asked["acting"] == []
    body = {
        "reference_code": signing.page.read()["qr"]["reference_code"],
        "acting": {"kind": "enterprise", "id": company_id(product)},
        "pin": LI.pin,
    }
    answer = signing.phone.post(f"/m/qr/{asked['session_id']}/confirm", body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "no_right")
    assert truth_of(product, signing.id).page_grants == 0


@pytest.mark.row("S-29")
@pytest.mark.parametrize("person", [WEI, LI])
def test_each_person_is_released_only_his_own_seals(product: Product, person: object) -> None:
    signing = product.signing(person=person)  # type: ignore[arg-type]

    names = [seal["name"] for seal in signing.authorize()["seals"]]

    expected = {WEI: ["企业法定名称章", "企业法定代表人章"], LI: ["企业法定名称章"]}
    assert names == expected[person]  # type: ignore[index]


def uses_counted(product: Product) -> int:
    with product.parts.db.read() as uow:
        return operators_grant(uow).uses


def company_id(product: Product) -> str:
    with product.parts.db.read() as uow:
        return company_seal(uow).owner_id
