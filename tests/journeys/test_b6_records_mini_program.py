"""B6 in the mini-program: 认证记录, 立即认证 in a web view, 重新发送短信, 撤销申请."""

import re
from typing import Any

import pytest

from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from tests.factories.certifications import Certifying
from tests.factories.certify_pages import LinkPage
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.product import HUANG, LI, WEI, Product

PAGE = "/certifications"


def records(phone: MiniProgram) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = phone.get(PAGE).get_json()["items"]
    return items


def may(record: dict[str, Any]) -> set[str]:
    return {name for name in ("certify", "withdraw", "resend") if record[f"may_{name}"]}


@pytest.mark.row("F-18")
def test_who_lost_the_text_goes_on_in_a_web_view(product: Product) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    phone = logged_in(product, WEI)
    [record] = records(phone)
    assert record["turn"].items() >= {"id": case.row().id, "role": "person", "number": 1}.items()
    assert [one["name"] for one in record["seals"]] == ["个人方章"]
    assert may(record) == {"certify", "withdraw", "resend"}
    old = LinkPage.of(case, WEI.phone)

    url = phone.post(f"{PAGE}/{record['turn']['id']}/enter").get_json()["url"]

    base = product.parts.certification_desk.base
    assert re.fullmatch(re.escape(base) + r"/m/certify/[\w-]{43}", url)
    assert old.take("open").get_json()["code"] == "certification_link_unknown"
    LinkPage(product, product.browser(), url.rsplit("/", 1)[1]).up_to("sign").sign()
    assert case.application.state == ApplicationState.DONE
    assert records(phone) == []


@pytest.mark.row("F-18", "P-45")
def test_the_text_is_sent_again_and_the_application_is_withdrawn(product: Product) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    phone = logged_in(product, WEI)
    here = f"/applications/{records(phone)[0]['application_id']}"
    before = case.links(WEI.phone)
    product.clock.advance(minutes=2)

    assert phone.post(f"{here}/texts").get_json()["retry_after"] == 60

    product.work()
    assert len(case.links(WEI.phone)) == len(before) + 1
    assert phone.post(f"{here}/withdraw").status_code == 200
    assert records(phone) == []


@pytest.mark.row("F-18", "S-17")
def test_an_agent_certifies_in_her_turn_and_does_nothing_else(product: Product) -> None:
    agent = (HUANG.name, HUANG.id_number, HUANG.phone)
    case = Certifying.begun(product, agent=agent)
    hers, his, stranger = (logged_in(product, one) for one in (HUANG, WEI, LI))
    first, second = (f"{PAGE}/{case.row(turn).id}/enter" for turn in (1, 2))
    assert records(hers) == [], "it is not her turn yet"
    assert told(hers.post(first)) == (404, "certification_not_found")
    assert told(his.post(second)) == (403, "certification_not_yours")
    LinkPage.of(case, WEI.phone).up_to("sign").sign()

    [record] = records(hers)

    assert (record["turn"]["role_name"], record["turn"]["number"]) == ("经办人", 2)
    assert may(record) == {"certify"}
    assert may(records(his)[0]) == {"withdraw", "resend"}
    assert records(stranger) == []
    withdrawal = hers.post(f"/applications/{case.application_id}/withdraw")
    assert told(withdrawal) == (404, "application_not_found")
    assert hers.post(second).status_code == 200
