"""骑缝 on the signing page: kept as drawn, cut by the server, frozen, and one seal of one use."""

from typing import Any

import pytest
from sqlalchemy import select

from server.grants.models import SealUse
from server.sealing.placement import Placement
from server.sealing.reader import read_seals
from server.signing.models import SigningTask
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of

PAGES = 3


@pytest.fixture
def signing(product: Product) -> Signing:
    signing = product.signing(make_pdf([Page()] * PAGES))
    signing.authorize()
    return signing


def the_use(signing: Signing) -> SealUse:
    with signing.product.parts.db.read() as uow:
        return uow.session.scalars(select(SealUse)).one()


@pytest.mark.row("F-47", "F-41", "F-42")
def test_a_straddled_seal_alone_seals_every_page_and_is_one_seal_of_one_use(
    product: Product, signing: Signing
) -> None:
    assert signing.page.confirm([], [signing.page.across()]).status_code == 202
    product.work()

    seals = read_seals(signing.partner.result(signing.id))
    assert [one.page for one in seals] == [1, 2, 3]
    assert {round(one.rectangle[2]) for one in seals} == {595}
    use = the_use(signing)
    assert (use.state, [one["count"] for one in use.seals]) == ("done", [1])
    assert signing.page.read()["result"]["seals"] == 1
    told = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()
    assert told["result"]["seals"] == 1


@pytest.mark.row("F-47")
def test_modes_are_mixed_in_one_signing(product: Product, signing: Signing) -> None:
    page = signing.page
    straddles = [page.across("left", pages=[1, 2]), page.across("bottom", seal=1, along=0.1)]

    assert page.confirm(page.everywhere(seal=1), straddles).status_code == 202
    product.work()

    assert len(read_seals(signing.partner.result(signing.id))) == PAGES + 2 + PAGES
    counts = {one["id"]: one["count"] for one in the_use(signing).seals}
    assert counts == {straddles[0]["seal_id"]: 1, straddles[1]["seal_id"]: PAGES + 1}


@pytest.mark.row("F-41", "F-47")
def test_pages_between_which_no_seal_lies_are_still_bare(signing: Signing) -> None:
    page = signing.page
    straddle = page.across(pages=[1, 3])

    assert page.save([], straddles=[straddle]).get_json()["pages_without_seal"] == [2]
    answer = page.confirm([], [straddle])

    assert (answer.status_code, answer.get_json()["pages"]) == (422, [2])
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("F-43", "F-47")
def test_a_draft_keeps_the_straddle_as_it_was_drawn(signing: Signing) -> None:
    straddle = signing.page.across("top", along=0.25, two_sided=True)
    placements = signing.page.everywhere()[:1]

    signing.page.save(placements, straddles=[straddle])

    state = signing.page.read()
    assert (state["placements"], state["straddles"]) == (placements, [straddle])
    signing.page.save(placements)
    assert signing.page.read()["straddles"] == []


@pytest.mark.row("F-47", "R-12")
def test_a_failed_sealing_is_confirmed_again_with_the_straddle_that_was_drawn(
    product: Product, signing: Signing
) -> None:
    straddle = signing.page.across()
    signing.page.confirm([], [straddle])
    with product.parts.db.begin() as uow:
        task = uow.session.get_one(SigningTask, signing.id)
        task.slices = task.slices[1:]
    product.work()
    assert truth_of(product, signing.id).failure == "digest_mismatch"

    state = signing.page.read()
    assert (state["placements"], state["straddles"]) == ([], [straddle])
    assert signing.page.confirm([], state["straddles"], key="k-2").status_code == 202
    product.work()
    assert len(read_seals(signing.partner.result(signing.id))) == PAGES


@pytest.mark.row("S-16")
@pytest.mark.parametrize(
    "change",
    [{"clip": None}, {"clip": [0, 0, 1, 1]}, {"clip": [1 / 3, 0, 2 / 3, 1]}, {"page": 2}],
    ids=str,
)
def test_slices_changed_behind_the_page_are_not_sealed(
    product: Product, signing: Signing, change: dict[str, Any]
) -> None:
    signing.page.confirm([], [signing.page.across()])
    with product.parts.db.begin() as uow:
        task = uow.session.get_one(SigningTask, signing.id)
        assert Placement.of(task.slices[0]).clip == pytest.approx((0, 0, 1 / 3, 1))
        task.slices = [{**task.slices[0], **change}, *task.slices[1:]]

    product.work()

    truth = truth_of(product, signing.id)
    assert (truth.status, truth.failure, truth.uses) == ("failed", "digest_mismatch", ("released",))


@pytest.mark.row("F-47")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pages": [1]}, "straddle_needs_pages"),
        ({"two_sided": True}, "straddle_needs_pages"),
        ({"pages": [1, 4]}, "page_outside"),
        ({"seal_id": "sea_another"}, "foreign_seal"),
        ({"pages": []}, "invalid_fields"),
        ({"pages": [0, 1]}, "invalid_fields"),
        ({"edge": "middle"}, "invalid_fields"),
        ({"along": 1.01}, "invalid_fields"),
        ({"clip": [0, 0, 1, 1]}, "invalid_fields"),
    ],
    ids=str,
)
def test_a_straddle_that_cannot_be_cut_is_refused_by_name(
    signing: Signing, change: dict[str, Any], code: str
) -> None:
    answer = signing.page.confirm([], [signing.page.across() | change])

    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (422, code)
    assert body["detail"]
    assert body["next_step"]
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("S-16", "F-47")
def test_nobody_but_the_server_cuts_a_seal(signing: Signing) -> None:
    placements = signing.page.everywhere()
    placements[0]["clip"] = [0, 0, 0.5, 1]

    assert signing.page.confirm(placements).get_json()["code"] == "invalid_fields"
    assert signing.page.save(placements).status_code == 422
