"""印章详情 and what is done there: by whom, behind which proof, and what is shown of it."""

from datetime import timedelta

import pytest

from server.grants.models import GrantRole
from server.intents.actions import Action, IntentMethod
from server.seals import lifecycle
from server.seals.models import Reason, Seal, SealKind, SealStatus
from tests.factories.devices import PhoneInHand
from tests.factories.domain import account_of, make_grant, only_grant, seal_of
from tests.factories.product import HUANG, LI, WEI, Product
from tests.factories.seals import (
    about,
    company_seal,
    own_seal,
    proof,
    stand_before_end,
    text_of,
    told,
)

ACTIONS = {
    "suspend": Action.SUSPEND_SEAL,
    "enable": Action.ENABLE_SEAL,
    "renew": Action.RENEW_SEAL,
    "cancel": Action.CANCEL_SEAL,
}


def do(product: Product, phone: PhoneInHand, act: str, seal: Seal) -> tuple[int, str]:
    """With a proof of this act; status, and where it leads or why not."""
    by_text = act == "cancel" and seal.owner_kind == "enterprise"
    method = IntentMethod.SMS if by_text else IntentMethod.PIN
    intent = proof(product, phone, ACTIONS[act], about(product, seal), method)
    return told(phone.post(f"/m/seals/{seal.id}/{act}", {"intent": intent}))


def status_of(product: Product, seal: Seal) -> SealStatus:
    with product.parts.db.read() as uow:
        return SealStatus(uow.session.get_one(Seal, seal.id).status)


@pytest.mark.row("F-26", "P-49")
def test_the_page_of_a_seal_shows_everything_about_it(product: Product) -> None:
    product.signing().seal()
    seal, phone = company_seal(product), product.phone()

    page = text_of(phone, f"/m/seals/{seal.id}")

    for shown in (
        "企业法定名称章",
        "正常",
        "南宁桂印科技有限公司",
        seal.number,
        "桂印演示签发",
        "施工许可申请表.pdf",
        "法定代表人",
        "经办人",
        f"/m/seals/{seal.id}/picture.png",
    ):
        assert shown in page
    for act in ("变更", "续期", "停用", "注销"):
        assert f">{act}</" in page
    assert "该功能暂未开放" in page
    assert "立即停用" in page


