"""What was applied for is made exactly once, whatever dies or is away on the way (R-08)."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bench import issuing as issuing_bench
from server.accounts.notice_models import Notice
from server.applications.lifecycle import ApplicationState
from server.applications.models import KEPT, Application, Way
from server.applications.slots import needed
from server.certificates import method_copies
from server.certificates.models import (
    KeyRequest,
    OwnerKind,
    PersonalKey,
    RequestedKey,
)
from server.certificates.service import open_copy, private_key
from server.intents.methods import MethodChoice, method_of, set_method
from server.intents.models import VerificationMethod
from server.pki.subject_keys import Algorithm
from server.providers.seal_maker import SealMakerUnavailable
from server.sealing.ses import read_seal
from server.seals.models import SealKind
from server.seals.queries import impression_of
from tests.factories.applications import Applicant, forms, wanted
from tests.factories.domain import GUIYIN, opened, ring_of
from tests.factories.issuing import (
    KINDS,
    assert_made_once,
    made_for,
    ready,
    wait_out,
)
from tests.factories.product import HUANG, WEI
from tests.fakes.dying import Away, Struck

GUIYIN_CODE = "91450100MA5K8Q2X13"


@pytest.mark.row("F-19", "F-21")
def test_the_seals_are_made_on_one_ring_that_the_representative_opens(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    made = assert_made_once(wei, row)
    ring = made.rings[0]
    with wei.product.parts.db.read() as uow:
        data_key = open_copy(uow, ring.id, opened(wei.product.parts, WEI))
        for algorithm in (Algorithm.P256, Algorithm.SM2):
            private, certificate = private_key(uow, ring.id, data_key, algorithm)
            assert private
            assert certificate.is_good(uow.now)
        for seal in made.seals:
            assert seal.ring_id == ring.id
            signer = read_seal(impression_of(uow, seal.id).made or b"").facts.certificates
            assert signer == (certificate.der,)
            assert seal.valid_until <= certificate.not_after
            assert len(seal.number) == 13
            assert seal.number.startswith("450200")
    assert len({seal.number for seal in made.seals}) == len(KINDS)


@pytest.mark.row("P-36", "F-23")
def test_the_applicant_is_told_and_his_method_holds(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    with wei.product.parts.db.read() as uow:
        news = uow.session.scalars(select(Notice).where(Notice.subject == row.id)).all()
        assert [one.news for one in news] == ["application_done"]
        assert news[0].enterprise_id == row.owner_id
        assert method_of(uow, OwnerKind.ENTERPRISE, row.owner_id) == VerificationMethod.SMS
    texts = [message.text for message in wei.product.sms.messages(5)]
    assert any("电子印章已生成" in text for text in texts)


@pytest.mark.row("F-48")
@pytest.mark.parametrize("by_method", [True, False])
def test_who_chose_another_method_than_the_pin_signs_by_it_from_the_first_day(
    wei: Applicant, by_method: bool
) -> None:
    product = wei.product.restarted(keys_by_method=by_method)
    row = ready(wei)

    product.work()

    [ring] = made_for(wei, row).rings
    with product.parts.db.read() as uow:
        kept = method_copies.holders(uow, ring.id)
    assert kept == ({(row.applicant_id, "")} if by_method else set())


@pytest.mark.row("F-23")
def test_who_has_chosen_a_method_before_keeps_it_unless_he_chooses_again(wei: Applicant) -> None:
    ready(wei, [SealKind.COMPANY])
    wei.product.work()
    second = wei.start()
    row = wei.found(second)
    assert (row.method, row.method_digest) == ("sms", KEPT)
    wei.fill(second, Way.FULL, [SealKind.FINANCE])
    wei.withdraw(second)

    third = wei.start()
    people = wei.people(*forms(Way.FULL))
    wei.save(third, wanted=[wanted(SealKind.FINANCE)], people=people)
    wei.add_materials(third, needed(Way.FULL, another_agent=True))
    owner = (OwnerKind.ENTERPRISE, row.owner_id)
    with wei.product.parts.db.begin() as uow:
        set_method(uow, *owner, MethodChoice(VerificationMethod.FACE))
    wei.submit(third)
    wei.certify(third)
    wei.product.work()
    assert wei.found(third).state == ApplicationState.DONE
    with wei.product.parts.db.read() as uow:
        assert method_of(uow, *owner) == VerificationMethod.FACE


@pytest.mark.row("S-22")
def test_the_keys_that_waited_for_the_authority_are_wiped(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    with wei.product.parts.db.read() as uow:
        kept = select(RequestedKey.sealed).where(RequestedKey.request_id == row.id)
        assert uow.session.scalars(kept).all() == [None, None]


@pytest.mark.row("F-21")
def test_further_seals_come_onto_the_ring_that_the_owner_has(wei: Applicant) -> None:
    wei.product.clock.advance(days=10)
    with wei.product.parts.db.read() as uow:
        before = ring_of(uow, GUIYIN)
    application_id = wei.start(code=GUIYIN_CODE)
    wei.fill(application_id, Way.FULL, [SealKind.FINANCE, SealKind.CONTRACT])
    wei.submit(application_id)
    wei.certify(application_id)
    issued = Struck(wei.product.parts.providers.ca, "issue")
    wei.product.worker(ca=issued).run_all()
    assert issued.calls == []
    with wei.product.parts.db.read() as uow:
        assert uow.session.get(KeyRequest, application_id) is None
    row = wei.found(application_id)
    made = made_for(wei, row)
    assert [ring.id for ring in made.rings] == [before.id]
    assert {seal.ring_id for seal in made.seals} == {before.id}
    assert len(made.seals) == 4
    ends = min(one.not_after for one in made.certificates)
    assert all(seal.valid_until <= ends for seal in made.seals)


def test_an_owner_whose_certificates_have_ended_gets_a_new_ring(wei: Applicant) -> None:
    row = ready(wei)
    wei.product.work()
    wei.product.clock.advance(days=4 * 365)
    del wei.session
    again = ready(wei)
    wei.product.work()
    made = made_for(wei, again)
    assert again.owner_id == row.owner_id
    assert sorted(ring.version for ring in made.rings) == [1, 2]
    assert len({seal.ring_id for seal in made.seals}) == 2


@pytest.mark.row("F-25", "F-14")
def test_who_has_no_certificate_finds_his_key_held_for_him(wei: Applicant) -> None:
    with wei.product.parts.db.begin() as uow:
        uow.session.delete(uow.session.get_one(PersonalKey, wei.account_id))
    row = ready(wei, [SealKind.SQUARE, SealKind.HANDWRITTEN], Way.PERSONAL)
    wei.product.work()
    made = assert_made_once(wei, row, [SealKind.SQUARE, SealKind.HANDWRITTEN])
    assert (len(made.copies), len(made.held)) == (0, 1)
    assert made.held[0].account_id == wei.account_id
    assert all(seal.number.startswith("450000") for seal in made.seals)


@pytest.mark.row("P-39")
def test_news_of_the_registry_while_it_is_issued_refuse_it(wei: Applicant) -> None:
    row = ready(wei)
    worker = wei.product.worker(seal_maker=Away(SealMakerUnavailable))
    worker.run_all()
    wei.company(representative=HUANG.name, representative_id_number=HUANG.id_number)
    wait_out(wei)
    wei.product.work()
    made = made_for(wei, row)
    assert (made.rings, made.seals) == ([], [])
    with wei.product.parts.db.read() as uow:
        assert uow.session.get_one(Application, row.id).state == ApplicationState.REJECTED
        kept = select(RequestedKey.sealed).where(RequestedKey.request_id == row.id)
        assert uow.session.scalars(kept).all() == [None, None]
        told = select(Notice.news).where(Notice.subject == row.id)
        assert uow.session.scalars(told).all() == ["application_rejected"]


def test_what_five_seals_cost_can_be_measured(tmp_path: Path) -> None:
    (spent,) = issuing_bench.cpu_ms(tmp_path, rounds=1)
    assert 5 < spent < 15 * issuing_bench.BOUND_MS
