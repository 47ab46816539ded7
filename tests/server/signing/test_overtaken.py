"""What ends a session while the phone is confirming wins: nothing of the confirmation is left."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product as pairs

import pytest
from sqlalchemy import select

from qr_session import Code, Store
from server.signing.models import PageGrant
from tests.factories.product import HUANG, Product, Signing
from tests.factories.truth import events_of, truth_of
from tests.fakes.moments import AfterTheLook, BeforeTheDatabase, BeforeTheStore, sessions_on

Event = Callable[[Signing], object]


def lock_pin(signing: Signing) -> None:
    """The same phone, in another window: five wrong PINs."""
    session_id = sessions_id(signing)
    other = signing.product.begun(signing.product.parts, signing.product.clock).browser()
    cookie = signing.phone.client.get_cookie("gy_phone")
    assert cookie
    other.client.set_cookie("gy_phone", cookie.value)
    body = {
        "reference_code": signing.phone.seen[session_id],
        "acting": {"kind": "enterprise", "id": "ent-x"},
        "pin": "000000",
    }
    codes = [other.post(f"/m/qr/{session_id}/confirm", body).get_json()["code"] for _ in range(5)]
    assert codes[-1] == "pin_locked"


def decline(signing: Signing) -> None:
    phone = signing.phone
    answer = phone.post(f"/m/qr/{sessions_id(signing)}/decline", {"not_started_by_me": True})
    assert answer.status_code == 200


ENDS: dict[str, Event] = {
    "the page cancels": lambda signing: signing.page.post_to("cancel"),
    "the partner cancels": lambda signing: signing.partner.post(
        f"/signing-tasks/{signing.id}/cancel"
    ),
    "the phone declines": decline,
    "another phone is asked for": lambda signing: signing.page.post_to("another-phone"),
    "another browser opens the task": lambda signing: signing.product.page(signing.new_link()),
    "the page starts again": lambda signing: signing.page.post_to("restart"),
    "three minutes pass": lambda signing: signing.product.clock.advance(seconds=180),
    "the PIN is locked": lock_pin,
}
MOMENTS = ("before the database", "before the store")
# A confirmation that was in time stands although its answer came late.
CASES = [one for one in pairs(ENDS, MOMENTS) if one != ("three minutes pass", MOMENTS[1])]


def sessions_id(signing: Signing) -> str:
    return next(iter(signing.phone.seen))


def interrupted(signing: Signing, moment: str, event: Callable[[], object]) -> Product:
    """The same product, in which something happens in the middle of a confirmation."""
    whole = signing.product
    if moment == MOMENTS[0]:
        return whole.restarted_with(keys=BeforeTheDatabase(whole.parts.providers.keys, event))
    return on_store(whole, BeforeTheStore(whole.parts.qr_sessions.store, event))


def on_store(whole: Product, store: Store) -> Product:
    sessions = sessions_on(store, whole.parts.qr_sessions)
    return whole.begun(replace(whole.parts, qr_sessions=sessions), whole.clock)


def live_grants(product: Product) -> list[PageGrant]:
    with product.parts.db.read() as uow:
        grants = uow.session.scalars(select(PageGrant).where(PageGrant.ended_at.is_(None)))
        return [grant for grant in grants if grant.is_live(uow.now)]


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


@pytest.mark.row("S-09", "S-06", "R-13", "P-07")
@pytest.mark.parametrize(("end", "moment"), CASES)
def test_what_ends_a_session_while_the_phone_confirms_leaves_nothing_released(
    signing: Signing, end: str, moment: str
) -> None:
    asked = signing.scan()
    signing.phone.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]
    slow = interrupted(signing, moment, lambda: ENDS[end](signing))
    signing.phone.client.application = slow.app

    answer = signing.phone.confirm(asked, signing.page)

    assert answer.status_code in (403, 409, 410, 429), answer.get_json()
    assert answer.get_json()["next_step"]
    truth = truth_of(signing.product, signing.id)
    assert truth.status in ("awaiting_signer", "cancelled")
    assert (live_grants(signing.product), truth.releases) == ([], 0)
    assert signing.page.load().status_code in (401, 409, 410)


@pytest.mark.row("S-05", "R-13")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_phone_that_was_sent_away_while_it_confirmed_does_not_stand_in_the_next_ones_way(
    signing: Signing, moment: str
) -> None:
    """Somebody else was quicker; the page asks for another phone, and that one signs."""
    asked = signing.scan()
    away = interrupted(signing, moment, lambda: signing.page.post_to("another-phone"))
    signing.phone.client.application = away.app
    assert signing.phone.confirm(asked, signing.page).status_code == 409

    right = signing.product.phone(HUANG)
    answer = right.confirm(right.scan(signing.page.frame()).get_json(), signing.page)

    assert answer.status_code == 200, answer.get_json()
    assert signing.page.load().get_json()["grant"]["signer"] == "黄*"
    assert len(live_grants(signing.product)) == 1
    assert "signing.withdrawn" in events_of(signing.product, signing.id)


@pytest.mark.row("S-05", "S-07", "R-13")
def test_a_phone_that_was_sent_away_takes_nothing_back_from_the_next_one(signing: Signing) -> None:
    """The next one has scanned and confirmed since the first was asked who it is."""
    asked = signing.scan()
    signing.phone.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]
    right = signing.product.phone(HUANG)

    def the_next() -> None:
        signing.page.post_to("another-phone")
        answer = right.confirm(right.scan(signing.page.frame()).get_json(), signing.page)
        assert answer.status_code == 200

    store = AfterTheLook(signing.product.parts.qr_sessions.store, the_next)
    signing.phone.client.application = on_store(signing.product, store).app

    answer = signing.phone.confirm(asked, signing.page)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "already_scanned")
    assert signing.page.load().get_json()["grant"]["signer"] == "黄*"


@pytest.mark.row("S-06", "R-12")
def test_a_second_confirmation_under_way_does_not_take_away_what_the_page_has_loaded(
    signing: Signing,
) -> None:
    """A request was sent twice; the page has its right from the one, and the other comes last."""
    asked = signing.scan()
    phone, fast = signing.phone, signing.product.app

    def the_other() -> None:
        phone.client.application = fast
        assert phone.confirm(asked, signing.page).status_code == 200
        assert signing.page.load().status_code == 200

    phone.client.application = interrupted(signing, MOMENTS[0], the_other).app

    answer = phone.confirm(asked, signing.page)

    assert answer.status_code == 200
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    assert events_of(signing.product, signing.id).count("signing.authorized") == 1


@pytest.mark.row("S-09", "R-13")
def test_a_refusal_that_the_page_has_overtaken_is_told_so_and_changes_nothing(
    signing: Signing,
) -> None:
    asked = signing.scan()
    signing.phone.confirm(asked, signing.page)
    store = AfterTheLook(signing.product.parts.qr_sessions.store, signing.page.load)
    signing.phone.client.application = on_store(signing.product, store).app

    answer = signing.phone.post(f"/m/qr/{asked['session_id']}/decline", {"not_started_by_me": True})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_consumed")
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    assert "signing.not_started_by_me" not in events_of(signing.product, signing.id)


@pytest.mark.row("S-04", "S-08")
@pytest.mark.parametrize("stopped_by", ["the database", "the store"])
def test_either_of_the_two_stores_is_enough_to_stop_the_page(
    signing: Signing, stopped_by: str
) -> None:
    """A session that was given more time, and one that failed with nothing written in SQL."""
    signing.phone.confirm(signing.scan(), signing.page)
    sessions, session_id = signing.product.parts.qr_sessions, sessions_id(signing)
    if stopped_by == "the database":
        held = sessions.peek(session_id)
        sessions.store.swap(held, held.changed(deadline=held.ends_at))
        signing.product.clock.advance(seconds=60)
        assert signing.page.read()["qr"]["state"] == "confirmed"
    else:
        sessions.fail(session_id, hint=Code.VERIFICATION_FAILED)

    answer = signing.page.load()

    assert (answer.status_code, answer.get_json()["code"]) == (410, "grant_ended")
    assert signing.page.read()["seals"] == []
