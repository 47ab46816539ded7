"""The right to seal lives in one browser, for half an hour, ten minutes without activity."""

from http.cookies import SimpleCookie

import pytest
from sqlalchemy import select

from server.certificates.models import KeyRelease
from server.signing.errors import GrantOver
from server.signing.models import SigningTask
from server.signing.page_grants import take_grant
from tests.factories.devices import SigningPage
from tests.factories.pdf import make_pdf
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def reload(page: SigningPage) -> dict[str, object]:
    """The address has lost its fragment; only the cookie is left."""
    answer = page.post_to("open", {"open_token": None})
    assert answer.status_code == 200, answer.get_json()
    state: dict[str, object] = answer.get_json()
    return state


@pytest.mark.row("F-43")
def test_a_reload_goes_on_by_the_cookie_with_every_placed_seal(signing: Signing) -> None:
    signing.authorize()
    placed = signing.page.everywhere()
    signing.page.save(placed)

    state = reload(signing.page)

    assert state["placements"] == placed
    assert state["grant"] is not None
    assert signing.page.confirm(placed).status_code == 202


@pytest.mark.row("F-43")
def test_a_reload_before_the_scan_keeps_the_same_code(signing: Signing) -> None:
    asked = signing.scan()

    state = reload(signing.page)

    assert state["qr"]["state"] == "scanned"  # type: ignore[index]
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("F-43", "S-10")
def test_another_browser_with_a_new_link_takes_over_and_the_first_loses_its_right(
    signing: Signing,
) -> None:
    signing.authorize()
    placed = signing.page.everywhere()
    signing.page.save(placed)

    taken_over = signing.product.page(signing.new_link())

    assert taken_over.state["placements"] == placed
    assert (taken_over.state["grant"], taken_over.state["qr"]["state"]) == (None, "pending")
    first = signing.page.confirm(placed)
    assert (first.status_code, first.get_json()["code"]) == (401, "page_token_missing")
    assert signing.page.get(f"{signing.page.path}/state").status_code == 401
    assert truth_of(signing.product, signing.id).releases == 0


@pytest.mark.row("S-10", "S-02")
def test_a_link_opens_one_browser_once_and_within_two_minutes(signing: Signing) -> None:
    again = SigningPage(signing.product.app.test_client(), signing.task["open_url"])
    assert again.open().get_json()["code"] == "open_token_refused"
    late = SigningPage(signing.product.app.test_client(), signing.new_link())
    signing.product.clock.advance(seconds=120)

    answer = late.open()

    assert (answer.status_code, answer.get_json()["code"]) == (410, "open_token_expired")


@pytest.mark.row("S-10")
def test_a_link_that_the_same_browser_opened_again_is_spent_too(signing: Signing) -> None:
    link = signing.new_link()
    signing.page.open(link.split("#")[1])

    stolen = SigningPage(signing.product.app.test_client(), link).open()

    assert (stolen.status_code, stolen.get_json()["code"]) == (403, "open_token_refused")


@pytest.mark.row("S-02", "S-19")
@pytest.mark.parametrize("act", ["state", "frames", "document", "events"])
def test_the_page_token_of_another_task_opens_nothing(signing: Signing, act: str) -> None:
    other = signing.product.signing()
    token = str(next(c.value for c in other.page.client._cookies.values() if c.key == "gy_page"))

    answer = signing.product.browser().get(
        f"{signing.page.path}/{act}", headers={"Page-Token": token}
    )

    assert (answer.status_code, answer.get_json()["code"]) == (401, "page_token_missing")


@pytest.mark.row("S-02")
def test_who_only_reads_the_code_can_neither_watch_nor_redeem(signing: Signing) -> None:
    session_id = signing.page.frame().rsplit("/", 1)[1][1:17]
    stranger = signing.product.browser()

    for token in (session_id, signing.page.frame(), ""):
        answer = stranger.get(f"{signing.page.path}/state", headers={"Page-Token": token})
        assert answer.status_code == 401


