"""消息中心 in the mini-program: what waits, what was told, what was read (P-36)."""

from datetime import timedelta

import pytest

from server.accounts.news import News
from tests.factories.messages import company_of, tell
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.product import HUANG, Product
from tests.web.test_messages import seals_end_soon


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return logged_in(product)


@pytest.mark.row("P-36")
def test_messages_come_newest_first_with_words_and_a_page(
    product: Product, phone: MiniProgram
) -> None:
    company = company_of(product)
    own, of_company = tell(product, news=News.LOGIN_NOT_MINE), tell(product, company=company.id)

    found = phone.get("/messages").get_json()

    items = {one["id"]: one for one in found["items"]}
    assert [*items] == sorted([own, of_company], reverse=True)
    assert found["unread"] == 2
    first, second = items[of_company], items[own]
    assert (first["company"], first["link"]) == (company.name, "/m/me/password")
    assert (second["title"], second["warns"]) == ("您拒绝了一次扫码登录：不是我发起的", True)
    assert first["at"].endswith("+08:00")


@pytest.mark.row("P-36")
def test_messages_are_read_one_by_one_and_all_at_once(product: Product, phone: MiniProgram) -> None:
    notice, company = tell(product), company_of(product).id
    tell(product, company=company)
    tell(product, company=company)

    assert phone.post(f"/messages/{notice}/read").get_json()["link"] == "/m/me/password"
    assert phone.get("/todos").get_json()["unread"] == 2
    assert phone.post("/messages/read-all", {"of": "own"}).status_code == 200
    assert phone.get("/todos").get_json()["unread"] == 2
    assert phone.post("/messages/read-all").status_code == 200
    assert phone.get("/messages").get_json()["unread"] == 0


@pytest.mark.row("P-36", "S-18")
def test_nobody_reads_anothers_messages(product: Product, phone: MiniProgram) -> None:
    notice = tell(product, HUANG)

    assert phone.get("/messages").get_json()["items"] == []
    assert told(phone.post(f"/messages/{notice}/read")) == (404, "notice_not_found")


@pytest.mark.row("P-36")
def test_a_list_of_messages_comes_in_pages_by_the_filter(
    product: Product, phone: MiniProgram
) -> None:
    company = company_of(product).id
    mine = [tell(product, company=company if place % 2 else None) for place in range(6)]

    first = phone.get(f"/messages?of={company}&limit=2").get_json()
    second = phone.get(f"/messages?of={company}&limit=2&cursor={first['next_cursor']}").get_json()

    seen = [one["id"] for one in (*first["items"], *second["items"])]
    assert (seen, second["next_cursor"]) == (sorted(mine[1::2], reverse=True), None)
    assert told(phone.get("/messages?cursor=nonsense")) == (422, "bad_cursor")


@pytest.mark.row("P-36", "P-42")
def test_what_waits_is_listed_with_the_page_on_which_it_is_done(product: Product) -> None:
    seals_end_soon(product)
    phone = logged_in(product)

    found = phone.get("/todos").get_json()

    assert [one["kind"] for one in found["items"]] == ["seal_ends", "seal_ends"]
    assert {one["link"][:9] for one in found["items"]} == {"/m/seals/"}
    assert all(one["ends_at"] for one in found["items"])


@pytest.mark.row("P-36")
def test_the_page_of_messages_asks_to_subscribe_where_templates_are_set(product: Product) -> None:
    with_templates = product.restarted(wechat_templates={"messages": ["t-1", "t-2"]})

    assert logged_in(with_templates).get("/messages").get_json()["subscribe"] == ["t-1", "t-2"]


def test_old_messages_are_there_for_a_year(product: Product) -> None:
    notice = tell(product)
    product.clock.advance(seconds=timedelta(days=300).total_seconds())

    assert logged_in(product).get("/messages").get_json()["items"][-1]["id"] == notice
