"""确认签署 refuses what cannot be sealed, with the reason, and nothing has happened."""

from typing import Any

import pytest
from sqlalchemy import select

from server.enterprises.models import Enterprise
from server.seals.models import Seal
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of

PAGES = [Page(), Page(), Page()]


@pytest.fixture(scope="module")
def _pdf() -> bytes:
    return make_pdf(PAGES)


@pytest.fixture
def signing(product: Product, _pdf: bytes) -> Signing:
    signing = product.signing(_pdf)
    signing.authorize()
    return signing


def refused(signing: Signing, placements: Any, code: str, status: int = 422) -> dict[str, Any]:
    """The page is told `code` with a sentence; no use is taken and the page may go on."""
    answer = signing.page.confirm(placements)
    body: dict[str, Any] = answer.get_json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert body["detail"]
    assert body["next_step"]
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.uses) == ("authorized", ())
    assert signing.page.confirm(signing.page.everywhere(), key="k-2").status_code == 202
    return body


@pytest.mark.row("F-41")
def test_pages_without_a_seal_are_listed(signing: Signing) -> None:
    placements = [one for one in signing.page.everywhere() if one["page"] == 2]

    assert refused(signing, placements, "page_without_seal")["pages"] == [1, 3]


@pytest.mark.row("F-41")
def test_a_saved_draft_names_the_pages_that_are_still_bare(signing: Signing) -> None:
    placements = [one for one in signing.page.everywhere() if one["page"] == 2]

    assert signing.page.save(placements).get_json()["pages_without_seal"] == [1, 3]


@pytest.mark.row("F-41")
def test_nothing_placed_is_nothing_to_seal(signing: Signing) -> None:
    refused(signing, [], "nothing_placed")


@pytest.mark.row("F-41")
def test_a_page_outside_the_file_is_refused(signing: Signing) -> None:
    placements = signing.page.everywhere()
    placements.append({**placements[0], "page": 4})

    body = refused(signing, placements, "page_outside")

    assert (body["page"], body["pages"]) == (4, 3)


@pytest.mark.row("F-41")
@pytest.mark.parametrize("place", [{"x": 10.0}, {"y": 838.0}, {"x": 20000.0}, {"x": -20000.0}])
def test_a_seal_over_the_edge_is_refused(signing: Signing, place: dict[str, float]) -> None:
    placements = signing.page.everywhere()
    placements[1].update(place)

    body = refused(signing, placements, "seal_off_page")

    assert (body["page"], body["seal_id"]) == (2, placements[1]["seal_id"])


@pytest.mark.row("S-18", "F-41")
def test_the_seal_of_another_company_is_refused(signing: Signing) -> None:
    placements = signing.page.everywhere()
    with signing.product.parts.db.read() as uow:
        other = uow.session.scalars(
            select(Seal.id)
            .join(Enterprise, Enterprise.id == Seal.owner_id)
            .where(Enterprise.name.contains("邕江"))
        ).first()
    placements[0]["seal_id"] = other

    assert refused(signing, placements, "foreign_seal")["seal_id"] == other


@pytest.mark.row("S-18")
def test_the_picture_of_another_companys_seal_is_not_shown(signing: Signing) -> None:
    with signing.product.parts.db.read() as uow:
        ids = set(uow.session.scalars(select(Seal.id)))
    own = {seal["id"] for seal in signing.page.read()["seals"]}

    answers = {
        seal_id: signing.page.get(f"{signing.page.path}/seals/{seal_id}.svg").status_code
        for seal_id in ids
    }

    assert answers == {seal_id: 200 if seal_id in own else 404 for seal_id in ids}


@pytest.mark.row("P-29")
def test_more_seals_than_the_file_may_carry_are_refused(signing: Signing) -> None:
    placements = signing.page.everywhere()
    placements += [placements[0]] * 18

    assert refused(signing, placements, "too_many_seals")["limit"] == 20


@pytest.mark.row("P-29")
def test_a_list_beyond_all_limits_is_refused_unread(signing: Signing) -> None:
    refused(signing, signing.page.everywhere() * 667, "invalid_fields")


@pytest.mark.row("F-41")
@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e999", "1e300", "20001", '"NaN"', "null", "true[]"]
)
def test_a_coordinate_that_is_no_place_is_refused(signing: Signing, text: str) -> None:
    placement = signing.page.everywhere()[0]
    raw = (
        f'{{"document_sha256": "{signing.page.state["document"]["sha256"]}", "placements": '
        f'[{{"seal_id": "{placement["seal_id"]}", "page": 1, "x": {text}, "y": 400}}]}}'
    )
    path = f"{signing.page.path}/confirm"

    answer = signing.page.client.post(
        path,
        data=raw,
        headers={"Origin": "http://127.0.0.1:8321", "Content-Type": "application/json"},
    )

    assert answer.status_code == 422, answer.get_json()
    assert answer.get_json()["code"] in ("invalid_fields", "unreadable_body")
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("F-41")
@pytest.mark.parametrize(
    "change",
    [{"page": 0}, {"page": -1}, {"page": 1.5}, {"page": 10**30}, {"seal_id": "s" * 41}, {"z": 1}],
    ids=str,
)
def test_a_placement_of_another_form_is_refused(
    signing: Signing, change: dict[str, object]
) -> None:
    placements = signing.page.everywhere()
    placements[0].update(change)

    refused(signing, placements, "invalid_fields")
    assert signing.page.save(placements).status_code == 422
