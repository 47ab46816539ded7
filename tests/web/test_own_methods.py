"""提交 by the method that the owner has chosen: 核验密码, a text message, a face (F-23, F-48)."""

import pytest
from sqlalchemy import select

from server.certificates import held_copies
from server.certificates.errors import NotEntitled
from server.certificates.models import MethodCopy, PersonalKey
from server.certificates.service import OpenRing
from server.core.audit import AuditRow
from server.intents.models import VerificationMethod
from server.signing.own.proofs import MethodProved
from server.signing.own.queries import of_account
from server.signing.own.rights import right_of
from server.worker import sweep_hourly
from tests.factories.domain import ring_of
from tests.factories.methods import (
    USE_PASSWORD,
    account_id,
    choose,
    copies,
    keep_copy,
    proof_for,
    submit_by,
)
from tests.factories.own_signings import count, placed, uses
from tests.factories.product import WEI, Product
from tests.factories.seals import told
from tests.fakes.outside import DownTsa

METHODS = ["password", "sms", "face"]
OTHERS = [("sms", "face"), ("face", "sms"), ("sms", "password")]


@pytest.mark.row("F-23", "F-48")
@pytest.mark.parametrize("method", METHODS)
def test_a_file_is_sealed_by_the_method_of_its_owner(product: Product, method: str) -> None:
    choose(product, method)
    keep_copy(product)
    signing = placed(product)
    assert signing.read()["methods"] == [method, "pin"]

    assert submit_by(signing, method) == (202, "sealing")
    product.work()

    assert signing.read()["status"] == "done"
    with product.parts.db.read() as uow:
        submitted = select(AuditRow).where(AuditRow.event == "own_signing.submitted")
        assert uow.session.scalars(submitted).one().details["means"] == method


@pytest.mark.row("F-48")
@pytest.mark.parametrize("method", METHODS)
def test_a_method_opens_nothing_before_the_pin_was_given_once(
    product: Product, method: str
) -> None:
    choose(product, method)
    signing = placed(product)

    assert signing.read()["methods"] == ["pin"]
    assert submit_by(signing, method) == (422, "intent_method_refused")
    assert (uses(product), copies(product)) == ([], [])

    assert signing.submit().status_code == 202
    assert placed(product).read()["methods"] == [method, "pin"]
    assert [one.account_id for one in copies(product)] == [account_id(product, WEI)]


@pytest.mark.row("F-48")
def test_no_copy_is_kept_for_who_signs_by_the_pin(product: Product) -> None:
    assert placed(product).submit().status_code == 202

    assert copies(product) == []


@pytest.mark.row("F-23", "F-48")
@pytest.mark.parametrize(
    ("chosen", "given"), [("sms", "face"), ("face", "sms"), ("sms", "password")]
)
def test_another_method_than_the_owners_seals_nothing(
    product: Product, chosen: str, given: str
) -> None:
    choose(product, given)
    choose(product, chosen)
    keep_copy(product)
    signing = placed(product)

    assert submit_by(signing, given) == (422, "intent_method_refused")
    assert uses(product) == []


@pytest.mark.row("S-14", "S-16")
@pytest.mark.parametrize("name", ["signing", "documents", "placements"])
def test_a_proof_for_something_else_seals_nothing(product: Product, name: str) -> None:
    choose(product, "sms")
    keep_copy(product)
    signing = placed(product)
    proof = proof_for(signing, "sms", **{name: "0" * 64})

    assert told(signing.submit(pin=None, intent=proof)) == (403, "intent_refused")
    assert uses(product) == []


@pytest.mark.row("S-16")
def test_a_proof_is_worth_nothing_after_a_seal_was_moved(product: Product) -> None:
    choose(product, "sms")
    keep_copy(product)
    signing = placed(product)
    proof = proof_for(signing, "sms")
    signing.place(x=200.0)

    assert told(signing.submit(pin=None, intent=proof)) == (403, "intent_refused")


