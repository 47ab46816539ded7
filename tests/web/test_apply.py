"""申领印章 on the phone: what is offered, what stands in the way, and that nothing is lost."""

import json

import pytest

from server.applications import service
from server.applications.lifecycle import ApplicationState
from server.intents.actions import IntentMethod
from tests.factories.applications import Applicant, decision_on
from tests.factories.applying import (
    AGENT,
    AGENT_PAPERS,
    APPLY,
    HAND,
    OWN_PAPERS,
    SQUARE,
    Applying,
    paper,
)
from tests.factories.domain import company as company_of
from tests.factories.own_pages import newcomer
from tests.factories.product import HUANG, LI, WEI, Product

FIVE_MB = 5 * 1024 * 1024


@pytest.fixture
def wei(product: Product) -> Applying:
    return Applying.here(product)


@pytest.mark.row("F-11", "F-19", "F-21", "P-47")
def test_home_leads_to_five_kinds_with_samples_and_those_that_are_there(wei: Applying) -> None:
    assert 'href="/m/apply"' in wei.text("/m/")

    shown = wei.text(APPLY)

    names = ("企业法定名称章", "合同专用章", "财务专用章", "发票专用章", "企业法定代表人章")
    places = [shown.index(f"<b>{name}</b>") for name in names]
    assert places == sorted(places)
    assert "全选" in shown
    assert shown.count("已申领") == 2
    assert 'value="company"' not in shown
    assert 'value="contract"' in shown
    for kind in ("company", "contract", "finance", "invoice", "legal_representative"):
        picture = wei.phone.get(f"{APPLY}/samples/{kind}.png")
        assert (picture.status_code, picture.mimetype) == (200, "image/png")


@pytest.mark.row("P-49", "S-18")
def test_samples_show_only_the_kinds_of_the_acting_role(wei: Applying) -> None:
    assert wei.phone.get(f"{APPLY}/samples/square.png").status_code == 404
    assert wei.phone.get(f"{APPLY}/samples/handwritten.png").status_code == 404

    wei.act_for()

    assert wei.phone.get(f"{APPLY}/samples/square.png?font=hei").status_code == 200
    assert wei.phone.get(f"{APPLY}/samples/square.png?font=kai").status_code == 422
    assert wei.phone.get(f"{APPLY}/samples/company.png").status_code == 404


@pytest.mark.row("P-37")
def test_who_has_only_a_phone_is_led_to_his_real_name(product: Product) -> None:
    phone = newcomer(product)

    shown = phone.get(APPLY).get_data(as_text=True)

    assert "请先完成实名认证" in shown
    assert 'href="/m/me/real-name"' in shown
    refused = phone.post(f"{APPLY}/personal", {"seals": [SQUARE]})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "real_name_needed")


@pytest.mark.row("F-21", "F-31")
def test_who_was_only_granted_a_seal_does_not_apply_for_the_company(product: Product) -> None:
    li = Applying.here(product, LI)
    with product.parts.db.read() as uow:
        company = company_of(uow).id

    assert "只有企业的法定代表人可以申领企业印章" in li.text(APPLY)
    refused = li.choose("contract", enterprise_id=company)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_representative")


@pytest.mark.row("F-20")
def test_who_represents_no_company_is_told_so_beside_his_own_seals(product: Product) -> None:
    li, huang = Applying.here(product, LI), Applying.here(product, HUANG)
    li.act_for()
    huang.act_for()

    assert "您名下没有在广西注册的企业，不能进行企业印章申领" in li.text(APPLY)
    assert "您名下没有在广西注册的企业" not in huang.text(APPLY)


@pytest.mark.row("F-21", "P-47")
def test_nothing_that_was_filled_in_is_lost_between_the_pages(wei: Applying) -> None:
    company = wei.company()
    wei.act_for(company)
    wei.choose("company", "finance")
    first = wei.id
    wei.hand_in("licence")
    wei.name_people(same=False, agent=AGENT)
    wei.choose_method("password", password="letters-26", password_again="letters-26")

    chosen, details = wei.text(APPLY), wei.text(f"{wei.path}/details")
    assert "继续填写申请" in chosen
    assert chosen.count(" checked") == 2
    assert 'data-kept="1"' in details
    assert "已保存经办人 覃明亮" in details
    assert AGENT["number"] not in details
    assert 'value="password" checked' in wei.text(f"{wei.path}/method")
    wei.choose("company", "finance", "contract")
    assert wei.id == first
    assert "覃明亮" in wei.text(f"{wei.path}/confirm")
    assert "申请内容不完整" in wei.text(f"{wei.path}/confirm")


