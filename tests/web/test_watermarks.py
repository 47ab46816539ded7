"""P-49: outside signing every picture of a seal is watermarked, and no bare one can be fetched."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from server.seals import lifecycle
from server.seals.models import Reason, Seal
from server.seals.queries import impression_of
from server.web.permissions import BY_TOKEN, NEEDS
from tests.factories.domain import account_of, seal_of
from tests.factories.mini_program import logged_in
from tests.factories.product import WEI, Product, Signing
from tests.factories.seals import company_seal

# The page that places seals shows them as they will be; a right of half an hour lets it.
WHILE_SIGNING = {"sealing.seal_picture"}
# Papers that a company hands in are no pictures of seals.
PAPERS = {"phone_seals.show_material"}
WATERMARKED = {
    "phone_seals.picture",
    "phone_seals.former_picture",
    "mp_seals.seal_picture",
    "mp_seal_lifecycle.former_picture",
}


@pytest.fixture
def signing(product: Product) -> Signing:
    signing = product.signing()
    signing.authorize()
    return signing


def asked(signing: Signing, endpoint: str, **ids: Any) -> TestResponse:
    """By somebody who may see the seal."""
    rule = next(one for one in signing.product.app.url_map.iter_rules() if one.endpoint == endpoint)
    built = rule.build({name: ids[name] for name in rule.arguments}, append_unknown=False)
    assert built
    by_token = NEEDS[endpoint] in BY_TOKEN
    headers = logged_in(signing.product).headers() if by_token else {}
    client = signing.page.client if endpoint in WHILE_SIGNING else signing.phone.client
    return client.get(built[1], headers=headers, buffered=True)


def pictures(product: Product) -> set[str]:
    """Every route that names a seal and answers with a picture."""
    named = [one for one in product.app.url_map.iter_rules() if "seal_id" in one.arguments]
    return {
        one.endpoint
        for one in named
        if "GET" in (one.methods or ())
        and (
            "picture" in one.rule
            or "impressions/" in one.rule
            or one.rule.endswith((".png", ".svg"))
        )
    }


@pytest.mark.row("P-49")
def test_every_route_that_shows_a_seal_is_known_here(product: Product) -> None:
    assert pictures(product) == WATERMARKED | WHILE_SIGNING | PAPERS


@pytest.mark.row("P-49")
@pytest.mark.parametrize("endpoint", sorted(WATERMARKED))
def test_what_is_shown_outside_signing_carries_the_watermark(
    signing: Signing, endpoint: str
) -> None:
    seal = company_seal(signing.product)

    answer = asked(signing, endpoint, seal_id=seal.id, number=1)

    with signing.product.parts.db.read() as uow:
        kept = impression_of(uow, seal.id)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == kept.preview
    assert "Content-Disposition" not in answer.headers


@pytest.mark.row("P-49", "S-30")
def test_the_bare_picture_is_there_for_a_page_that_may_seal_and_no_longer(
    signing: Signing,
) -> None:
    product, seal = signing.product, company_seal(signing.product)
    ids = {"task_id": signing.id, "seal_id": seal.id}
    assert asked(signing, "sealing.seal_picture", **ids).mimetype == "image/svg+xml"
    with product.parts.db.begin() as uow:
        actor = account_of(uow, WEI).id
        lifecycle.suspend(uow, seal_of(uow).id, actor=actor, by=Reason.OWNER)
    product.work()

    assert asked(signing, "sealing.seal_picture", **ids).status_code in (404, 409, 410)


@pytest.mark.row("P-49")
def test_the_watermark_is_in_the_picture(product: Product) -> None:
    """The preview is not the bare drawing under another name."""
    with product.parts.db.read() as uow:
        seal: Seal = seal_of(uow)
        kept = impression_of(uow, seal.id)
    with Image.open(BytesIO(kept.preview)) as drawn:
        raw = drawn.convert("RGBA").tobytes()
    points = zip(raw[::4], raw[1::4], raw[2::4], raw[3::4], strict=True)
    grey = sum(a > 60 and abs(r - g) < 12 and abs(g - b) < 12 for r, g, b, a in points)
    assert grey > 500
