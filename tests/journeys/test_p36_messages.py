"""消息中心 from end to end: an application, its text messages, a use by a grantee, a reminder."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.seals.models import Seal
from server.worker import sweep_hourly
from tests.factories.certifications import Certifying
from tests.factories.devices import PhoneInHand
from tests.factories.messages import MESSAGES
from tests.factories.product import LI, WEI, Product
from tests.fakes.outside import SilentSms


def page(phone: PhoneInHand) -> str:
    return phone.get(MESSAGES).get_data(as_text=True)


def bell(phone: PhoneInHand) -> str:
    home = phone.get("/m/").get_data(as_text=True)
    found = re.search(r'class="bell on-band"[^>]*aria-label="([^"]*)"', home)
    assert found
    return found[1]


def unread(phone: PhoneInHand) -> int:
    found = re.search(r"(\d+) 条未读", bell(phone))
    return int(found[1]) if found else 0


def open_first(phone: PhoneInHand, title: str) -> str:
    """Open the newest notice with this title; the page that it leads to."""
    parts = page(phone).split('data-notice="')[1:]
    notice = next(part[:31] for part in parts if f">{title}" in part or f"{title}\n" in part)
    answer = phone.post(f"{MESSAGES}/{notice}/read")
    assert answer.status_code == 200, answer.get_json()
    link: str = answer.get_json()["next"]
    return link


@pytest.mark.row("P-36", "P-45", "F-16")
def test_an_application_is_followed_from_the_bell_to_its_seals(product: Product) -> None:
    case = Certifying.begun(product, agent=(LI.name, LI.id_number, LI.phone))
    product.clock.advance(minutes=2)
    representative, agent = product.phone(WEI), product.phone(LI)
    assert "项待办" in bell(representative)
    assert "等待您认证" in page(representative)
    assert "等待您认证" not in page(agent)

    case.certify(1)
    product.work()
    assert "等待您认证" in page(agent)
    assert 'href="/m/me/certifications"' in page(agent)
    assert "等待您认证" not in page(representative)
    assert "立即认证" in agent.get("/m/me/certifications").text
    case.certify(2)
    product.work()

    assert "等待您认证" not in page(agent) + page(representative)
    before = unread(representative)
    assert open_first(representative, "印章申领成功") == f"/m/apply/{case.application_id}"
    assert unread(representative) == before - 1
    done = [one for one in product.sms.messages() if one.template == "application_done"]
    assert [(one.phone, one.text.startswith("【桂印】")) for one in done] == [(WEI.phone, True)]


@pytest.mark.row("P-36", "P-45", "R-09")
def test_a_link_that_never_reached_its_person_is_told_to_who_applied(product: Product) -> None:
    case = Certifying.begun(product, agent=(LI.name, LI.id_number, LI.phone))
    product.clock.advance(minutes=2)
    case.certify(1)
    product.clock.advance(seconds=61)
    case.desk.resend(case.row(2).id)
    silent = product.worker(sms=SilentSms())
    for _ in range(160):
        silent.run_all()
        product.clock.advance(seconds=660)
    product.work()

    shown = page(product.phone(WEI))

    assert "短信未能送达" in shown
    assert LI.phone[:3] + "****" + LI.phone[-4:] in shown
    assert LI.phone not in shown


@pytest.mark.row("P-36", "P-35")
def test_what_others_seal_in_ones_name_is_read_and_followed_to_the_register(
    product: Product,
) -> None:
    product.signing(person=LI).seal()
    product.clock.advance(minutes=2)
    phone = product.phone(WEI)
    assert bell(phone) == "消息，1 条未读"

    assert open_first(phone, "企业印章已使用") == "/m/uses"

    assert "施工许可申请表.pdf" in phone.get("/m/uses").get_data(as_text=True)
    assert bell(phone) == "消息"


@pytest.mark.row("P-36", "P-42")
def test_a_seal_that_ends_is_told_by_bell_and_at_the_end_by_text(product: Product) -> None:
    with product.parts.db.begin() as uow:
        for seal in uow.session.scalars(select(Seal)):
            seal.valid_until = uow.now + timedelta(days=40)
    product.clock.advance(seconds=timedelta(days=10).total_seconds())
    sweep_hourly(product.parts)
    product.work()
    phone = product.phone(WEI)
    assert "印章即将到期" in page(phone)
    assert [one for one in product.sms.messages() if one.template == "seal_ends"] == []

    product.clock.advance(seconds=timedelta(days=28).total_seconds())
    sweep_hourly(product.parts)
    sweep_hourly(product.parts)
    product.work()

    sent = [one for one in product.sms.messages() if one.template == "seal_ends"]
    mine = [one.text for one in sent if one.phone == WEI.phone]
    assert len(mine) == len(set(mine)) == 2
    assert all(text.startswith("【桂印】") and "续期" in text for text in mine)
