"""/app: where the APP comes from, and the ways to the seals in it (F-09)."""

import pytest
from pydantic import ValidationError

from qr_session import qr_image
from server.settings import Settings
from tests.factories.product import Product


def shown(product: Product, **query: str) -> str:
    return product.browser().get("/app", query_string=query).get_data(as_text=True)


@pytest.mark.row("F-09")
def test_the_guide_shows_the_three_ways_in_the_manuals_words(product: Product) -> None:
    page = shown(product)

    for words in ("智桂通", "搜索“统一印章”", "企业空间", "领企业印章", "壮掌桂", "企业电子印章"):
        assert words in page
    assert page.index("商用服务") < page.index("企业空间</span>") < page.index("点“电子印章”")
    assert 'href="/app"' in product.browser().get("/").get_data(as_text=True)


@pytest.mark.row("F-09")
def test_the_code_on_the_guide_is_its_own_public_address(product: Product) -> None:
    elsewhere = product.restarted(public_url="https://seal.test")

    drawn = qr_image.svg("https://seal.test/app").split("<path", 1)[1]
    assert drawn in shown(elsewhere)
    assert drawn not in shown(product)


@pytest.mark.row("F-09")
def test_a_download_is_offered_only_where_there_is_one(product: Product) -> None:
    there = product.restarted(app_download_url="https://market.test/zgt")

    assert 'href="https://market.test/zgt"' in shown(there)
    assert "下载智桂通 APP" not in shown(product)


@pytest.mark.row("F-09", "S-28")
@pytest.mark.parametrize("url", ["http://market.test/", "javascript:alert(1)", 'https://a"b'])
def test_a_download_that_is_no_https_address_stops_the_start(settings: Settings, url: str) -> None:
    told = settings.model_dump() | {"app_download_url": url}

    with pytest.raises(ValidationError):
        Settings(**told)
