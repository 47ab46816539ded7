"""A forgotten PIN: face, code, another certificate; the old PIN opens nothing (P-40)."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from server.accounts.errors import FaceNotPassed
from server.accounts.faces import FacePurpose
from server.accounts.fresh_proofs import FaceShown
from server.certificates import service as certificates
from server.certificates.errors import (
    CopyAwaited,
    EnvelopeDamaged,
    KeysRenewing,
    NoCertificate,
    NotEntitled,
    WrongPin,
)
from server.certificates.models import (
    Certificate,
    CertificateStatus,
    KeyCopy,
    KeyRing,
    Rekeying,
    RequestedKey,
    SigningKey,
)
from server.certificates.unlock import PIN_POLICY, OpenedPerson, PinLocked, open_person
from server.core.db import Database, UnitOfWork
from server.pki.revocation import RevocationReason
from server.pki.subject_keys import Algorithm
from server.providers.ca import CaUnavailable
from tests.factories.domain import (
    GUIYIN,
    company,
    only_grant,
    opened,
    ring_of,
)
from tests.factories.holders import NEW_PIN, Holders, typed
from tests.factories.product import HUANG, LI, WEI, Product
from tests.fakes.outside import ForgetfulCa


def ring_now(uow: UnitOfWork, name: str = GUIYIN) -> KeyRing:
    owner = company(uow, name)
    return uow.session.scalars(
        select(KeyRing).where(KeyRing.owner_id == owner.id, KeyRing.retired_at.is_(None))
    ).one()


def by_new_pin(holders: Holders, account_id: str) -> OpenedPerson:
    parts = holders.product.parts
    return open_person(parts.db, parts.providers.keys, account_id, NEW_PIN)


def data_key(product: Product, person: OpenedPerson, grant_id: str = "") -> bytes:
    with product.parts.db.read() as uow:
        return certificates.open_copy(uow, ring_now(uow).id, person, grant_id)


def serials(product: Product, ring_id: str) -> dict[str, str]:
    """The certificates of a ring: serial number, and what our row says."""
    with product.parts.db.read() as uow:
        rows = select(Certificate).join(SigningKey, SigningKey.certificate_id == Certificate.id)
        found = uow.session.scalars(rows.where(SigningKey.ring_id == ring_id))
        return {one.serial: one.status for one in found}


@pytest.mark.row("P-40", "S-21")
def test_a_forgotten_pin_gives_another_certificate_and_ends_the_lock(holders: Holders) -> None:
    parts, session = holders.product.parts, holders.logged_in(WEI)
    for _ in range(PIN_POLICY.tries):
        with pytest.raises((WrongPin, PinLocked)):
            open_person(parts.db, parts.providers.keys, session.account_id, "999999")
    with pytest.raises(PinLocked):
        open_person(parts.db, parts.providers.keys, session.account_id, WEI.pin)
    holders.forget_pin(session)
    person = by_new_pin(holders, session.account_id)
    key = holders.key(session)
    assert key is not None
    assert key.version == 2
    assert person.account_id == session.account_id
    with pytest.raises(WrongPin):
        open_person(parts.db, parts.providers.keys, session.account_id, WEI.pin)
    before, after = holders.certificates(session)
    assert (before.status, after.status) == (CertificateStatus.REVOKED, CertificateStatus.ACTIVE)
    holders.product.work()
    revoked = parts.providers.ca.status(before.serial).revocation
    assert revoked is not None
    assert revoked.reason is RevocationReason.SUPERSEDED
    assert parts.providers.ca.status(after.serial).good


@pytest.mark.row("P-40")
def test_neither_a_face_nor_a_code_alone_resets_the_pin(holders: Holders) -> None:
    session, other = holders.logged_in(WEI), holders.logged_in(HUANG)
    code, _ = holders.proofs(session)
    strangers = holders.faces.passed(other.account_id, FacePurpose.RESET_PIN, other.id)
    for_login = holders.faces.passed(session.account_id, FacePurpose.LOGIN, session.id)
    waiting = holders.faces.begin(session.account_id, FacePurpose.RESET_PIN, session.id)
    for check_id in (strangers, for_login, waiting, "face-unknown"):
        with pytest.raises(FaceNotPassed):
            holders.desk().reset(session, code, FaceShown(check_id), typed(NEW_PIN))
    assert len(holders.certificates(session)) == 1
    assert opened(holders.product.parts, WEI)


@pytest.mark.row("R-12")
def test_a_reset_that_is_sent_twice_is_one(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    code, face = holders.proofs(session)
    for _ in range(2):
        holders.desk().reset(session, code, face, typed(NEW_PIN))
    assert len(holders.certificates(session)) == 2
    with holders.db.read() as uow:
        assert len(uow.session.scalars(select(Rekeying)).all()) == 1


@pytest.mark.row("R-08")
def test_a_reset_goes_on_after_a_lost_answer_and_until_then_the_old_pin_holds(
    holders: Holders,
) -> None:
    session = holders.logged_in(WEI)
    code, face = holders.proofs(session)
    ca = ForgetfulCa(holders.product.parts.providers.ca, 1)
    with pytest.raises(CaUnavailable):
        holders.desk(ca).reset(session, code, face, typed(NEW_PIN))
    assert opened(holders.product.parts, WEI)
    holders.desk(ca).reset(session, code, face, typed(NEW_PIN))
    assert len(set(ca.asked)) == 1
    assert by_new_pin(holders, session.account_id)


def test_who_has_no_certificate_has_no_pin_to_forget(holders: Holders) -> None:
    session = holders.proven()
    with pytest.raises(NoCertificate):
        holders.forget_pin(session)


@pytest.mark.row("P-40")
def test_a_representatives_ring_is_replaced_and_everybody_entitled_opens_the_new_one(
    holders: Holders,
) -> None:
    product, session = holders.product, holders.logged_in(WEI)
    with holders.db.read() as uow:
        before, grant_id = ring_of(uow).id, only_grant(uow).id
    holders.forget_pin(session)
    wei, li = by_new_pin(holders, session.account_id), opened(product.parts, LI)
    with pytest.raises(KeysRenewing):
        data_key(product, wei)
    product.work()
    key = data_key(product, wei)
    assert data_key(product, li, grant_id) == key
    with holders.db.read() as uow:
        ring = ring_now(uow)
        assert (ring.id == before, ring.version) == (False, 2)
        for algorithm in Algorithm:
            assert certificates.private_key(uow, ring.id, key, algorithm)
        assert uow.session.get_one(KeyRing, before).retired_at is not None
        assert not uow.session.scalars(select(KeyCopy).where(KeyCopy.ring_id == before)).all()
        assert not [row for row in uow.session.scalars(select(RequestedKey)) if row.sealed]
    assert set(serials(product, before).values()) == {CertificateStatus.REVOKED}
    assert set(serials(product, ring.id).values()) == {CertificateStatus.ACTIVE}
    ca = product.parts.providers.ca
    assert not any(ca.status(serial).good for serial in serials(product, before))
    assert all(ca.status(serial).good for serial in serials(product, ring.id))


@pytest.mark.row("F-28")
def test_new_keys_are_no_renewal(holders: Holders) -> None:
    product = holders.product
    with holders.db.read() as uow:
        ends = certificates.certificate_of(uow, ring_of(uow), Algorithm.SM2).not_after
    product.clock.advance(days=200)
    holders.forget_pin(holders.logged_in(WEI))
    product.work()
    with holders.db.read() as uow:
        now = certificates.certificate_of(uow, ring_now(uow), Algorithm.SM2)
    assert now.not_after == ends
    assert now.not_before == product.clock.now().replace(microsecond=0)


@pytest.mark.row("S-22", "P-40")
def test_the_old_pin_with_a_copy_of_the_database_from_before_opens_nothing_of_now(
    holders: Holders, tmp_path: Path
) -> None:
    product, session = holders.product, holders.logged_in(WEI)
    parts = product.parts
    copy = tmp_path / "before.sqlite3"
    shutil.copy(parts.settings.data_dir / "guiyin.sqlite3", copy)
    shutil.copy(parts.settings.data_dir / "guiyin.sqlite3-wal", f"{copy}-wal")
    holders.forget_pin(session)
    product.work()
    stolen = Database(f"sqlite:///{copy}", product.clock)
    # Even with the service's key the old PIN gives a wrapping key to which nothing is sealed.
    thief = open_person(stolen, parts.providers.keys, session.account_id, WEI.pin)
    stolen.close()
    with pytest.raises(EnvelopeDamaged):
        data_key(product, thief)
    assert data_key(product, by_new_pin(holders, session.account_id))


@pytest.mark.row("P-40")
def test_a_grantee_waits_until_the_representative_gives_his_pin_again(holders: Holders) -> None:
    product, session = holders.product, holders.logged_in(LI)
    with holders.db.read() as uow:
        grant_id, ring_id = only_grant(uow).id, ring_of(uow).id
    holders.forget_pin(session)
    product.work()
    li = by_new_pin(holders, session.account_id)
    with pytest.raises(CopyAwaited):
        data_key(product, li, grant_id)
    with pytest.raises(NotEntitled):
        data_key(product, li)
    with holders.db.read() as uow:
        assert ring_now(uow).id == ring_id  # the company's keys were never in danger
    signing = product.signing(person=WEI)
    signing.authorize()
    assert data_key(product, li, grant_id) == data_key(product, opened(product.parts, WEI))


@pytest.mark.row("P-40")
def test_a_second_forgotten_pin_before_the_worker_came_ends_with_one_new_ring(
    holders: Holders,
) -> None:
    session = holders.logged_in(WEI)
    holders.forget_pin(session, "223311")
    holders.product.clock.advance(hours=1)
    holders.forget_pin(session)
    holders.product.work()
    wei = by_new_pin(holders, session.account_id)
    assert data_key(holders.product, wei)
    with holders.db.read() as uow:
        assert ring_now(uow).version == 2
