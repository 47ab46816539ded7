"""The signing PIN on the phone: wrong ones are counted, five lock, and the page is told."""

import pytest

from tests.factories.product import WEI, Product, Signing
from tests.factories.truth import truth_of

WRONG = "000000"


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def lock(signing: Signing) -> dict[str, object]:
    """Five wrong PINs in one session; what the phone was asked in it."""
    asked = signing.scan()
    for _ in range(5):
        signing.phone.confirm(asked, signing.page, pin=WRONG)
    return asked


@pytest.mark.row("S-21", "F-39")
def test_a_wrong_pin_says_how_many_tries_are_left_and_the_right_one_still_passes(
    signing: Signing,
) -> None:
    asked = signing.scan()

    answers = [signing.phone.confirm(asked, signing.page, pin=WRONG) for _ in range(2)]

    assert [(one.status_code, one.get_json()["tries_left"]) for one in answers] == [
        (422, 4),
        (422, 3),
    ]
    assert answers[0].get_json()["code"] == "wrong_pin"
    qr = signing.page.read()["qr"]
    assert (qr["state"], qr["hint"]["code"]) == ("scanned", "pin_wrong")
    assert truth_of(signing.product, signing.id).page_grants == 0
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("S-21")
def test_the_fifth_wrong_pin_locks_and_the_page_sees_it(signing: Signing) -> None:
    asked = signing.scan()
    answers = [signing.phone.confirm(asked, signing.page, pin=WRONG) for _ in range(5)]

    locked = answers[-1]

    assert (locked.status_code, locked.get_json()["code"]) == (429, "pin_locked")
    assert locked.headers["Retry-After"] == str(locked.get_json()["retry_after"]) == "900"
    qr = signing.page.read()["qr"]
    assert (qr["status"], qr["state"], qr["hint"]["code"]) == ("failed", "failed", "pin_locked")
    assert qr["hint"]["message"]
    assert qr["hint"]["next_step"]
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("S-21", "S-50")
def test_the_right_pin_is_refused_while_locked_also_in_a_new_session(signing: Signing) -> None:
    lock(signing)
    signing.page.post_to("restart")
    asked = signing.scan()
    assert asked["pin_locked_seconds"] == 900

    answer = signing.phone.confirm(asked, signing.page)

    assert (answer.status_code, answer.get_json()["code"]) == (429, "pin_locked")
    assert signing.page.read()["qr"]["state"] == "failed"
    assert signing.page.load().status_code == 409
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("S-21")
def test_when_the_lock_is_over_the_right_pin_passes(signing: Signing) -> None:
    lock(signing)
    signing.product.clock.advance(minutes=15)
    signing.page.post_to("restart")

    asked = signing.scan()

    assert asked["pin_locked_seconds"] == 0
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("S-21")
@pytest.mark.parametrize("pin", ["12345", "1234567890123", "13579a", "", "１３５７９０"])
def test_what_is_no_pin_at_all_is_not_counted(signing: Signing, pin: str) -> None:
    asked = signing.scan()
    company = asked["acting"][0]["id"]
    shown = signing.page.read()["qr"]["reference_code"]
    body = {
        "reference_code": shown,
        "acting": {"kind": "enterprise", "id": company},
        "pin": pin,
    }

    answers = [signing.phone.post(f"/m/qr/{asked['session_id']}/confirm", body) for _ in range(6)]

    assert {(one.status_code, one.get_json()["code"]) for one in answers} == {(422, "bad_pin")}
    assert signing.phone.confirm(asked, signing.page, reference_code=shown).status_code == 200


@pytest.mark.row("S-21", "S-44")
def test_no_answer_and_no_log_repeats_the_pin(
    signing: Signing, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = signing.scan()
    canary = "97531864"

    answers = [
        signing.phone.confirm(asked, signing.page, pin=canary),
        signing.phone.confirm(asked, signing.page, pin=canary + "x"),
        signing.phone.confirm(asked, signing.page),
    ]

    said = capsys.readouterr()
    for text in (said.out, said.err, *(one.get_data(as_text=True) for one in answers)):
        assert canary not in text
        assert WEI.pin not in text
