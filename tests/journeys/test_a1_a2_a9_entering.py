"""Manuals A1, A2, A9 and B3.1: the APP, and the ways to the seals in it."""

import pytest

from tests.factories.product import WEI, Product


@pytest.mark.row("F-09", "F-11")
def test_from_the_guide_a_person_comes_to_his_seals_and_the_scanner(product: Product) -> None:
    visitor = product.browser()
    start = visitor.get("/").get_data(as_text=True)
    assert 'href="/app"' in start
    guide = visitor.get("/app").get_data(as_text=True)
    for step in ("智桂通", "商用服务", "企业空间", "点“电子印章”", "领企业印章", "法人服务"):
        assert step in guide
    assert 'href="/m/"' in guide
    away = visitor.get("/m/", headers={"Accept": "text/html"})
    assert away.headers["Location"].startswith("/m/login?next=")

    home = product.phone(WEI).get("/m/").get_data(as_text=True)

    assert "企业法定名称章" in home
    assert home.count('href="/m/scan"') == 2
