"""Manual B, chapter 4: four entries above, four tabs below, and what is to be done."""

import pytest

from tests.factories.product import LI, WEI, Product


@pytest.mark.row("F-11", "P-36")
def test_home_has_the_manuals_entries_and_tabs_and_leads_to_messages(product: Product) -> None:
    phone = product.phone(WEI)

    home = phone.get("/m/").get_data(as_text=True)

    entries = home.split('class="entries"')[1].split("</nav>")[0]
    places = [
        entries.index(f"<span>{name}</span>") for name in ("申领印章", "签署", "验签", "扫码")
    ]
    assert places == sorted(places)
    tabs = home.split('class="tabs"')[1].split("</nav>")[0]
    wanted = ("首页", "我的文档", "扫一扫", "授权管理", "我的")
    places = [tabs.index(f"<span>{name}</span>") for name in wanted]
    assert places == sorted(places)
    assert 'href="/m/messages"' in home
    assert "没有待办事项" in phone.get("/m/messages").get_data(as_text=True)


@pytest.mark.row("F-11", "P-50")
def test_home_speaks_english_and_large_text_where_it_is_asked_to(product: Product) -> None:
    phone = product.phone(LI)
    phone.client.set_cookie("care", "1")

    shown = phone.get("/m/", query_string={"lang": "en"}).get_data(as_text=True)

    assert '<html lang="en" data-care="1">' in shown
    assert 'lang="en"' in phone.get("/m/me").get_data(as_text=True)
