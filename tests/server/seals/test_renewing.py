"""Renewing: within ten days, one certificate however often it is asked, the picture as before."""

from datetime import timedelta

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from sqlalchemy import select

from server.certificates.models import Certificate
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.sealing.ses import MadeSeal, read_seal
from server.seals import lifecycle, renewing
from server.seals.errors import ChangeUnderWay, SealExpired, SealSuspended, TooEarlyToRenew
from server.seals.models import ChangeState, Reason, Seal, SealChange, SealKind, SealStatus
from server.seals.queries import impression_of
from server.seals.service import SEAL_LIFE
from server.web.times import local
from tests.factories.domain import account_of, ring_of, seal_of
from tests.factories.product import WEI, Product
from tests.factories.truth import truth_of
from tests.fakes.outside import DownCa

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
BOTH = (SealKind.COMPANY, SealKind.LEGAL_REPRESENTATIVE)


def stand_at(product: Product, left: timedelta) -> Seal:
    """So long before the end of the company's seal."""
    with product.parts.db.read() as uow:
        seal = seal_of(uow)
    product.clock.advance(seconds=(seal.valid_until - left - product.clock.now()).total_seconds())
    return seal


def ask(product: Product, kind: SealKind = SealKind.COMPANY) -> str:
    with product.parts.db.begin() as uow:
        actor = account_of(uow, WEI).id
        return renewing.ask_renewal(uow, seal_of(uow, kind).id, actor=actor).id


def change(product: Product, change_id: str) -> SealChange:
    with product.parts.db.read() as uow:
        return uow.session.get_one(SealChange, change_id)


def made_of(uow: UnitOfWork, seal: Seal) -> MadeSeal:
    made = impression_of(uow, seal.id).made
    assert made is not None
    return read_seal(made)


def certificates(uow: UnitOfWork, algorithm: str) -> list[Certificate]:
    mine = (Certificate.owner_id == seal_of(uow).owner_id, Certificate.algorithm == algorithm)
    return list(uow.session.scalars(select(Certificate).where(*mine).order_by(Certificate.id)))


@pytest.mark.row("F-28")
@pytest.mark.parametrize(
    ("left", "refused"),
    [
        (11 * DAY, TooEarlyToRenew),
        (10 * DAY + SECOND, TooEarlyToRenew),
        (10 * DAY, None),
        (SECOND, None),
        (timedelta(0), SealExpired),
        (-DAY, SealExpired),
    ],
)
def test_a_seal_is_renewed_within_its_last_ten_days_to_the_second(
    product: Product, left: timedelta, refused: type[DomainError] | None
) -> None:
    seal = stand_at(product, left)
    told = None
    try:
        ask(product)
    except DomainError as problem:
        told = problem

    assert (type(told) if told else None) == refused
    if isinstance(told, TooEarlyToRenew):
        begins = (local(seal.valid_until) - 10 * DAY).isoformat()
        assert told.details["renewable_from"] == begins
        assert begins.endswith("+08:00")


@pytest.mark.row("F-28")
def test_a_suspended_seal_is_enabled_before_it_is_renewed(product: Product) -> None:
    stand_at(product, DAY)
    with product.parts.db.begin() as uow:
        seal_of(uow).suspend(uow.now)

    with pytest.raises(SealSuspended):
        ask(product)


@pytest.mark.row("F-28")
def test_a_renewal_gives_a_new_period_with_the_same_picture_vouched_for_by_the_maker(
    product: Product,
) -> None:
    seal = stand_at(product, 5 * DAY)
    with product.parts.db.read() as uow:
        before, first = made_of(uow, seal), impression_of(uow, seal.id)

    change_id = ask(product)
    with pytest.raises(ChangeUnderWay):
        ask(product)
    product.work()

    assert change(product, change_id).state == ChangeState.DONE
    with product.parts.db.read() as uow:
        after, second, now = made_of(uow, seal), impression_of(uow, seal.id), seal_of(uow)
        signer = certificates(uow, "sm2")[-1].der
    assert now.valid_until == after.facts.valid_until == seal.valid_until + SEAL_LIFE
    assert (now.valid_from, now.number) == (seal.valid_from, seal.number)
    assert (second.version, second.svg, second.preview) == (2, first.svg, first.preview)
    assert after.facts.picture == before.facts.picture
    assert (after.facts.id, after.facts.certificates) == (seal.id, (signer,))


@pytest.mark.row("F-28", "R-08")
@pytest.mark.parametrize("loses_answers", [False, True])
def test_an_authority_that_is_away_in_the_middle_issues_each_certificate_once(
    product: Product, loses_answers: bool
) -> None:
    stand_at(product, 5 * DAY)
    first, second = ask(product), ask(product, SealKind.LEGAL_REPRESENTATIVE)
    # The third call is the second certificate's: the first one has been issued by then.
    away = DownCa(product.parts.providers.ca, failures=3, loses_answers=loses_answers)
    worker = product.worker(ca=away)
    for _ in range(6):
        worker.run_all()
        product.clock.advance(minutes=1)

    assert away.refused == 3
    assert {change(product, one).state for one in (first, second)} == {ChangeState.DONE}
    with product.parts.db.read() as uow:
        for algorithm in ("p256", "sm2"):
            former, fresh = certificates(uow, algorithm)
            assert fresh.not_after >= seal_of(uow).valid_until
            assert former.status == fresh.status == "active"
        for kind in BOTH:
            seal = seal_of(uow, kind)
            assert made_of(uow, seal).facts.certificates == (certificates(uow, "sm2")[-1].der,)
            assert made_of(uow, seal).facts.valid_until == seal.valid_until
    assert issued_by(product) == 2 * 2