@pytest.mark.row("F-22", "S-33")
def test_a_picture_is_judged_by_its_content_and_another_one_takes_its_place(wei: Applying) -> None:
    wei.choose("company")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'

    small, large = wei.hand_in("licence", paper()), wei.hand_in("licence", b"x" * (FIVE_MB + 1))

    assert small.status_code == 200
    assert (large.status_code, large.get_json()["code"]) == (413, "material_too_large")
    assert wei.hand_in("licence", svg).get_json()["code"] == "not_a_picture"
    assert wei.hand_in("nothing").status_code in (404, 422)
    kept = wei.phone.get(f"{wei.path}/materials/licence/picture")
    assert (kept.status_code, kept.mimetype) == (200, "image/jpeg")
    assert wei.hand_in("licence", paper((90, 50), "PNG")).status_code == 200
    assert wei.phone.get(f"{wei.path}/materials/licence/picture").data != kept.data


@pytest.mark.row("F-24")
def test_two_passwords_that_differ_are_refused_in_the_manuals_words(wei: Applying) -> None:
    wei.choose("company")

    said = wei.choose_method("password", password="letters-26", password_again="letters-27")
    short = wei.choose_method("password", password="ab-26", password_again="ab-26")

    assert "核验密码不一致！" in said.get_json()["detail"]
    assert json.dumps("核验密码不一致！") in wei.text(f"{wei.path}/method")
    assert short.status_code == 422
    login = {"password": WEI.password, "password_again": WEI.password}
    assert wei.choose_method("password", **login).status_code == 422


@pytest.mark.row("F-21")
def test_without_a_proof_of_intent_for_this_very_content_nothing_is_handed_in(
    wei: Applying,
) -> None:
    wei.choose("company")
    wei.filled()

    assert wei.submit("").get_json()["code"] == "intent_needed"
    before = wei.intent()
    wei.choose_method("face")
    assert wei.submit(before).get_json()["code"] == "intent_refused"
    assert wei.submit().status_code == 200
    assert wei.submit(before).get_json()["code"] == "application_moved_on"


@pytest.mark.row("F-21", "P-45")
def test_the_way_shows_whose_turn_it_is_and_can_be_ended(wei: Applying) -> None:
    wei.choose("company")
    wei.filled(AGENT_PAPERS, same=False, agent=AGENT).submitted()

    shown = wei.text(wei.path)
    state = wei.phone.get(f"{wei.path}/state").get_json()

    assert "法定代表人认证" in shown
    assert "等待 韦*远 打开短信链接完成认证" in shown
    assert "等待 覃*亮" not in shown
    assert "是否确认撤销申请" in shown
    assert 'href="/m/me/certifications">立即认证' in shown
    assert state == {"state": "certifying", "step": "2"}
    for page in ("details", "method", "confirm"):
        assert wei.phone.get(f"{wei.path}/{page}").headers["Location"].endswith(wei.path)
    assert wei.phone.post(f"{wei.path}/withdraw").get_json() == {"state": "withdrawn"}
    assert wei.phone.post(f"{wei.path}/withdraw").get_json() == {"state": "withdrawn"}
    assert "申请已撤销" in wei.text(wei.path)


@pytest.mark.row("P-45")
def test_what_a_reviewer_wants_mended_stands_at_its_picture(product: Product) -> None:
    by_hand = Applying.here(product.restarted(review="manual"))
    by_hand.choose("company")
    by_hand.filled().submitted()
    assert "正在核对申请信息和材料" in by_hand.text(by_hand.path)
    with product.parts.db.begin() as uow:
        decision = decision_on(uow, by_hand.id)
        told = {"licence": "照片模糊"}
        service.ask_correction(uow, decision, reason="请补正营业执照", parts=told)

    shown = by_hand.text(by_hand.path)
    assert "请补正营业执照" in shown
    assert f'href="{by_hand.path}/details"' in shown
    assert "照片模糊" in by_hand.text(f"{by_hand.path}/details")
    assert by_hand.hand_in("licence").status_code == 200
    assert by_hand.submit().status_code == 200


