"""Many at once on one thing, over HTTP: one of them wins, and the others are told so."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.documents.models import Document
from server.grants.models import SealUse
from server.signing.models import SigningTask
from tests.factories.devices import SigningPage
from tests.factories.domain import only_grant
from tests.factories.pdf import make_pdf
from tests.factories.product import LI, Product, Signing
from tests.fakes.threads import together
from tests.faults.ledger import check, check_ended

RACERS = 16


def same_page(signing: Signing) -> SigningPage:
    """Another connection of the same browser: the page's cookie, a client of its own."""
    page, path = signing.page, signing.page.path
    other = SigningPage(signing.product.app.test_client(), page.open_url)
    cookie = page.client.get_cookie("gy_page", path=path)
    assert cookie is not None
    other.client.set_cookie("gy_page", cookie.value, path=path)
    other.state = page.state
    return other


def confirmers(signing: Signing, key: Callable[[int], str]) -> list[Callable[[], TestResponse]]:
    placements = signing.page.everywhere()

    def racer(number: int) -> Callable[[], TestResponse]:
        page = same_page(signing)
        return lambda: page.confirm(placements, key=key(number))

    return [racer(number) for number in range(RACERS)]


def count(product: Product, kind: type[SealUse] | type[Document] | type[SigningTask]) -> int:
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.row("S-06", "R-12", "R-13")
@pytest.mark.parametrize("keys", ["one key", "each its own"])
def test_of_sixteen_confirmations_at_once_one_reserves_and_one_document_is_made(
    product: Product, keys: str
) -> None:
    signing = product.signing(person=LI)
    signing.authorize()
    own = keys == "each its own"

    answers = together(confirmers(signing, lambda number: f"k-{number * own}"))

    expected = {202: 1, 409: RACERS - 1} if own else {202: RACERS}
    assert Counter(answer.status_code for answer in answers) == expected
    assert {answer.get_json()["code"] for answer in answers if answer.status_code == 409} <= {
        "wrong_state"
    }
    assert count(product, SealUse) == 1
    product.work()
    check_ended(product, 1)


@pytest.mark.row("S-29", "R-13")
def test_of_six_tasks_confirmed_at_once_three_pass_a_limit_of_three(product: Product) -> None:
    with product.parts.db.begin() as uow:
        only_grant(uow).most_uses = 3
    signings = [product.signing(person=LI) for _ in range(6)]
    for signing in signings:
        signing.authorize()
    placed = [(signing.page, signing.page.everywhere()) for signing in signings]

    answers = together(
        [lambda page=page, where=where: page.confirm(where) for page, where in placed]
    )

    assert Counter(answer.status_code for answer in answers) == {202: 3, 409: 3}
    product.work()
    assert len(check(product).sealed) == 3


@pytest.mark.row("R-12")
def test_sixteen_requests_at_once_with_one_key_make_one_document_and_one_task(
    product: Product,
) -> None:
    pdf, partners = make_pdf(), [product.partner() for _ in range(RACERS)]
    before = count(product, Document), count(product, SigningTask)
    key = {"Idempotency-Key": "k-1"}

    uploads = together([lambda one=one: one.upload(pdf, **key) for one in partners])
    product.work()
    body = {"document_id": uploads[0].get_json()["id"], "title": "在线签章"}
    tasks = together([lambda one=one: one.post("/signing-tasks", body, **key) for one in partners])

    assert {answer.status_code for answer in uploads} == {202}
    assert {answer.status_code for answer in tasks} == {201}
    assert len({answer.get_json()["id"] for answer in uploads}) == 1
    assert len({answer.get_json()["id"] for answer in tasks}) == 1
    after = count(product, Document), count(product, SigningTask)
    assert after == (before[0] + 1, before[1] + 1)


@pytest.mark.row("R-13", "S-09")
@pytest.mark.parametrize("again", range(3))
def test_a_cancellation_beside_a_confirmation_is_refused_or_stops_it(
    product: Product, again: int
) -> None:
    signing = product.signing(person=LI)
    signing.authorize()
    placements, path = signing.page.everywhere(), f"/signing-tasks/{signing.id}"

    confirm, cancel = together(
        [
            lambda: signing.page.confirm(placements),
            lambda: signing.partner.post(f"{path}/cancel"),
        ]
    )

    product.work()
    won = (confirm.status_code, cancel.status_code, signing.partner.get(path).get_json()["status"])
    assert won in {(202, 409, "sealed"), (409, 200, "cancelled"), (410, 200, "cancelled")}
    check(product)