@pytest.mark.row("F-48", "R-12")
def test_a_proof_is_good_once_also_where_the_sealing_failed(product: Product) -> None:
    choose(product, "sms")
    keep_copy(product)
    signing = placed(product)
    proof = proof_for(signing, "sms")
    assert signing.submit(pin=None, intent=proof).status_code == 202
    assert signing.submit(pin=None, intent=proof).status_code == 202
    worker = product.worker(tsa=DownTsa(product.parts.providers.tsa, failures=99))
    for _ in range(5):
        worker.run_all()
        product.clock.advance(seconds=12)

    assert signing.read()["status"] == "failed"
    assert told(signing.submit(pin=None, intent=proof)) == (409, "intent_spent")
    assert len(uses(product)) == 1


@pytest.mark.row("F-48")
def test_a_proof_that_is_too_old_or_missing_is_asked_for_again(product: Product) -> None:
    choose(product, "sms")
    keep_copy(product)
    signing = placed(product)
    proof = proof_for(signing, "sms")
    product.clock.advance(minutes=5)

    assert told(signing.submit(pin=None, intent=proof)) == (410, "intent_expired")
    assert told(signing.submit(pin=None)) == (403, "intent_needed")


@pytest.mark.row("S-21")
def test_a_wrong_use_password_is_counted_and_locks(product: Product) -> None:
    choose(product, "password")
    keep_copy(product)
    signing = placed(product)

    for left in (4, 3, 2, 1, 0):
        answer = signing.submit(pin=None, password="wrong-2026")
        assert told(answer) == (422, "wrong_use_password")
        assert answer.get_json()["tries_left"] == left
    assert told(signing.submit(pin=None, password=USE_PASSWORD)) == (429, "use_password_locked")
    assert uses(product) == []


@pytest.mark.row("F-23")
def test_back_at_the_pin_the_copies_are_gone(product: Product) -> None:
    choose(product, "sms")
    keep_copy(product)
    choose(product, "face")
    assert len(copies(product)) == 1

    choose(product, "pin")

    assert copies(product) == []
    assert placed(product).read()["methods"] == ["pin"]


@pytest.mark.row("F-48")
def test_the_operator_may_forbid_every_method_but_the_pin(product: Product) -> None:
    choose(product, "sms")
    keep_copy(product)
    strict = product.restarted(keys_by_method=False)
    signing = placed(strict)

    assert signing.read()["methods"] == ["pin"]
    assert submit_by(signing, "sms") == (422, "intent_method_refused")
    sweep_hourly(strict.parts)
    assert count(product, MethodCopy) == 0
    assert signing.submit().status_code == 202
    assert count(product, MethodCopy) == 0


@pytest.mark.row("F-48")
def test_who_has_no_certificate_signs_by_his_method_with_what_is_held_for_him(
    product: Product,
) -> None:
    choose(product, "sms")
    data_key = keep_copy(product)
    signing = placed(product)
    with product.parts.db.begin() as uow:
        uow.session.delete(uow.session.get_one(PersonalKey, signing.phone.session.account_id))
        uow.session.query(MethodCopy).delete()
        ring, keys = OpenRing(ring_of(uow), data_key), product.parts.providers.keys
        held_copies.hold(uow, keys, ring, signing.phone.session.account_id)

    assert signing.read()["methods"] == ["sms"]
    assert submit_by(signing, "sms") == (202, "sealing")
    product.work()
    assert signing.read()["status"] == "done"


@pytest.mark.row("S-30")
@pytest.mark.parametrize("change", ["withdrawn", "changed"])
def test_a_copy_that_was_withdrawn_meanwhile_opens_nothing(product: Product, change: str) -> None:
    choose(product, "sms")
    data_key = keep_copy(product)
    [kept] = copies(product)
    signing = placed(product)
    proved = MethodProved(kept.account_id, kept.id, data_key, VerificationMethod.SMS)
    choose(product, "pin" if change == "withdrawn" else "face")

    with product.parts.db.begin() as uow:
        right = right_of(uow, of_account(uow, kept.account_id, signing.id))
        with pytest.raises(NotEntitled):
            proved.open(uow, right)


@pytest.mark.row("F-48")
def test_one_proof_at_a_time_is_taken(product: Product) -> None:
    signing = placed(product)

    assert told(signing.submit(password=USE_PASSWORD)) == (422, "invalid_fields")
