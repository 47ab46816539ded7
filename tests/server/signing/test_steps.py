"""The steps of a signing cannot be skipped, and its ends are final."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.enterprises.models import Enterprise
from tests.factories.devices import SigningPage
from tests.factories.product import HUANG, WEI, Product, Signing
from tests.factories.truth import events_of, truth_of

Skip = Callable[[Signing], object]


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def one_seal(page: SigningPage) -> list[dict[str, object]]:
    return [{"seal_id": "seal-guessed", "page": 1, "x": 300, "y": 400}]


@pytest.mark.row("S-08")
@pytest.mark.parametrize("step", ["load", "confirm", "placements"])
@pytest.mark.parametrize("scanned", [False, True])
def test_the_page_can_do_nothing_before_the_phone_confirmed(
    signing: Signing, step: str, scanned: bool
) -> None:
    if scanned:
        signing.scan()
    page = signing.page
    acts = {
        "load": page.load,
        "confirm": lambda: page.confirm(one_seal(page)),
        "placements": lambda: page.save(one_seal(page)),
    }

    answer = acts[step]()

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("S-08")
@pytest.mark.parametrize("step", ["placements", "confirm"])
def test_the_page_cannot_place_before_it_has_loaded_the_seals(signing: Signing, step: str) -> None:
    signing.phone.confirm(signing.scan(), signing.page)
    page = signing.page
    act = {"placements": page.save, "confirm": page.confirm}[step]

    answer = act(one_seal(page))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("S-08")
def test_the_phone_cannot_confirm_what_it_has_not_scanned(signing: Signing) -> None:
    session_id = signing.phone.open_link(signing.page.frame()).headers["Location"].split("/")[-1]
    company = company_of(signing.product)
    body = {
        "reference_code": "47",
        "acting": {"kind": "enterprise", "id": company},
        "pin": WEI.pin,
    }

    answer = signing.phone.post(f"/m/qr/{session_id}/confirm", body)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("S-08")
def test_the_result_is_not_there_before_the_sealing(signing: Signing) -> None:
    signing.start_sealing()

    assert signing.page.get(f"{signing.page.path}/download").status_code == 409
    assert signing.partner.get(f"/signing-tasks/{signing.id}/result").status_code == 409


@pytest.mark.row("S-05", "S-07", "P-05")
def test_a_second_phone_can_neither_scan_nor_act_and_is_written_down(signing: Signing) -> None:
    frame = signing.page.frame()
    stranger = signing.product.phone(HUANG)
    held = stranger.open_link(frame).headers["Location"]
    asked = signing.scan()
    session = f"/m/qr/{asked['session_id']}"

    refused = [
        stranger.open_link(frame),
        stranger.post(f"{held}/scan"),
        stranger.confirm(asked, signing.page),
        stranger.post(f"{session}/decline", {}),
        stranger.post(f"{session}/touch", {}),
        stranger.get(f"{session}/preview/1.png"),
    ]

    assert [answer.status_code for answer in refused] == [403] * 6
    assert {answer.get_json()["code"] for answer in refused} == {"already_scanned"}
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants, truth.releases) == ("awaiting_signer", 0, 0)
    assert signing.page.read()["qr"]["phone_name"] == "韦*远"
    # The scan, the confirmation, the refusal and the preview; the rest changes and tells nothing.
    assert events_of(signing.product, asked["session_id"]) == ["qr.refused"] * 4
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("S-07")
def test_a_second_phone_cannot_confirm_again_what_the_first_confirmed(signing: Signing) -> None:
    asked = signing.scan()
    signing.phone.confirm(asked, signing.page)

    answer = signing.product.phone(HUANG).confirm(asked, signing.page)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "already_scanned")
    assert truth_of(signing.product, signing.id).page_grants == 1


@pytest.mark.row("S-06", "R-12")
def test_the_phone_may_repeat_its_confirmation_and_only_one_right_lives(signing: Signing) -> None:
    asked = signing.scan()
    shown = signing.page.read()["qr"]["reference_code"]
    first = signing.phone.confirm(asked, signing.page)

    again = signing.phone.confirm(asked, signing.page, reference_code=shown)

    assert (first.status_code, again.status_code) == (200, 200)
    assert truth_of(signing.product, signing.id).releases == 1
    assert signing.page.load().get_json()["grant"] is not None


@pytest.mark.row("S-06", "R-12")
def test_confirming_twice_on_the_page_seals_once_with_the_same_answer(signing: Signing) -> None:
    signing.authorize()
    placements = signing.page.everywhere()
    first = signing.page.confirm(placements)

    again = signing.page.confirm(placements)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.get_json() == again.get_json()
    signing.product.work()
    assert signing.page.confirm(placements).get_json()["task"]["status"] == "sealed"
    truth = truth_of(signing.product, signing.id)
    assert (truth.uses, truth.documents) == (("done",), 1)


@pytest.mark.row("S-06", "R-12")
def test_the_same_key_with_other_placements_is_refused(signing: Signing) -> None:
    signing.authorize()
    placements = signing.page.everywhere()
    signing.page.confirm(placements)
    moved = [{**placements[0], "x": placements[0]["x"] + 5}]

    answer = signing.page.confirm(moved)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert truth_of(signing.product, signing.id).uses == ("reserved",)


@pytest.mark.row("S-06", "S-16")
@pytest.mark.parametrize("done", [False, True])
def test_another_key_cannot_start_a_second_sealing(signing: Signing, done: bool) -> None:
    signing.authorize()
    placements = signing.page.everywhere()
    signing.page.confirm(placements)
    if done:
        signing.product.work()

    answer = signing.page.confirm(placements, key="k-2")

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "wrong_state"
    assert len(truth_of(signing.product, signing.id).uses) == 1


@pytest.mark.row("S-16")
def test_placements_cannot_be_changed_once_the_page_has_confirmed(signing: Signing) -> None:
    signing.authorize()
    placements = signing.page.everywhere()
    signing.page.confirm(placements)
    frozen = signing.page.read()["placements"]

    answer = signing.page.save([{**placements[0], "x": 200.0}])

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    assert signing.page.read()["placements"] == frozen


def company_of(product: Product) -> str:
    with product.parts.db.read() as uow:
        return uow.session.scalars(select(Enterprise.id)).first() or ""
