"""The data key on its way: only the watching page opens it, and after the sealing it is gone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.certificates import envelope
from server.certificates import service as certificates
from server.certificates.errors import EnvelopeDamaged
from server.certificates.models import KeyRelease
from server.signing.models import SigningTask
from server.signing.page_grants import about_release
from server.signing.sealing import about_reservation, page_pepper, reservation_key
from server.web.identity import PAGE_COOKIE
from server.worker import sweep
from tests.factories.domain import ring_of
from tests.factories.product import Product, Signing
from tests.fakes.clock import FakeClock


def releases(product: Product) -> list[KeyRelease]:
    with product.parts.db.read() as uow:
        return list(uow.session.scalars(select(KeyRelease)))


def token_of(signing: Signing) -> str:
    cookie = signing.page.client.get_cookie(PAGE_COOKIE, path=signing.page.path)
    assert cookie is not None
    return cookie.value


@dataclass
class Held:
    """A page that was given the right to seal, and what is kept for it."""

    product: Product
    signing: Signing
    release: KeyRelease

    @property
    def pepper(self) -> bytes:
        return page_pepper(self.product.parts.providers.keys, self.signing.task["id"])

    def open_with(self, token: str, pepper: bytes) -> bytes:
        key = envelope.key_of_page(token)
        about = about_release(self.release.holder_id)
        return envelope.open_sealed(key, self.release.sealed, about, pepper)

    def is_company_key(self, data_key: bytes) -> bool:
        with self.product.parts.db.read() as uow:
            return bool(certificates.private_key(uow, ring_of(uow).id, data_key))


@pytest.fixture
def held(product: Product) -> Held:
    signing = product.signing()
    signing.authorize()
    (release,) = releases(product)
    return Held(product, signing, release)


@pytest.mark.row("S-22", "S-02")
def test_the_pages_token_opens_the_release_and_nothing_else_does(held: Held) -> None:
    token = token_of(held.signing)
    assert held.is_company_key(held.open_with(token, held.pepper))
    others = [
        ("another token", held.pepper),
        (held.signing.page.open_token, held.pepper),
        (held.signing.task["id"], held.pepper),
        (token, b""),
        (token, b"\0" * 32),
    ]
    for other, pepper in others:
        with pytest.raises(EnvelopeDamaged):
            held.open_with(other, pepper)


@pytest.mark.row("S-22")
def test_the_pages_token_is_kept_nowhere_but_in_the_browser(held: Held) -> None:
    token = token_of(held.signing).encode()
    folder = held.product.parts.settings.data_dir
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.startswith("guiyin.sqlite3") for path in files)
    assert [path.name for path in files if token in path.read_bytes()] == []


def test_a_release_holds_no_longer_than_the_pages_right(held: Held, clock: FakeClock) -> None:
    assert held.release.ends_at == clock.now() + timedelta(minutes=30)


@pytest.mark.row("S-22", "F-41")
def test_no_released_key_is_left_after_the_sealing(held: Held) -> None:
    page = held.signing.page
    assert page.confirm(page.everywhere()).status_code == 202
    held.product.work()
    assert page.read()["task"]["status"] == "sealed"
    assert releases(held.product) == []


@pytest.mark.row("S-22")
def test_the_workers_release_needs_the_services_half(held: Held) -> None:
    page, product = held.signing.page, held.product
    page.confirm(page.everywhere())
    use_id = next(one.holder_id for one in releases(product) if one.holder_id.startswith("use-"))
    (release,) = [one for one in releases(product) if one.holder_id == use_id]
    half = reservation_key(product.parts.providers.keys, held.signing.task["id"])

    def open_with(secret: bytes, about: str) -> bytes:
        key = envelope.derive(secret, purpose="reservation")
        return envelope.unlock(key, release.sealed, about)

    assert held.is_company_key(open_with(half, about_reservation(use_id)))
    for secret, about in (
        (token_of(held.signing).encode(), about_reservation(use_id)),
        (half, about_reservation("use-2")),
    ):
        with pytest.raises(EnvelopeDamaged):
            open_with(secret, about)


@pytest.mark.row("S-22")
@pytest.mark.parametrize("ending", ["leave", "restart", "open again", "partner cancels"])
def test_the_release_is_gone_when_the_page_loses_its_right(ending: str, held: Held) -> None:
    signing, page = held.signing, held.signing.page
    if ending == "open again":
        held.product.page(signing.new_link())
    elif ending == "partner cancels":
        signing.partner.post(f"/signing-tasks/{signing.task['id']}/cancel")
    else:
        page.post(f"{page.path}/{ending}")
    assert releases(held.product) == []


@pytest.mark.row("S-22")
def test_a_release_whose_time_is_over_is_not_given_out_and_is_swept(
    held: Held, clock: FakeClock
) -> None:
    clock.advance(minutes=30)
    with held.product.parts.db.read() as uow:
        assert certificates.release_of(uow, held.release.holder_id) is None
    sweep(held.product.parts)
    assert releases(held.product) == []


def test_a_second_release_to_one_holder_replaces_the_first(held: Held) -> None:
    asked = {"ring_id": held.release.ring_id, "ends_at": held.release.ends_at}
    with held.product.parts.db.begin() as uow:
        certificates.keep_release(uow, held.release.holder_id, sealed=b"second", **asked)
    assert [one.sealed for one in releases(held.product)] == [b"second"]


def test_the_task_keeps_the_pages_public_half_only(held: Held) -> None:
    with held.product.parts.db.read() as uow:
        task = uow.session.get_one(SigningTask, held.signing.task["id"])
    page_key = envelope.key_of_page(token_of(held.signing))
    assert task.page_point == envelope.public_point(page_key)
