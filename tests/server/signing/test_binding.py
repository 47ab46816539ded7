"""A confirmation is worth something only to the browser, the session and the moment it was for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from tests.factories.product import HUANG, Product, Signing
from tests.factories.truth import events_of, truth_of
from tests.fakes.moments import BeforeTheDatabase


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def wrong_pick(asked: dict[str, list[str]], shown: str) -> str:
    return next(code for code in asked["reference_choices"] if code != shown)


@pytest.mark.row("S-10", "S-15")
def test_a_phone_that_scanned_the_first_browser_releases_nothing_to_the_second(
    signing: Signing,
) -> None:
    """Somebody opens a fresh link while the signer is reading on his phone."""
    asked = signing.scan()
    shown = signing.page.read()["qr"]["reference_code"]
    intruder = signing.product.page(signing.new_link())

    answer = signing.phone.confirm(asked, signing.page, reference_code=shown)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "access_denied")
    assert intruder.load().status_code == 409
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants, truth.releases) == ("awaiting_signer", 0, 0)


@pytest.mark.row("S-10", "S-15")
def test_not_even_when_both_happen_at_once(signing: Signing) -> None:
    """The fresh link is opened between the phone's check and its transaction."""
    asked = signing.scan()
    keys = signing.product.parts.providers.keys
    slow = signing.product.restarted_with(keys=BeforeTheDatabase(keys, lambda: open_again(signing)))
    phone = signing.phone
    phone.client.application = slow.app

    answer = phone.confirm(asked, signing.page)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants, truth.releases) == ("awaiting_signer", 0, 0)


@pytest.mark.row("S-09", "P-30")
@pytest.mark.parametrize("by_me", [False, True])
def test_a_refusal_after_the_pin_takes_the_release_back(signing: Signing, by_me: bool) -> None:
    asked = signing.scan()
    signing.phone.confirm(asked, signing.page)
    assert truth_of(signing.product, signing.id).releases == 1

    answer = signing.phone.post(
        f"/m/qr/{asked['session_id']}/decline", {"not_started_by_me": by_me}
    )

    assert answer.status_code == 200
    assert signing.page.load().status_code in (409, 410)
    assert signing.page.read()["seals"] == []
    assert truth_of(signing.product, signing.id).releases == 0
    assert events_of(signing.product, signing.id)[-1].startswith("signing.")


@pytest.mark.row("S-09")
def test_a_refusal_after_the_page_has_loaded_comes_too_late(signing: Signing) -> None:
    asked = signing.scan()
    signing.phone.confirm(asked, signing.page)
    signing.page.load()

    answer = signing.phone.post(f"/m/qr/{asked['session_id']}/decline", {})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_consumed")
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202


@pytest.mark.row("S-12", "S-21")
@pytest.mark.parametrize("slip", ["reference", "pin"])
def test_what_ends_the_session_after_the_pin_also_ends_what_was_released(
    signing: Signing, slip: str
) -> None:
    asked = signing.scan()
    shown = signing.page.read()["qr"]["reference_code"]
    signing.phone.confirm(asked, signing.page)
    if slip == "reference":
        wrong = wrong_pick(asked, shown)
        assert signing.phone.confirm(asked, signing.page, reference_code=wrong).status_code == 409
    else:
        for _ in range(5):
            signing.phone.confirm(asked, signing.page, reference_code=shown, pin="000000")
    assert signing.page.read()["qr"]["state"] == "failed"

    answer = signing.page.load()

    assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")
    assert signing.page.read()["grant"] is None
    assert truth_of(signing.product, signing.id).releases == 0
    assert signing.page.confirm(guessed()).status_code in (409, 410)


@pytest.mark.row("S-06", "R-12", "R-13")
@pytest.mark.parametrize("same_key", [True, False])
def test_confirming_at_once_from_many_windows_seals_once(signing: Signing, same_key: bool) -> None:
    signing.authorize()
    placements = signing.page.everywhere()
    token = next(c.value for c in signing.page.client._cookies.values() if c.key == "gy_page")
    body = {
        "document_sha256": signing.page.state["document"]["sha256"],
        "placements": placements,
    }

    def window(number: int) -> TestResponse:
        key = "k-same" if same_key else f"k-{number}"
        headers = {"Page-Token": str(token), "Idempotency-Key": key}
        return signing.product.browser().post(f"{signing.page.path}/confirm", body, headers=headers)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(window, range(8)))

    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len(accepted) == (8 if same_key else 1)
    assert {one.get_json()["code"] for one in answers if one not in accepted} <= {"wrong_state"}
    signing.product.work()
    truth = truth_of(signing.product, signing.id)
    assert (truth.uses, truth.documents) == (("done",), 1)
    assert truth.is_whole


@pytest.mark.row("S-05", "R-13")
def test_of_two_phones_that_scan_at_once_one_wins(signing: Signing) -> None:
    frame = signing.page.frame()
    phones = [signing.phone, signing.product.phone(HUANG)]
    targets = [phone.open_link(frame).headers["Location"] for phone in phones]

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda phone, target: phone.post(f"{target}/scan"), phones, targets)
        )

    assert sorted(answer.status_code for answer in answers) == [200, 403]


def open_again(signing: Signing) -> None:
    signing.product.page(signing.new_link())


def guessed() -> list[dict[str, object]]:
    return [{"seal_id": "seal-guessed", "page": 1, "x": 300, "y": 400}]


@pytest.mark.row("S-05", "P-05")
def test_the_phone_that_scanned_may_open_the_same_code_again_and_no_other(
    signing: Signing,
) -> None:
    link = signing.page.frame()
    first = signing.phone.scan(link).get_json()

    again = signing.phone.scan(link)
    stranger = signing.product.phone(HUANG).scan(link)

    assert again.status_code == 200
    assert again.get_json()["session_id"] == first["session_id"]
    assert (stranger.status_code, stranger.get_json()["code"]) == (403, "already_scanned")
