"""Refusing, cancelling and picking the wrong number are final."""

import pytest
from sqlalchemy import select

from server.core.outbox import OutboxEvent
from tests.factories.product import Product, Signing
from tests.factories.truth import events_of, truth_of

FINAL = (409, "access_denied")


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


@pytest.mark.row("S-09", "P-02")
@pytest.mark.parametrize(
    ("by_me", "hint", "event"),
    [
        (False, "user_declined", "signing.declined"),
        (True, "not_started_by_me", "signing.not_started_by_me"),
    ],
)
def test_a_refusal_on_the_phone_is_final_and_written_down(
    signing: Signing, by_me: bool, hint: str, event: str
) -> None:
    asked = signing.scan()
    link = f"/m/qr/{asked['session_id']}"

    answer = signing.phone.post(f"{link}/decline", {"not_started_by_me": by_me})

    assert answer.status_code == 200
    qr = signing.page.read()["qr"]
    assert (qr["status"], qr["state"], qr["hint"]["code"]) == ("failed", "declined", hint)
    late = signing.phone.confirm(asked, signing.page)
    assert (late.status_code, late.get_json()["code"]) == FINAL
    assert signing.page.load().status_code == 409
    assert truth_of(signing.product, signing.id).page_grants == 0
    assert event in events_of(signing.product, signing.id)


@pytest.mark.row("S-09", "P-07")
@pytest.mark.parametrize("by", ["page", "partner"])
@pytest.mark.parametrize("reached", ["pending", "scanned", "confirmed", "loaded"])
def test_a_cancelled_task_is_over_for_everybody_at_once(
    signing: Signing, by: str, reached: str
) -> None:
    frame = signing.page.frame()
    asked = reach(signing, reached)
    placements = signing.page.everywhere() if reached == "loaded" else []

    answer = cancel(signing, by)

    assert answer == (200, "cancelled")
    assert cancel(signing, by) == (200, "cancelled")
    state = signing.page.read()
    assert (state["task"]["status"], state["grant"], state["seals"]) == ("cancelled", None, [])
    if reached != "loaded":
        assert state["qr"]["hint"]["code"] == f"cancelled_by_{by}"
        assert signing.product.phone().scan(frame).status_code in (409, 403)
    if asked:
        code = {"reference_code": "47"}
        assert signing.phone.confirm(asked, signing.page, **code).status_code == 409
    assert signing.page.load().status_code in (409, 410)
    assert signing.page.confirm(placements or guessed()).status_code in (409, 410)
    assert signing.page.post_to("restart").status_code == 410
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.uses, truth.releases) == ("cancelled", (), 0)
    assert events_of(signing.product, signing.id).count("signing.cancelled") == 1


@pytest.mark.row("S-09")
def test_a_partner_hears_of_a_cancellation_by_the_page(signing: Signing) -> None:
    signing.page.post_to("cancel")

    with signing.product.parts.db.read() as uow:
        topics = [row.topic for row in uow.session.scalars(select(OutboxEvent))]
    assert topics == ["signing.cancelled"]
    assert signing.partner.get(f"/signing-tasks/{signing.id}").get_json()["status"] == "cancelled"


@pytest.mark.row("S-09")
@pytest.mark.parametrize("by", ["page", "partner"])
def test_what_is_being_sealed_can_no_longer_be_cancelled(signing: Signing, by: str) -> None:
    signing.start_sealing()

    assert cancel(signing, by)[0] == 409

    signing.product.work()
    assert cancel(signing, by)[0] == 410
    assert truth_of(signing.product, signing.id).is_whole
    assert truth_of(signing.product, signing.id).status == "sealed"


@pytest.mark.row("S-12", "P-06")
def test_the_wrong_reference_code_ends_the_session_before_the_pin_is_looked_at(
    signing: Signing,
) -> None:
    asked = signing.scan()
    shown = signing.page.read()["qr"]["reference_code"]
    assert shown in asked["reference_choices"]
    wrong = next(code for code in asked["reference_choices"] if code != shown)

    answer = signing.phone.confirm(asked, signing.page, reference_code=wrong)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_reference")
    late = signing.phone.confirm(asked, signing.page, reference_code=shown)
    assert (late.status_code, late.get_json()["code"]) == FINAL
    qr = signing.page.read()["qr"]
    assert (qr["state"], qr["hint"]["code"]) == ("failed", "wrong_reference")
    assert truth_of(signing.product, signing.id).page_grants == 0
    assert events_of(signing.product, asked["session_id"]) == ["qr.refused"]