@pytest.mark.row("F-29")
def test_a_seal_is_suspended_and_enabled_behind_an_intent(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()
    here = f"/m/seals/{seal.id}"
    assert told(phone.post(f"{here}/suspend", {})) == (403, "intent_needed")

    assert do(product, phone, "suspend", seal) == (200, here)
    page = text_of(phone, here)
    assert "已停用" in page
    assert "立即启用" in page
    assert 'data-open="suspend"' not in page

    assert do(product, phone, "enable", seal) == (200, here)
    assert status_of(product, seal) == SealStatus.ACTIVE


@pytest.mark.row("F-29", "S-07")
@pytest.mark.parametrize("wrong", ["other act", "other seal", "other person"])
def test_an_intent_for_something_else_changes_nothing(product: Product, wrong: str) -> None:
    seal, phone = company_seal(product), product.phone()
    other = company_seal(product, SealKind.LEGAL_REPRESENTATIVE)
    by = product.phone(HUANG) if wrong == "other person" else phone
    action = Action.ENABLE_SEAL if wrong == "other act" else Action.SUSPEND_SEAL
    meant = other if wrong == "other seal" else seal
    intent = proof(product, by, action, about(product, meant))

    answer = phone.post(f"/m/seals/{seal.id}/suspend", {"intent": intent})

    assert told(answer) == (403, "intent_refused")
    assert status_of(product, seal) == SealStatus.ACTIVE


@pytest.mark.row("F-29", "R-12")
def test_what_is_refused_leaves_the_intent_for_the_next_try(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()
    intent = proof(product, phone, Action.RENEW_SEAL, about(product, seal))
    path = f"/m/seals/{seal.id}/renew"
    assert told(phone.post(path, {"intent": intent})) == (409, "renewal_too_early")

    assert told(phone.post(f"/m/seals/{seal.id}/suspend", {"intent": intent}))[0] == 403
    assert told(phone.post(path, {"intent": intent})) == (409, "renewal_too_early")


@pytest.mark.row("F-31", "F-29", "F-30")
@pytest.mark.parametrize(
    ("role", "allowed"), [(GrantRole.OPERATOR, set()), (GrantRole.ADMINISTRATOR, {"suspend"})]
)
def test_who_was_granted_a_seal_does_no_more_than_his_role(
    product: Product, role: GrantRole, allowed: set[str]
) -> None:
    seal, phone = company_seal(product), product.phone(LI)
    with product.parts.db.begin() as uow:
        only_grant(uow).role = role
        seal_of(uow).valid_until = uow.now + timedelta(days=5)

    done = {act for act in ACTIONS if do(product, phone, act, seal)[0] == 200}

    assert done == allowed | ({"enable"} if allowed else set())
    page = text_of(phone, f"/m/seals/{seal.id}")
    assert ("立即停用" in page and 'data-open="suspend"' in page) == bool(allowed)
    assert f"/m/seals/{seal.id}/cancel" not in page
    assert phone.get(f"/m/seals/{seal.id}/cancel").status_code == 403


@pytest.mark.row("F-31", "F-29")
def test_what_the_representative_suspended_no_administrator_enables(product: Product) -> None:
    seal, phone = company_seal(product), product.phone(HUANG)
    with product.parts.db.begin() as uow:
        make_grant(uow, HUANG, role=GrantRole.ADMINISTRATOR)
    do(product, product.phone(), "suspend", seal)

    assert do(product, phone, "enable", seal) == (403, "suspended_by_owner")
    assert 'data-open="enable"' not in text_of(phone, f"/m/seals/{seal.id}")


@pytest.mark.row("F-28")
def test_a_renewal_is_shown_under_way_and_then_done(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()
    stand_before_end(product, seal, days=11)
    phone.log_in()
    assert "可续期时间" in text_of(phone, f"/m/seals/{seal.id}")
    product.clock.advance(days=2)
    phone = product.phone()

    assert do(product, phone, "renew", seal) == (200, f"/m/seals/{seal.id}")
    assert "续期办理中" in text_of(phone, f"/m/seals/{seal.id}")
    assert do(product, phone, "renew", seal) == (409, "seal_change_under_way")
    product.work()

    page = text_of(phone, f"/m/seals/{seal.id}")
    assert "续期办理中" not in page
    assert f"{seal.valid_until.year + 3}-" in page
    assert "历史印模" not in page


@pytest.mark.row("F-28", "P-42")
def test_after_its_end_a_seal_is_cancelled_and_applied_for_anew(product: Product) -> None:
    seal = own_seal(product)
    stand_before_end(product, seal, seconds=0)
    phone = product.phone()

    page = text_of(phone, f"/m/seals/{seal.id}")

    assert "已过期" in page
    assert "可注销后重新申领" in page
    assert 'data-open="renew"' not in page
    assert do(product, phone, "renew", seal) == (410, "seal_expired")
    assert do(product, phone, "cancel", seal) == (200, f"/m/seals/{seal.id}")


@pytest.mark.row("F-30")
def test_a_persons_seal_is_cancelled_after_it_was_said_twice_what_is_lost(
    product: Product,
) -> None:
    seal, phone = own_seal(product), product.phone()
    page = text_of(phone, f"/m/seals/{seal.id}/cancel")
    assert "注销后不能恢复" in page
    assert "此操作不能撤销" in page

    assert do(product, phone, "cancel", seal) == (200, f"/m/seals/{seal.id}")
    product.work()

    assert "已注销" in text_of(phone, f"/m/seals/{seal.id}")
    for act in ACTIONS:
        assert do(product, phone, act, seal) == (410, "seal_cancelled")


@pytest.mark.row("F-30")
def test_a_companys_seal_is_not_cancelled_without_its_materials(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()

    answer = phone.post(f"/m/seals/{seal.id}/cancel", {"intent": ""})

    assert told(answer) == (409, "materials_needed")
    assert status_of(product, seal) == SealStatus.ACTIVE


@pytest.mark.row("P-39", "F-26")
def test_the_page_says_why_the_registry_stopped_a_seal(product: Product) -> None:
    seal, phone = company_seal(product), product.phone()
    with product.parts.db.begin() as uow:
        lifecycle.stop(uow, [seal_of(uow)], Reason.NAME_CHANGED)

    assert "企业名称已变更" in text_of(phone, f"/m/seals/{seal.id}")
    answer = do(product, phone, "enable", seal)
    assert answer == (409, "seal_not_active")


@pytest.mark.row("F-12", "F-26", "S-18")
def test_a_personal_seal_is_its_owners_alone(product: Product) -> None:
    seal = own_seal(product)
    wei, huang = product.phone(), product.phone(HUANG)
    wei.post("/m/role", {"kind": "account", "id": ""})

    assert f"/m/seals/{seal.id}" in text_of(wei, "/m/")
    assert huang.get(f"/m/seals/{seal.id}").status_code == 404
    intent = proof(product, huang, Action.SUSPEND_SEAL, about(product, seal))
    answer = huang.post(f"/m/seals/{seal.id}/suspend", {"intent": intent})
    assert told(answer) == (404, "seal_not_found")


@pytest.mark.row("P-42")
def test_cards_say_each_state(product: Product) -> None:
    words = {}
    for days in (40, 20):
        with product.parts.db.begin() as uow:
            seal = seal_of(uow)
            left = seal.valid_until - uow.now
        if left.days > days:
            stand_before_end(product, seal, days=days)
        words[days] = text_of(product.phone(), "/m/")
    assert "正常" in words[40]
    assert "即将到期" in words[20]
    with product.parts.db.begin() as uow:
        lifecycle.suspend(uow, seal.id, actor=account_of(uow, WEI).id, by=Reason.OWNER)
    assert "已停用" in text_of(product.phone(), "/m/")
    stand_before_end(product, seal, seconds=0)
    assert "已过期" in text_of(product.phone(), "/m/")
    with product.parts.db.begin() as uow:
        lifecycle.cancel(uow, seal.id, actor=account_of(uow, WEI).id)
    assert "已注销" in text_of(product.phone(), "/m/")
