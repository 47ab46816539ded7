"""Whoever copies the tables and Redis at any moment of a signing holds nothing that opens a door.

Tables of real PostgreSQL or SQLite and every value in Redis are read after each step, and searched
for each secret in each form in which it could have been written down.
"""

import re

import pytest
from sqlalchemy import select

from server.certificates.service import open_copy, private_key
from server.core.idempotency import IdempotencyKey
from server.settings import Settings
from tests.factories.domain import opened, ring_of
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI, Product, Signing
from tests.factories.search import leaks, stands_in

WRONG_PIN = "864209"
# Where the number itself stands in the PKCS#8 of a P-256 key.
SCALAR = slice(36, 68)


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    """QR sessions and limits in Redis, as in production; the database is either one."""
    return settings.model_copy(update={"qr_store": "redis", "redis_url": redis_url})


def keys_of(product: Product) -> dict[str, str | bytes]:
    """The keys of the company and of the signer, opened as only he could."""
    person = opened(product.parts, WEI)
    with product.parts.db.read() as uow:
        ring = ring_of(uow).id
        data_key = open_copy(uow, ring, person)
        private, _ = private_key(uow, ring, data_key)
    settings = product.parts.settings
    return {
        "the data key": data_key,
        "the private key": private[SCALAR],
        "the wrapping key": person.wrapping_key.private_bytes_raw(),
        "the master key": settings.master_key_bytes,
        "the link key": settings.link_key_bytes,
        "the key holder's key": (settings.data_dir / "keys" / "master.key").read_bytes(),
    }


def cookies(signing: Signing) -> dict[str, str | bytes]:
    """What the browsers hold; the phone's browser has a name, which opens nothing by itself."""
    held = [*signing.page.client._cookies.values(), *signing.phone.client._cookies.values()]
    return {one.key: one.value for one in held if one.key != "gy_browser"}


def test_the_search_finds_what_is_kept_in_the_clear(product: Product) -> None:
    signing = product.signing()
    with product.parts.db.read() as uow:
        ring = ring_of(uow).id

    found = leaks(product, {"id": signing.id, "ring": ring.encode(), "name": "南宁桂印"})

    assert "id in signing_tasks.id" in found
    assert "ring in key_rings.id" in found
    assert any(one.startswith("id in qr:session:") for one in found)
    assert stands_in(b"135790", b'{"pin": "135790"}')
    assert not stands_in(b"135790", b"a1357902")


@pytest.mark.row("S-22", "S-44", "R-12")
def test_no_moment_of_a_signing_leaves_a_secret_in_the_tables_or_in_redis(product: Product) -> None:
    secrets = {**keys_of(product), "the key of the partner": product.partner_key}
    partner, key = product.partner(), {"Idempotency-Key": "k-1"}
    body = {"document_id": partner.ready_document(make_pdf()), "title": "在线签章"}
    first, made = (partner.post("/signing-tasks", body, **key).get_json() for _ in range(2))
    secrets |= {"an older open token": first["open_url"].split("#")[1]}
    secrets |= {"the open token": made["open_url"].split("#")[1]}
    assert leaks(product, secrets) == []

    signing = Signing(product, partner, made, product.page(made["open_url"]), product.phone())
    frame = signing.page.frame()
    secrets |= {"the code sent": signing.phone.code(), "a frame": frame.rsplit("/", 1)[1]}
    secrets |= {"the socket's ticket": signing.page.post_to("ticket").get_json()["ticket"]}
    asked = signing.phone.scan(frame).get_json()
    secrets |= cookies(signing)
    assert {"gy_page", "gy_phone", "gy_scan"} <= set(secrets)
    assert leaks(product, secrets) == []

    secrets |= {"the PIN": WEI.pin, "a wrong PIN": WRONG_PIN}
    assert signing.phone.confirm(asked, signing.page, pin=WRONG_PIN).status_code == 422
    assert signing.phone.confirm(asked, signing.page).status_code == 200
    assert leaks(product, secrets) == []
    signing.page.load()
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    assert leaks(product, secrets) == []
    product.work()
    link = signing.page.get(f"{signing.page.path}/download").get_json()["url"]
    secrets |= {"the link": link.rsplit("/", 1)[1]}
    assert signing.page.read()["task"]["status"] == "sealed"
    assert leaks(product, secrets) == []


@pytest.mark.row("R-12", "S-44")
def test_what_is_kept_for_a_repeated_request_is_the_name_of_what_it_made(product: Product) -> None:
    partner, key = product.partner(), {"Idempotency-Key": "k-1"}
    body = {"document_id": partner.ready_document(make_pdf()), "title": "在线签章"}

    made = partner.post("/signing-tasks", body, **key).get_json()

    with product.parts.db.read() as uow:
        [kept] = uow.session.scalars(select(IdempotencyKey)).all()
    assert (kept.key, kept.made) == ("k-1", made["id"])
    assert re.fullmatch(r"[0-9a-f]{64}", kept.body_digest)