@pytest.mark.row("F-25")
def test_a_handwritten_seal_stays_as_it_was_drawn_until_it_is_drawn_anew(product: Product) -> None:
    own = Applying.here(product, LI)
    own.act_for()
    none = own.choose_own({"kind": "handwritten"})
    assert (none.status_code, none.get_json()["code"]) == (422, "handwriting_needed")

    own.choose_own(HAND)
    drawn = own.phone.get(f"{own.path}/seals/handwritten.png")
    assert own.choose_own(SQUARE, {"kind": "handwritten"}).status_code == 200

    assert drawn.mimetype == "image/png"
    assert own.phone.get(f"{own.path}/seals/handwritten.png").data == drawn.data
    assert own.phone.get(f"{own.path}/seals/company.png").status_code == 404
    assert "已保存手绘签名" in own.text(APPLY)
    assert own.choose_own({**HAND, "strokes": {"width": 1}}).get_json()["code"] == "bad_strokes"


@pytest.mark.row("F-25", "F-21")
def test_a_persons_own_papers_come_after_the_method_and_any_proof_will_do(product: Product) -> None:
    own = Applying.here(product, LI)
    own.act_for()
    assert own.choose_own(SQUARE).get_json()["next"].endswith("/method")
    assert own.choose_method().get_json()["next"].endswith("/details")
    own.hand_in_all(OWN_PAPERS)
    assert own.name_people().get_json()["next"].endswith("/confirm")

    intent = own.intent(IntentMethod.SMS)

    assert own.submit(intent).status_code == 200
    assert "等待 李*梅 打开短信链接完成认证" in own.text(own.path)


@pytest.mark.row("S-18", "F-04")
def test_a_companys_own_login_applies_for_its_company_alone(product: Product) -> None:
    at_company = Applying.here(product, by_company=True)
    another = at_company.company()
    gate = at_company.choose("contract", enterprise_id=another)
    assert (gate.status_code, gate.get_json()["code"]) == (403, "face_required")
    assert at_company.phone.pass_gate().status_code == 200
    refused = at_company.choose("contract", enterprise_id=another)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "no_right")

    with product.parts.db.read() as uow:
        own = company_of(uow).id
    assert at_company.choose("contract", enterprise_id=own).status_code == 200
    assert "切换身份" not in at_company.text(APPLY)
    assert at_company.choose_own(SQUARE).get_json()["code"] == "not_for_company_login"


@pytest.mark.row("P-50")
def test_the_pages_of_an_application_speak_english(wei: Applying) -> None:
    wei.choose("company")
    wei.filled()
    pages = (APPLY, *(f"{wei.path}/{page}" for page in ("details", "method", "confirm")))

    shown = [wei.text(f"{page}?lang=en") for page in pages]

    assert "Contract seal" in shown[0]
    assert "The agent is the legal representative" in shown[1]
    assert "How shall each later use of the seals be verified?" in shown[2]
    assert "Verify intent and hand in" in shown[3]


def test_a_draft_is_found_again_from_its_address(wei: Applying) -> None:
    wei.choose("company")

    assert wei.phone.get(wei.path).headers["Location"].endswith("/details")
    assert Applicant(wei.product).found(wei.id).state == ApplicationState.DRAFT
    assert wei.phone.get(f"{APPLY}/app-none").status_code == 404


@pytest.mark.row("F-20", "P-47")
def test_what_a_company_does_not_have_yet_is_one_tap_away(wei: Applying) -> None:
    assert "一键申领其余 3 枚印章" in wei.text(APPLY)
    for slot in (*AGENT_PAPERS, *OWN_PAPERS):
        sample = wei.phone.get(f"{APPLY}/papers/{slot}.png")
        assert (sample.status_code, sample.mimetype) == (200, "image/png")
    assert wei.phone.get(f"{APPLY}/papers/passport.png").status_code == 404
