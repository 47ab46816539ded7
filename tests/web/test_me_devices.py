"""我的 and 登录设备 on the phone: what is shown of the account, which logins may be ended."""

import pytest
from sqlalchemy import select

from server.accounts.models import AccountSession
from tests.factories.devices import Browser
from tests.factories.product import HUANG, WEI, Product
from tests.factories.visits import visit

DEVICES = "/m/me/devices"


def logins(product: Product) -> list[AccountSession]:
    """All that were ever opened, the oldest first."""
    with product.parts.db.read() as uow:
        return list(uow.session.scalars(select(AccountSession).order_by(AccountSession.created_at)))


@pytest.mark.row("P-38")
def test_every_device_is_listed_with_its_way_in_and_its_address(product: Product) -> None:
    product.computer()
    phone = product.phone()
    product.phone(HUANG)

    shown = phone.get(DEVICES).get_data(as_text=True)

    assert shown.count('class="device"') == 3
    assert shown.count('class="here"') == 1
    assert shown.count("扫码登录") == 1
    assert shown.count("短信验证码登录") == 2
    assert "本机或内网" in shown


@pytest.mark.row("P-38", "S-49")
def test_a_device_is_logged_out_from_the_phone(product: Product) -> None:
    lost = product.phone()
    mine = logins(product)[-1].id
    product.clock.advance(seconds=1)
    phone = product.phone()

    assert phone.post(f"{DEVICES}/{mine}/end").get_json() == {"next": DEVICES}

    assert lost.get("/m/me").status_code == 401
    assert phone.get(DEVICES).get_data(as_text=True).count('class="device"') == 1
    again = phone.post(f"{DEVICES}/{mine}/end")
    assert (again.status_code, again.get_json()["code"]) == (404, "login_not_found")


@pytest.mark.row("P-38", "S-49")
def test_all_other_devices_end_at_once_and_nobody_elses(product: Product) -> None:
    computer, lost, other = product.computer(), product.phone(), product.phone(HUANG)
    phone = product.phone()

    answer = phone.post(f"{DEVICES}/end-others").get_json()

    assert answer == {"next": DEVICES, "ended": 3}  # the phone that let the computer in, too
    assert (computer.get("/account").status_code, lost.get("/m/me").status_code) == (401, 401)
    assert (phone.get("/m/me").status_code, other.get("/m/me").status_code) == (200, 200)
    assert all(one.ended_at is None for one in logins(product)[-1:])


@pytest.mark.row("P-38", "S-18")
def test_a_companys_login_reaches_no_login_of_its_representative(product: Product) -> None:
    personal = product.phone()
    mine = logins(product)[-1].id
    visited = visit(product, by_company=True)
    visited.pass_gate()
    company = Browser(visited.client)

    assert company.get(DEVICES).get_data(as_text=True).count('class="device"') == 1
    answer = company.post(f"{DEVICES}/{mine}/end")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "login_not_found")
    assert company.post(f"{DEVICES}/end-others").get_json()["ended"] == 0
    assert personal.get("/m/me").status_code == 200
    assert personal.get(DEVICES).get_data(as_text=True).count('class="device"') == 2


@pytest.mark.row("P-38", "F-04")
def test_a_companys_login_sees_the_company_and_nothing_of_the_persons_own(
    product: Product,
) -> None:
    visited = visit(product, by_company=True)
    visited.pass_gate()

    shown = Browser(visited.client).get("/m/me").get_data(as_text=True)

    assert "南宁桂印科技有限公司" in shown
    for own in ("/m/me/phone", "/m/me/password", "/m/me/log", "139****0001", "韦*远"):
        assert own not in shown


@pytest.mark.row("P-37", "P-38")
def test_me_shows_the_level_and_the_masked_phone_and_no_more(product: Product) -> None:
    shown = product.phone(WEI).get("/m/me").get_data(as_text=True)

    assert "已实名" in shown
    assert "139****0001" in shown
    assert WEI.phone not in shown
    assert WEI.id_number not in shown
    assert DEVICES in shown