def issued_by(product: Product) -> int:
    """How many certificates the authority has for this company's two keys, the first ones too."""
    with product.parts.db.read() as uow:
        found = [certificates(uow, algorithm) for algorithm in ("p256", "sm2")]
    subjects = {row.der for rows in found for row in rows}
    ca = product.parts.providers.ca
    with ca._register.read() as register:  # type: ignore[attr-defined]
        ders = [bytes(row[0]) for row in register.db.execute("SELECT certificate FROM issued")]
    keys = {public_key(der) for der in subjects}
    return sum(public_key(der) in keys for der in ders)


def public_key(der: bytes) -> bytes:
    info = Asn1Certificate.load(der)["tbs_certificate"]["subject_public_key_info"]
    return bytes(info.dump())


@pytest.mark.row("F-28")
def test_a_certificate_that_lasts_long_enough_is_not_renewed_again(product: Product) -> None:
    stand_at(product, 5 * DAY)
    for kind in BOTH:
        ask(product, kind)
        product.work()

    with product.parts.db.read() as uow:
        assert [len(certificates(uow, one)) for one in ("p256", "sm2")] == [2, 2]
        for kind in BOTH:
            assert seal_of(uow, kind).valid_until > product.clock.now() + SEAL_LIFE


@pytest.mark.row("F-28")
def test_each_seal_of_a_ring_renews_itself_and_is_made_anew_for_the_new_certificate(
    product: Product,
) -> None:
    stand_at(product, 5 * DAY)
    with product.parts.db.read() as uow:
        others_end = seal_of(uow, SealKind.LEGAL_REPRESENTATIVE).valid_until

    ask(product)
    product.work()

    with product.parts.db.read() as uow:
        other = seal_of(uow, SealKind.LEGAL_REPRESENTATIVE)
        made = made_of(uow, other)
        assert other.valid_until == made.facts.valid_until == others_end
        assert made.facts.certificates == (certificates(uow, "sm2")[-1].der,)


@pytest.mark.row("F-28")
def test_what_was_sealed_before_stays_and_the_keys_go_on_without_a_new_copy(
    product: Product,
) -> None:
    signing = product.signing()
    before = signing.seal()
    stand_at(product, 5 * DAY)
    ask(product)
    product.work()

    again = product.signing()
    again.seal()

    assert truth_of(product, again.id).status == "sealed"
    assert signing.partner.result(signing.id) == before
    with product.parts.db.read() as uow:
        former, fresh = certificates(uow, "p256")
    assert former.der.hex().encode() in before.lower()
    assert former.der != fresh.der
    result = again.partner.result(again.id).lower()
    assert former.der.hex().encode() not in result
    assert fresh.der.hex().encode() in result
    assert product.parts.providers.ca.status(former.serial).good


@pytest.mark.row("F-28", "F-30")
def test_a_seal_that_was_cancelled_meanwhile_is_not_renewed(product: Product) -> None:
    stand_at(product, 5 * DAY)
    change_id = ask(product)
    with product.parts.db.begin() as uow:
        lifecycle.cancel(uow, seal_of(uow).id, actor=account_of(uow, WEI).id)

    product.work()

    settled = change(product, change_id)
    assert settled.state == ChangeState.FAILED
    assert settled.failure is not None
    assert settled.failure["code"] == "seal_cancelled"
    with product.parts.db.read() as uow:
        assert seal_of(uow).status == SealStatus.CANCELLED
        assert impression_of(uow, seal_of(uow).id).version == 1


@pytest.mark.row("F-28", "R-08")
def test_a_renewal_that_no_try_can_finish_fails_with_a_reason_and_may_be_asked_again(
    product: Product,
) -> None:
    seal = stand_at(product, 5 * DAY)
    change_id = ask(product)
    worker = product.worker(ca=DownCa(product.parts.providers.ca, failures=1000))
    for _ in range(renewing.MOST_TRIES):
        worker.run_all()
        product.clock.advance(minutes=13)
        if change(product, change_id).state != ChangeState.PENDING:
            break

    settled = change(product, change_id)
    assert settled.failure is not None
    assert (settled.state, settled.failure["code"]) == (ChangeState.FAILED, "ca_unavailable")
    ask(product)
    product.work()
    with product.parts.db.read() as uow:
        assert seal_of(uow).valid_until == seal.valid_until + SEAL_LIFE
        assert ring_of(uow).version == 1


@pytest.mark.row("P-39", "F-28")
def test_news_of_the_registry_during_a_renewal_stand(product: Product) -> None:
    stand_at(product, 5 * DAY)
    ask(product)
    with product.parts.db.begin() as uow:
        lifecycle.stop(uow, [seal_of(uow)], Reason.STRUCK_OFF)

    product.work()

    with product.parts.db.read() as uow:
        assert seal_of(uow).reason == Reason.STRUCK_OFF
