"""A second account that knows the session's id, while the first signs: it changes nothing."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from server.grants.rights import rights_of
from tests.factories.devices import PhoneInHand
from tests.factories.domain import account_of
from tests.factories.logins import id_of, refusals
from tests.factories.product import HUANG, Product, Signing
from tests.factories.store_dump import everything

Act = Callable[[PhoneInHand, str, Signing], TestResponse]


def post(action: str, **body: object) -> Act:
    return lambda phone, session_id, _: phone.post(f"/m/qr/{session_id}/{action}", body)


def answer_of(signing: Signing, pin: str) -> dict[str, object]:
    """The number that is on the page, his own company and a PIN."""
    return {
        "reference_code": signing.page.read()["qr"]["reference_code"] or "47",
        "acting": {"kind": "enterprise", "id": own_company(signing.product)},
        "pin": pin,
    }


def confirm(phone: PhoneInHand, session_id: str, signing: Signing) -> TestResponse:
    return phone.post(f"/m/qr/{session_id}/confirm", answer_of(signing, HUANG.pin))


def preview(phone: PhoneInHand, session_id: str, _: Signing) -> TestResponse:
    return phone.get(f"/m/qr/{session_id}/preview/1.png")


ACTS: dict[str, Act] = {
    "scan": post("scan"),
    "confirm": confirm,
    "decline": post("decline"),
    "not me": post("decline", not_started_by_me=True),
    "touch": post("touch"),
    "preview": preview,
}
# Scanning needs the ticket of a fresh code; the rest needs to have scanned.
CODES = {"scan": "ticket_refused"}


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


@pytest.fixture
def stranger(signing: Signing) -> PhoneInHand:
    """A person with seals and a PIN of his own, who read the session's id somewhere."""
    return signing.product.phone(HUANG)


def own_company(product: Product) -> str:
    with product.parts.db.read() as uow:
        return rights_of(uow, account_of(uow, HUANG).id)[0].enterprise.id


def reach(signing: Signing, place: str) -> str:
    """Go so far with the first phone; the session's id."""
    session_id = signing.page.frame().rsplit("/", 1)[1][1:17]
    if place != "pending":
        asked = signing.scan()
        if place in ("confirmed", "consumed"):
            assert signing.phone.confirm(asked, signing.page).status_code == 200
        if place == "consumed":
            signing.page.load()
    return session_id


@pytest.mark.row("S-07", "S-05", "S-08", "P-05")
@pytest.mark.parametrize("place", ["pending", "scanned", "confirmed", "consumed"])
def test_a_second_account_that_knows_the_id_changes_nothing_anywhere(
    signing: Signing, stranger: PhoneInHand, place: str
) -> None:
    session_id = reach(signing, place)
    before = everything(signing.product, session_id)

    answers = {name: act(stranger, session_id, signing) for name, act in ACTS.items()}

    told = {name: (one.status_code, one.get_json()["code"]) for name, one in answers.items()}
    early = (409, "wrong_state")
    refused = (403, "already_scanned")
    assert told == {
        name: (403, CODES[name]) if name in CODES else early if place == "pending" else refused
        for name in ACTS
    }
    assert everything(signing.product, session_id) == before


@pytest.mark.row("S-07")
def test_each_try_of_the_second_account_is_written_down_though_it_was_rolled_back(
    signing: Signing, stranger: PhoneInHand
) -> None:
    session_id = reach(signing, "scanned")

    for name in ("confirm", "decline", "preview", "scan"):
        ACTS[name](stranger, session_id, signing)

    who = id_of(signing.product, HUANG)
    expected = [(who, "already_scanned")] * 3 + [(who, "ticket_refused")]
    assert refusals(signing.product, session_id) == expected


@pytest.mark.row("S-07", "S-21")
def test_the_pin_of_a_second_account_is_not_even_looked_at(
    signing: Signing, stranger: PhoneInHand
) -> None:
    """Ten wrong PINs at somebody else's session lock nobody out."""
    session_id = reach(signing, "scanned")
    before = everything(signing.product, session_id)
    body = answer_of(signing, "000000")

    answers = [stranger.post(f"/m/qr/{session_id}/confirm", body) for _ in range(10)]

    assert {answer.get_json()["code"] for answer in answers} == {"already_scanned"}
    assert everything(signing.product, session_id) == before
