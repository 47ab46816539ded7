"""Keys at rest: a copy of the database opens nothing, and a withdrawn copy is gone (S-22)."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import delete

from server.certificates import envelope
from server.certificates import service as certificates
from server.certificates.errors import EnvelopeDamaged, NotEntitled, WrongPin
from server.certificates.models import KeyCopy, PersonalKey
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import Database
from server.pki.chain import check_chain
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm, public_key_of
from server.providers.keys.local import LocalKeys
from tests.factories.domain import YONGJIANG, account_of, only_grant, opened, ring_of
from tests.factories.product import HUANG, LI, PEOPLE, WEI, Product
from tests.fakes.clock import FakeClock


def data_key(product: Product, person: OpenedPerson, name: str | None = None) -> bytes:
    """What a person gets out of his own copy, by his grant if he has one."""
    with product.parts.db.read() as uow:
        ring = ring_of(uow, name) if name else ring_of(uow)
        by_grant = person.account_id == account_of(uow, LI).id
        grant_id = only_grant(uow).id if by_grant else ""
        return certificates.open_copy(uow, ring.id, person, grant_id)


@pytest.mark.row("S-22")
def test_every_entitled_person_opens_the_same_company_key(product: Product) -> None:
    key = data_key(product, opened(product.parts, WEI))
    assert data_key(product, opened(product.parts, LI)) == key
    with product.parts.db.read() as uow:
        private, certificate = certificates.private_key(uow, ring_of(uow).id, key)
    pair = load_der_private_key(private, password=None)
    signs_for = load_der_x509_certificate(certificate.der).public_key()
    assert isinstance(pair, ec.EllipticCurvePrivateKey)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert pair.public_key().public_bytes(*form) == signs_for.public_bytes(*form)


@pytest.mark.row("S-22")
def test_the_same_data_key_opens_the_sm2_key_that_the_seal_is_signed_with(product: Product) -> None:
    key = data_key(product, opened(product.parts, WEI))
    with product.parts.db.read() as uow:
        ring = ring_of(uow)
        private, certificate = certificates.private_key(uow, ring.id, key, Algorithm.SM2)

    assert Sm2PrivateKey.from_pkcs8(private).public_key().spki() == public_key_of(
        load_der_x509_certificate(certificate.der)
    )
    leaf, issuing, root = (
        load_der_x509_certificate(der)
        for der in (certificate.der, certificate.issuing_der, certificate.root_der)
    )
    assert check_chain(leaf, [issuing], [root], product.clock.now()) == [leaf, issuing, root]


@pytest.mark.row("S-22")
def test_a_person_has_no_copy_of_another_companys_key(product: Product) -> None:
    huang = opened(product.parts, HUANG)
    with pytest.raises(NotEntitled):
        data_key(product, huang)
    assert data_key(product, huang, YONGJIANG)


@pytest.mark.row("S-22", "F-31")
def test_a_withdrawn_copy_ends_the_access_at_once(product: Product) -> None:
    li = opened(product.parts, LI)
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(KeyCopy).where(KeyCopy.grant_id == only_grant(uow).id))
    with pytest.raises(NotEntitled):
        data_key(product, li)
    assert data_key(product, opened(product.parts, WEI))


@pytest.mark.row("S-22")
def test_one_persons_copy_is_of_no_use_to_another(product: Product) -> None:
    wei, huang = opened(product.parts, WEI), opened(product.parts, HUANG)
    with product.parts.db.begin() as uow:
        mine = uow.session.query(KeyCopy).filter_by(account_id=wei.account_id).one()
        mine.account_id = huang.account_id
    with pytest.raises(EnvelopeDamaged):
        data_key(product, huang)
    # Not even with the first one's key: the copy says for whom it was made.
    with pytest.raises(EnvelopeDamaged):
        data_key(product, OpenedPerson(huang.account_id, wei.wrapping_key))


@pytest.mark.row("S-22")
def test_a_copy_for_one_company_is_of_no_use_for_another(product: Product) -> None:
    wei = opened(product.parts, WEI)
    with product.parts.db.begin() as uow:
        mine = uow.session.query(KeyCopy).filter_by(account_id=wei.account_id).one()
        mine.ring_id = ring_of(uow, YONGJIANG).id
    with pytest.raises(EnvelopeDamaged):
        data_key(product, wei, YONGJIANG)


@pytest.mark.row("S-22", "S-29")
def test_the_copy_of_a_grant_is_not_opened_by_another_right(product: Product) -> None:
    li = opened(product.parts, LI)
    with product.parts.db.read() as uow:
        for other in ("", "gr-other"):
            with pytest.raises(NotEntitled):
                certificates.open_copy(uow, ring_of(uow).id, li, other)


@pytest.mark.row("S-22")
def test_a_companys_key_is_bound_to_its_certificate(product: Product) -> None:
    key = data_key(product, opened(product.parts, WEI))
    with product.parts.db.begin() as uow:
        ring_of(uow).version = 2
    with product.parts.db.read() as uow, pytest.raises(EnvelopeDamaged):
        certificates.private_key(uow, ring_of(uow).id, key)


class Thief:
    """Has a copy of the database file, every PIN, and a key folder of his own."""

    def __init__(self, product: Product, folder: Path, clock: FakeClock) -> None:
        source = product.parts.settings.data_dir / "guiyin.sqlite3"
        self.copy = folder / "stolen.sqlite3"
        with closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(self.copy)) as mine:
            db.backup(mine)
        self.db = Database(f"sqlite:///{self.copy}", clock)
        own = folder / "own keys"
        own.mkdir(mode=0o700)
        self.keys = LocalKeys(own, clock)

    def values(self) -> Iterator[bytes]:
        """Every value of every table, as bytes."""
        with closing(sqlite3.connect(self.copy)) as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                for row in db.execute(f'SELECT * FROM "{table}"'):
                    yield from (one if isinstance(one, bytes) else str(one).encode() for one in row)


@pytest.fixture
def thief(product: Product, tmp_path: Path, clock: FakeClock) -> Iterator[Thief]:
    thief = Thief(product, tmp_path, clock)
    yield thief
    thief.db.close()


@pytest.mark.row("S-22")
def test_a_thief_of_the_database_who_knows_the_pin_cannot_open_a_key(thief: Thief) -> None:
    with thief.db.read() as uow:
        account_id = account_of(uow, WEI).id
    with pytest.raises(WrongPin):
        open_person(thief.db, thief.keys, account_id, WEI.pin)


@pytest.mark.row("S-22")
def test_the_pin_alone_without_the_services_half_opens_nothing(thief: Thief) -> None:
    with thief.db.read() as uow:
        row = uow.session.get_one(PersonalKey, account_of(uow, WEI).id)
    stretched = envelope.stretch(WEI.pin, row.salt)
    tries = [
        stretched,
        envelope.derive(stretched, purpose=row.about),
        envelope.derive(stretched, b"", purpose=row.about),
        envelope.derive(stretched, b"\0" * 32, purpose=row.about),
    ]
    for key in tries:
        with pytest.raises(EnvelopeDamaged):
            envelope.unlock(key, row.closed, row.about)


@pytest.mark.row("S-22")
def test_the_master_key_without_the_pin_opens_nothing(product: Product) -> None:
    keys = product.parts.providers.keys
    with product.parts.db.read() as uow:
        row = uow.session.get_one(PersonalKey, account_of(uow, WEI).id)
    served = keys.hmac("wrapping_key", row.account_id, b"1")
    for key in (served, envelope.derive(served, purpose=row.about)):
        with pytest.raises(EnvelopeDamaged):
            envelope.unlock(key, row.closed, row.about)


@pytest.mark.row("S-22", "S-44")
def test_no_value_of_the_database_is_an_open_key_a_pin_or_a_number(
    product: Product, thief: Thief
) -> None:
    wei = opened(product.parts, WEI)
    raw = wei.wrapping_key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    key = data_key(product, wei)
    with product.parts.db.read() as uow:
        private, _ = certificates.private_key(uow, ring_of(uow).id, key)
    settings = product.parts.settings
    canaries = [
        raw,
        key,
        private,
        settings.master_key_bytes,
        settings.link_key_bytes,
        product.partner_key.encode(),
        *(person.phone.encode() for person in PEOPLE),
    ]
    shapes = [form for one in canaries for form in (one, one.hex().encode())]
    pins = {person.pin.encode() for person in PEOPLE}
    values = list(thief.values())
    assert len(values) > 200
    assert [one[:40] for one in values if one in pins] == []
    assert [one[:40] for one in values for canary in shapes if canary in one] == []


def test_the_same_folder_of_keys_opens_a_restored_database(
    product: Product, thief: Thief, tmp_path: Path, clock: FakeClock
) -> None:
    folder = tmp_path / "restored keys"
    shutil.copytree(product.parts.settings.data_dir / "keys", folder)
    with thief.db.read() as uow:
        account_id = account_of(uow, WEI).id
    assert open_person(thief.db, LocalKeys(folder, clock), account_id, WEI.pin)