@pytest.mark.row("F-40", "S-12")
def test_after_a_failed_authentication_a_restart_shows_a_new_code_that_works(
    signing: Signing,
) -> None:
    asked = signing.scan()
    wrong = next(
        code
        for code in asked["reference_choices"]
        if code != signing.page.read()["qr"]["reference_code"]
    )
    signing.phone.confirm(asked, signing.page, reference_code=wrong)
    assert signing.page.get(f"{signing.page.path}/frames").get_json()["frames"] == []

    state = signing.page.post_to("restart").get_json()

    assert (state["task"]["status"], state["qr"]["state"]) == ("awaiting_signer", "pending")
    again = signing.scan()
    assert again["session_id"] != asked["session_id"]
    signing.phone.confirm(again, signing.page)
    assert signing.page.load().get_json()["grant"]


@pytest.mark.row("F-43")
def test_a_restart_keeps_the_placed_seals_and_ends_the_old_right(signing: Signing) -> None:
    signing.authorize()
    placed = signing.page.everywhere()
    signing.page.save(placed)

    state = signing.page.post_to("restart").get_json()

    assert (state["placements"], state["grant"], state["seals"]) == (placed, None, [])
    assert signing.page.confirm(placed).status_code == 409
    assert truth_of(signing.product, signing.id).releases == 0
    state = signing.authorize()
    assert state["placements"] == placed
    assert signing.page.confirm(placed).status_code == 202


@pytest.mark.row("F-40", "P-03")
def test_a_code_is_refreshed_four_times_and_each_refresh_kills_the_frames_before(
    signing: Signing,
) -> None:
    for left in (3, 2, 1, 0):
        old = signing.page.frame()
        signing.product.clock.advance(seconds=100)
        state = signing.page.post_to("refresh").get_json()
        assert state["qr"]["refreshes_left"] == left
        stale = signing.phone.open_link(old)
        assert (stale.status_code, stale.get_json()["code"]) == (410, "frame_stale")

    answer = signing.page.post_to("refresh")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_refreshes_left")
    assert signing.phone.scan(signing.page.frame()).status_code == 200


@pytest.mark.row("S-05")
def test_another_phone_takes_over_when_the_page_asks_for_it(signing: Signing) -> None:
    first = signing.scan()

    state = signing.page.post_to("another-phone").get_json()

    assert (state["qr"]["state"], state["qr"]["phone_name"]) == ("pending", None)
    assert signing.phone.confirm(first, signing.page).status_code == 409
    other = signing.product.phone()
    asked = other.scan(signing.page.frame()).get_json()
    assert other.confirm(asked, signing.page).status_code == 200
    assert truth_of(signing.product, signing.id).page_grants == 1


def reach(signing: Signing, place: str) -> dict[str, object] | None:
    if place == "pending":
        return None
    asked = signing.scan()
    if place in ("confirmed", "loaded"):
        signing.phone.confirm(asked, signing.page)
    if place == "loaded":
        signing.page.load()
    return asked


def cancel(signing: Signing, by: str) -> tuple[int, str]:
    if by == "page":
        answer = signing.page.post_to("cancel")
        return answer.status_code, answer.get_json().get("task", {}).get("status")
    answer = signing.partner.post(f"/signing-tasks/{signing.id}/cancel")
    return answer.status_code, answer.get_json().get("status")


def guessed() -> list[dict[str, object]]:
    return [{"seal_id": "seal-guessed", "page": 1, "x": 300, "y": 400}]


@pytest.mark.row("S-09", "S-08")
def test_a_refusal_after_the_page_went_away_leaves_a_task_that_nobody_has_authorised(
    signing: Signing,
) -> None:
    asked = signing.scan()
    assert signing.phone.confirm(asked, signing.page).status_code == 200
    assert signing.page.post_to("leave").status_code == 204

    answer = signing.phone.post(f"/m/qr/{asked['session_id']}/decline", {})

    assert answer.status_code == 200
    state = signing.page.read()
    assert (state["task"]["status"], state["qr"]["state"]) == ("awaiting_signer", "declined")
    assert events_of(signing.product, signing.id)[-2:] == ["signing.withdrawn", "signing.declined"]
