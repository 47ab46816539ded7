"""What comes too late by the server's clock does nothing, whatever the phone's clock says."""

import pytest
from werkzeug.test import TestResponse

from tests.factories.logins import told
from tests.factories.product import Product, Signing
from tests.factories.truth import events_of, truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def nothing_released(signing: Signing) -> bool:
    truth = truth_of(signing.product, signing.id)
    return (truth.status, truth.uses, truth.documents) == ("awaiting_signer", (), 0) and (
        truth.page_grants == truth.releases == 0
    )


def dated(signing: Signing, path: str) -> TestResponse:
    """A phone whose clock stands still, and which says so everywhere."""
    early = "Sat, 01 Jan 2000 00:00:00 GMT"
    return signing.phone.post(path, headers={"Date": early, "If-Unmodified-Since": early})


@pytest.mark.row("S-04")
@pytest.mark.parametrize(("seconds", "status"), [(119, 200), (120, 410)])
def test_a_code_is_scanned_within_two_minutes_or_never(
    signing: Signing, seconds: int, status: int
) -> None:
    target = "/m/qr/" + signing.page.frame().rsplit("/", 1)[1][1:17] + "/scan"
    signing.phone.open_link(signing.page.frame())
    signing.product.clock.advance(seconds=seconds)

    answer = dated(signing, target)

    assert answer.status_code == status
    if status == 410:
        assert told(answer) == (410, "expired_token")
        qr = signing.page.read()["qr"]
        assert (qr["state"], qr["hint"]["code"]) == ("expired", "expired_unscanned")


@pytest.mark.row("S-04", "S-08")
def test_a_confirmation_after_three_minutes_authorises_nothing(signing: Signing) -> None:
    asked = signing.scan()
    signing.phone.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]
    signing.product.clock.advance(seconds=180)

    late = signing.phone.confirm(asked, signing.page)

    assert told(late) == (409, "wrong_state")
    assert nothing_released(signing)
    signing.product.clock.advance(seconds=120)
    assert told(signing.phone.confirm(asked, signing.page)) == (410, "expired_token")
    assert nothing_released(signing)
    assert "signing.authorized" not in events_of(signing.product, signing.id)


@pytest.mark.row("S-04")
def test_reading_prolongs_a_scan_to_five_minutes_and_no_further(signing: Signing) -> None:
    asked = signing.scan()
    touch = f"/m/qr/{asked['session_id']}/touch"
    for _ in range(4):
        signing.product.clock.advance(seconds=74)
        assert signing.phone.post(touch).status_code == 200
    signing.product.clock.advance(seconds=4)

    assert told(dated(signing, touch)) == (409, "wrong_state")
    assert told(signing.phone.confirm(asked, signing.page)) == (409, "wrong_state")
    assert nothing_released(signing)


@pytest.mark.row("S-04", "S-08")
def test_a_confirmation_that_the_page_does_not_take_within_a_minute_is_void(
    signing: Signing,
) -> None:
    signing.phone.confirm(signing.scan(), signing.page)
    signing.product.clock.advance(seconds=60)

    answer = signing.page.load()

    assert answer.status_code == 410
    assert signing.page.read()["seals"] == []
    placed = [{"seal_id": "seal-guessed", "page": 1, "x": 300, "y": 400}]
    assert signing.page.confirm(placed).status_code in (409, 410)
    truth = truth_of(signing.product, signing.id)
    assert (truth.uses, truth.documents) == ((), 0)


@pytest.mark.row("S-04")
def test_no_code_lives_longer_than_a_quarter_of_an_hour(signing: Signing) -> None:
    for _ in range(4):
        signing.product.clock.advance(seconds=119)
        assert signing.page.post_to("refresh").status_code == 200
    for _ in range(2):
        signing.product.clock.advance(seconds=100)
        signing.scan()
        signing.page.post_to("another-phone")
    signing.product.clock.advance(seconds=100)
    asked = signing.scan()
    signing.phone.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]
    signing.product.clock.advance(seconds=15 * 60 - (4 * 119 + 300))

    assert told(signing.phone.confirm(asked, signing.page)) == (410, "expired_token")
    assert told(signing.page.post_to("refresh"))[0] == 410
    assert nothing_released(signing)
