"""公用电脑: the right to seal and the placed seals end with the page (F-43, Settled 9)."""

import pytest
from sqlalchemy import select

from server.signing.models import PageGrant
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


@pytest.mark.row("F-43")
def test_on_a_public_computer_only_the_open_page_holds_the_right(signing: Signing) -> None:
    page = signing.page
    token = page.post_to("public-computer", {"on": True}).get_json()["page_token"]
    assert not [cookie for cookie in page.client._cookies.values() if cookie.key == "gy_page"]
    held = {"Page-Token": token}

    state = page.get(f"{page.path}/state", headers=held).get_json()

    assert state["public_computer"]
    assert page.get(f"{page.path}/state").status_code == 401
    answer = page.post_to("open", {"open_token": None}, headers=held)
    assert "gy_page" not in str(answer.headers.getlist("Set-Cookie"))
    assert page.post_to("open", {"open_token": None}).status_code == 401


@pytest.mark.row("F-43")
def test_leaving_a_public_computer_ends_the_right_and_wipes_the_key(signing: Signing) -> None:
    page = signing.page
    token = page.post_to("public-computer", {"on": True}).get_json()["page_token"]
    held = {"Page-Token": token}
    frames = page.get(f"{page.path}/frames", headers=held).get_json()["frames"]
    asked = signing.phone.scan(frames[0]["text"]).get_json()
    shown = page.get(f"{page.path}/state", headers=held).get_json()["qr"]["reference_code"]
    signing.phone.confirm(asked, page, reference_code=shown)
    assert page.post_to("load", headers=held).get_json()["grant"]
    assert truth_of(signing.product, signing.id).releases == 1

    answer = page.post_to("leave", {"page_token": token})

    assert answer.status_code == 204
    assert truth_of(signing.product, signing.id).releases == 0
    state = page.get(f"{page.path}/state", headers=held).get_json()
    assert state["grant"] is None
    with signing.product.parts.db.read() as uow:
        assert uow.session.scalars(select(PageGrant)).one().ended_at is not None


@pytest.mark.row("F-43")
@pytest.mark.parametrize("end", ["the page leaves", "another browser opens"])
def test_what_was_placed_on_a_public_computer_is_not_there_for_the_next(
    signing: Signing, end: str
) -> None:
    page = signing.page
    signing.authorize()
    page.save(page.everywhere(), straddles=[page.across()])
    page.post_to("restart")
    token = page.post_to("public-computer", {"on": True}).get_json()["page_token"]

    if end == "the page leaves":
        page.post_to("leave", {"page_token": token})
        state = page.get(f"{page.path}/state", headers={"Page-Token": token}).get_json()
    else:
        state = signing.product.page(signing.new_link()).state

    assert (state["placements"], state["straddles"]) == ([], [])


@pytest.mark.row("F-43")
def test_a_public_computer_cannot_be_ticked_off_again(signing: Signing) -> None:
    answer = signing.page.post_to("public-computer", {"on": False})

    assert answer.status_code == 422
    assert not signing.page.read()["public_computer"]


@pytest.mark.row("F-43")
def test_a_computer_is_made_public_before_the_confirmation_or_not_at_all(signing: Signing) -> None:
    signing.authorize()

    answer = signing.page.post_to("public-computer", {"on": True})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
