"""Asking the authority: however often it is asked and wherever we die, one certificate (R-08)."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import select

from server.certificates import requests
from server.certificates import service as certificates
from server.certificates.errors import RequestClosed
from server.certificates.models import Certificate, OwnerKind, RequestedKey
from server.certificates.service import Owner, SigningKeys
from server.core.db import UnitOfWork
from server.pki.authority import Period, Subject
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm, public_key_of, spki_of
from server.providers.ca import CaUnavailable, RequestReused
from server.providers.keys import UnwrapRefused
from tests.factories.product import Product
from tests.fakes.outside import ForgetfulCa
from tests.fakes.trouble import Broken, abandon

REQUEST = "app-1"
OWNER = Owner(OwnerKind.ENTERPRISE, "ent-new", Subject.of_company("新公司", "91450100MA5K8Q2X13"))


def period(product: Product) -> Period:
    starts = product.clock.now().replace(microsecond=0)
    return Period(starts, starts + timedelta(days=365))


def ask(product: Product, uow: UnitOfWork, owner: Owner = OWNER) -> None:
    keys = product.parts.providers.keys
    requests.open_request(uow, keys, request_id=REQUEST, owner=owner, period=period(product))


def opened(product: Product, owner: Owner = OWNER) -> None:
    with product.parts.db.begin() as uow:
        ask(product, uow, owner)


def fulfilled(product: Product, ca: ForgetfulCa | None = None) -> SigningKeys:
    parts = product.parts
    authority = ca or parts.providers.ca
    return requests.fulfil(parts.db, parts.providers.keys, authority, REQUEST)


def kept(uow: UnitOfWork, issued: SigningKeys) -> None:
    certificates.make_ring(uow, issued)
    requests.close_request(uow, REQUEST)


def issued_for(product: Product, request_id: str = REQUEST) -> list[str]:
    """The serial numbers that the authority's own register has under a request."""
    file = product.parts.settings.data_dir / "ca" / "ca.sqlite3"
    with closing(sqlite3.connect(file)) as register:
        found = register.execute(
            "SELECT serial FROM issued WHERE request_id LIKE ? ORDER BY serial", (request_id + "%",)
        )
        return [serial for (serial,) in found]


@pytest.mark.row("R-08")
@pytest.mark.parametrize("losses", [1, 2, 3])
def test_an_answer_that_was_lost_is_asked_for_again_and_is_the_same(
    product: Product, losses: int
) -> None:
    opened(product)
    ca = ForgetfulCa(product.parts.providers.ca, losses)
    for _ in range(losses):
        with pytest.raises(CaUnavailable):
            fulfilled(product, ca)
    keys = fulfilled(product, ca)
    assert issued_for(product) == sorted(one.answer.serial for one in keys)
    assert set(ca.asked) == {f"{REQUEST}-p256", f"{REQUEST}-sm2"}


@pytest.mark.row("R-08")
def test_a_crash_between_any_two_steps_leaves_one_certificate_for_each_key(
    product: Product,
) -> None:
    db = product.parts.db
    with pytest.raises(Broken):
        abandon(db, partial(ask, product))
    opened(product)
    opened(product)  # asked for a second time: the keys that are there stay
    first = fulfilled(product)
    with pytest.raises(Broken):
        abandon(db, partial(kept, issued=first))
    again = fulfilled(product)
    with db.begin() as uow:
        kept(uow, again)
    assert [one.answer for one in again] == [one.answer for one in first]
    assert [one.private for one in again] == [one.private for one in first]
    assert issued_for(product) == sorted(one.answer.serial for one in first)
    with db.read() as uow:
        stored = uow.session.scalars(select(Certificate).where(Certificate.owner_id == OWNER.id))
        assert sorted(one.serial for one in stored) == issued_for(product)


def test_the_certificates_speak_for_the_owner_and_for_the_keys_that_were_kept(
    product: Product,
) -> None:
    opened(product)
    p256, sm2 = fulfilled(product)
    certificate = load_der_x509_certificate(p256.answer.certificate)
    key = load_der_private_key(p256.private, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert spki_of(key.public_key()) == public_key_of(certificate)
    seals = load_der_x509_certificate(sm2.answer.certificate)
    assert Sm2PrivateKey.from_pkcs8(sm2.private).public_key().spki() == public_key_of(seals)
    assert certificate.subject == OWNER.subject.distinguished_name()
    assert certificate.not_valid_after_utc == period(product).ends


@pytest.mark.row("R-08")
def test_one_request_is_not_used_for_another_owner(product: Product) -> None:
    opened(product)
    other = Owner(OwnerKind.ENTERPRISE, "ent-other", OWNER.subject)
    with pytest.raises(RequestReused):
        opened(product, other)


@pytest.mark.row("S-22")
def test_private_keys_wait_sealed_and_are_gone_once_the_ring_is_made(product: Product) -> None:
    opened(product)
    keys = fulfilled(product)
    file = product.parts.settings.data_dir / "guiyin.sqlite3"
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT * FROM requested_keys").fetchall()
    at_rest = [value for row in rows for value in row if isinstance(value, bytes)]
    for one in keys:
        scalar = one.private[40:60]  # well inside of the secret number; behind it is the public key
        assert not any(scalar in value for value in at_rest)
    with product.parts.db.begin() as uow:
        kept(uow, keys)
        requests.close_request(uow, REQUEST)  # a second time changes nothing
    with product.parts.db.read() as uow:
        asked = RequestedKey.request_id == REQUEST
        assert [row.sealed for row in uow.session.scalars(select(RequestedKey).where(asked))] == [
            None,
            None,
        ]
    with pytest.raises(RequestClosed):
        fulfilled(product)


def test_a_key_that_waits_is_bound_to_its_request(product: Product) -> None:
    opened(product)
    with product.parts.db.begin() as uow:
        p256 = uow.session.get_one(RequestedKey, (REQUEST, "p256"))
        sm2 = uow.session.get_one(RequestedKey, (REQUEST, "sm2"))
        p256.sealed, sm2.sealed = sm2.sealed, p256.sealed
    with pytest.raises(UnwrapRefused):
        fulfilled(product)


def test_each_ring_of_an_owner_is_the_next_version(product: Product) -> None:
    opened(product)
    with product.parts.db.begin() as uow:
        kept(uow, fulfilled(product))
    second = "app-2"
    parts = product.parts
    with parts.db.begin() as uow:
        requests.open_request(
            uow, parts.providers.keys, request_id=second, owner=OWNER, period=period(product)
        )
    issued = requests.fulfil(parts.db, parts.providers.keys, parts.providers.ca, second)
    with parts.db.begin() as uow:
        made = certificates.make_ring(uow, issued)
        assert made.ring.version == 2
        now = certificates.current_ring(uow, OWNER.kind, OWNER.id)
        assert now is not None
        assert now.id == made.ring.id
        signs = certificates.certificate_of(uow, now, Algorithm.SM2)
        assert signs.serial == issued.sm2.answer.serial
