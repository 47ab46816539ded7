"""The phone's confirmation, many times at once and beside what ends it: never both effects."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.core.audit import AuditRow
from server.signing.models import PageGrant
from tests.factories.devices import PhoneInHand
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of
from tests.fakes.threads import together
from tests.faults.test_races import same_page

Act = Callable[[], TestResponse]


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def same_phone(signing: Signing) -> PhoneInHand:
    """Another connection of the same phone, which knows the number that was on the page."""
    phone = signing.phone
    other = PhoneInHand(signing.product.app.test_client(), phone.person, phone.sms)
    cookie = phone.client.get_cookie("gy_phone")
    assert cookie is not None
    other.client.set_cookie("gy_phone", cookie.value)
    other.seen = phone.seen
    return other


def confirmers(signing: Signing, count: int) -> list[Act]:
    """So many times the same confirmation, as a network or a thief would repeat it."""
    asked = signing.scan()
    signing.phone.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]
    phones = [same_phone(signing) for _ in range(count)]
    return [lambda phone=phone: phone.confirm(asked, same_page(signing)) for phone in phones]


def counted(signing: Signing) -> tuple[int, int]:
    """How often the task was authorised, and how many rights to seal live."""
    authorized = select(func.count()).where(
        AuditRow.subject == signing.id, AuditRow.event == "signing.authorized"
    )
    with signing.product.parts.db.read() as uow:
        grants = uow.session.scalars(select(PageGrant).where(PageGrant.task_id == signing.id))
        live = [grant for grant in grants if grant.is_live(uow.now)]
        return uow.session.scalar(authorized) or 0, len(live)


@pytest.mark.row("S-06", "R-12", "R-13")
def test_a_confirmation_that_is_repeated_at_once_authorises_once(signing: Signing) -> None:
    """Four, as the fifth PIN in flight locks until one of them was right."""
    answers = together(confirmers(signing, 4))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert counted(signing) == (1, 1)
    assert truth_of(signing.product, signing.id).releases == 1
    assert signing.page.load().get_json()["grant"] is not None


@pytest.mark.row("S-06", "R-13", "S-21")
def test_a_confirmation_that_is_replayed_twenty_times_leaves_one_right_or_none(
    signing: Signing,
) -> None:
    """So many PINs at once lock; then the session has failed, and nothing stays released."""
    answers = together(confirmers(signing, 20))

    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) <= {200, 409, 429}, codes
    state = signing.page.read()["qr"]["state"]
    live, releases = counted(signing)[1], truth_of(signing.product, signing.id).releases
    assert (state, live, releases) in {("confirmed", 1, 1), ("failed", 0, 0)}
    assert (signing.page.load().status_code == 200) == (state == "confirmed")


@pytest.mark.row("S-06", "R-12")
def test_a_confirmation_that_arrives_again_late_does_not_take_the_pages_right_away(
    signing: Signing,
) -> None:
    confirm, again = confirmers(signing, 2)
    confirm()
    placements = signing.page.load() and signing.page.everywhere()

    late = again()

    assert (late.status_code, late.get_json()["code"]) == (409, "already_consumed")
    assert signing.page.confirm(placements).status_code == 202


@pytest.mark.row("S-09", "S-06", "P-07", "R-13")
@pytest.mark.parametrize("again", range(2))
def test_of_sixteen_that_confirm_and_cancel_at_once_the_cancellation_stands(
    signing: Signing, again: int
) -> None:
    """In whichever order the database sees them: what is cancelled releases nothing."""
    confirms = confirmers(signing, 4)
    path = f"/signing-tasks/{signing.id}/cancel"
    pages = [same_page(signing) for _ in range(6)]
    partners = [signing.product.partner() for _ in range(6)]
    cancels: list[Act] = [lambda page=page: page.post_to("cancel") for page in pages]
    cancels += [lambda one=one: one.post(path) for one in partners]

    answers = together([*confirms, *cancels])

    assert {answer.status_code for answer in answers[4:]} == {200}
    assert {answer.status_code for answer in answers[:4]} <= {200, 409, 410}
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.releases, counted(signing)[1]) == ("cancelled", 0, 0)
    assert signing.page.read()["qr"]["state"] == "cancelled"
    assert signing.page.load().status_code in (409, 410)


@pytest.mark.row("S-09", "R-13")
@pytest.mark.parametrize("again", range(2))
def test_a_refusal_beside_the_page_that_loads_is_refused_or_stops_it(
    signing: Signing, again: int
) -> None:
    confirm, _ = confirmers(signing, 2)
    assert confirm().status_code == 200
    session_id = next(iter(signing.phone.seen))

    load, decline = together(
        [signing.page.load, lambda: signing.phone.post(f"/m/qr/{session_id}/decline", {})]
    )

    won = (load.status_code, decline.status_code)
    assert won in {(200, 409), (409, 200), (410, 200)}, (load.get_json(), decline.get_json())
    assert counted(signing)[1] == (1 if won[0] == 200 else 0)