@pytest.mark.row("S-04")
@pytest.mark.parametrize(("minutes", "steps"), [(10, 1), (30, 5)], ids=["idle", "in all"])
def test_the_right_ends_after_ten_idle_minutes_and_after_thirty_in_all(
    signing: Signing, minutes: int, steps: int
) -> None:
    signing.authorize()
    placed = signing.page.everywhere()
    for _ in range(steps - 1):
        signing.product.clock.advance(minutes=minutes / steps)
        assert signing.page.save(placed).status_code == 200
    signing.product.clock.advance(minutes=minutes / steps)

    answer = signing.page.confirm(placed)

    assert (answer.status_code, answer.get_json()["code"]) == (410, "grant_ended")
    assert signing.page.save(placed).status_code == 410
    picture = signing.page.get(f"{signing.page.path}/seals/{placed[0]['seal_id']}.svg")
    assert picture.status_code == 410
    assert truth_of(signing.product, signing.id).uses == ()


@pytest.mark.row("S-04")
def test_the_right_lasts_until_a_second_before_ten_idle_minutes(signing: Signing) -> None:
    signing.authorize()
    placed = signing.page.everywhere()
    signing.product.clock.advance(seconds=599)

    assert signing.page.confirm(placed).status_code == 202


@pytest.mark.row("S-04")
def test_a_confirmation_that_the_page_does_not_fetch_within_a_minute_is_worth_nothing(
    signing: Signing,
) -> None:
    signing.phone.confirm(signing.scan(), signing.page)
    signing.product.clock.advance(seconds=60)

    answer = signing.page.load()

    assert (answer.status_code, answer.get_json()["code"]) == (410, "grant_ended")
    assert signing.page.read()["seals"] == []


@pytest.mark.row("S-15")
def test_nor_when_the_store_of_the_qr_sessions_would_still_say_confirmed(signing: Signing) -> None:
    """SQL decides: its own minute counts, whatever the other store has kept."""
    signing.phone.confirm(signing.scan(), signing.page)
    signing.product.clock.advance(seconds=60)

    with signing.product.parts.db.begin() as uow, pytest.raises(GrantOver):
        take_grant(uow, uow.session.get_one(SigningTask, signing.id), confirmed=True)


@pytest.mark.row("S-04")
def test_a_code_that_nobody_scanned_expires_and_is_refused(signing: Signing) -> None:
    frame = signing.page.frame()
    signing.product.clock.advance(seconds=120)

    answer = signing.phone.open_link(frame)

    assert (answer.status_code, answer.get_json()["code"]) == (410, "expired_token")
    qr = signing.page.read()["qr"]
    assert (qr["state"], qr["hint"]["code"]) == ("expired", "expired_unscanned")


@pytest.mark.row("S-04")
def test_a_confirmation_after_the_scans_three_minutes_authorises_nothing(signing: Signing) -> None:
    asked = signing.scan()
    shown = signing.page.read()["qr"]["reference_code"]
    signing.product.clock.advance(seconds=180)

    answer = signing.phone.confirm(asked, signing.page, reference_code=shown)

    assert answer.status_code == 409
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("S-04")
def test_after_a_day_a_task_takes_no_more_phones(signing: Signing) -> None:
    signing.product.clock.advance(hours=24)

    state = reload(signing.page)

    assert (state["task"]["status"], state["qr"]) == ("expired", None)  # type: ignore[index]
    assert signing.page.post_to("restart").status_code == 410


@pytest.mark.row("S-22")
def test_the_released_key_opens_with_the_page_token_alone(signing: Signing) -> None:
    signing.authorize()
    with signing.product.parts.db.begin() as uow:
        release = uow.session.scalars(select(KeyRelease)).one()
        release.sealed = bytes(len(release.sealed))

    answer = signing.page.confirm(signing.page.everywhere())

    assert (answer.status_code, answer.get_json()["code"]) == (403, "key_not_opened")
    assert truth_of(signing.product, signing.id).status == "authorized"


@pytest.mark.row("S-25", "S-02")
def test_the_pages_cookie_is_for_its_own_task_and_out_of_reach_of_scripts(
    product: Product,
) -> None:
    made = product.partner().task(make_pdf())
    page = SigningPage(product.app.test_client(), made["open_url"])

    cookie = SimpleCookie(page.open().headers["Set-Cookie"])["gy_page"]

    assert cookie["path"] == f"/sign/{made['id']}"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert len(cookie.value) >= 43
    assert cookie.value not in str(page.read())


@pytest.mark.row("P-29")
def test_a_page_that_polls_too_fast_is_told_to_slow_down(signing: Signing) -> None:
    answers = [signing.page.get(f"{signing.page.path}/events?wait=0") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].get_json()["code"] == "slow_down"
    assert answers[-1].headers["Retry-After"] == "5"
