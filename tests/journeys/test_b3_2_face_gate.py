"""B3.2: whoever opens the application with a company's account shows a face before he enters."""

import pytest

from tests.factories.entry import LIUZHOU, company_sessions, registered_company
from tests.factories.product import Product
from tests.factories.visits import Visit

HTML = {"Accept": "text/html"}


@pytest.mark.row("F-10", "F-01", "P-41")
def test_a_company_enters_by_its_representatives_face(product: Product) -> None:
    entrance = registered_company(product)
    visit = Visit(product, entrance.client, company_sessions(product)[0])

    gate = visit.get("/m/", headers=HTML).headers["Location"]
    assert gate == "/m/gate?next=%2Fm%2F"
    page = visit.get(gate).text
    assert LIUZHOU.name in page
    assert "人脸信息处理同意书" in page

    double = visit.begin_face(gate)
    shown = visit.get(double).text
    assert LIUZHOU.representative in shown
    assert "这不是真实的人脸核验" in shown
    back = visit.decide(double)
    assert back == "/m/face?next=%2Fm%2F"
    assert "正在查询核验结果" in visit.get(back).text

    assert visit.settle(back).get_json() == {"outcome": "passed", "next": "/m/"}
    home = visit.get("/m/").text
    assert LIUZHOU.name in home
    assert visit.get("/m/gate").headers["Location"] == "/m/"


@pytest.mark.row("F-10")
def test_the_next_login_of_the_company_is_asked_again(product: Product) -> None:
    entrance = registered_company(product)
    visit = Visit(product, entrance.client, company_sessions(product)[0])
    assert visit.pass_gate().status_code == 200
    assert visit.get("/m/").status_code == 200

    visit.post("/m/logout")
    assert entrance.log_in_company().status_code == 200

    assert visit.get("/m/", headers=HTML).headers["Location"] == "/m/gate?next=%2Fm%2F"


@pytest.mark.row("F-10", "F-06")
def test_a_person_enters_without_a_face(product: Product) -> None:
    phone = product.phone()

    assert phone.get("/m/", headers=HTML).status_code == 200
