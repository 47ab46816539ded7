"""Who only sees the code, keeps it, hands it on or reads it first: what it is worth to him."""

import base64
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from werkzeug.test import TestResponse

from qr_session import Purpose, frames
from server.accounts import named_signer
from server.signing.models import SigningTask
from tests.factories.devices import Browser
from tests.factories.domain import company
from tests.factories.logins import told
from tests.factories.product import HUANG, LI, WEI, Product, Signing
from tests.factories.store_dump import everything
from tests.factories.truth import truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def token_of(signing: Signing) -> str:
    return signing.page.frame().rsplit("/", 1)[1]


def frame_key(signing: Signing, session_id: str) -> bytes:
    """What nobody but the server can make."""
    sessions = signing.product.parts.qr_sessions
    return frames.frame_key(sessions._root_key, session_id, sessions.peek(session_id).generation)


ASKED = [
    ("GET", "state"),
    ("GET", "events?after=0&wait=0"),
    ("GET", "frames"),
    ("POST", "ticket"),
    ("POST", "load"),
    ("POST", "cancel"),
    ("POST", "refresh"),
    ("POST", "restart"),
    ("POST", "another-phone"),
    ("GET", "document"),
    ("GET", "download"),
]


@pytest.mark.row("P-01", "S-02", "S-01")
@pytest.mark.parametrize("scanned", [False, True])
def test_what_the_code_holds_neither_watches_nor_redeems(signing: Signing, scanned: bool) -> None:
    """As the page's token by header and by cookie, from a browser that knows the task as well."""
    token, session_id = token_of(signing), token_of(signing)[1:17]
    if scanned:
        signing.phone.confirm(signing.scan(), signing.page)
    before = everything(signing.product, session_id)
    eye = signing.product.browser()

    for guess in (token, session_id, f"http://127.0.0.1:8321/q/{token}", signing.id, ""):
        eye.client.set_cookie("gy_page", guess, path=signing.page.path)
        for headers in ({"Page-Token": guess}, {}):
            for method, action in ASKED:
                answer = ask(eye, method, f"{signing.page.path}/{action}", headers)
                assert told(answer) == (401, "page_token_missing"), (method, action, guess)

    assert everything(signing.product, session_id) == before


def ask(browser: Browser, method: str, path: str, headers: dict[str, str]) -> TestResponse:
    if method == "GET":
        return browser.get(path, headers={"Accept": "application/json", **headers})
    return browser.post(path, headers=headers)


@pytest.mark.row("S-01")
def test_the_codes_of_many_sessions_have_ids_of_96_free_bits(product: Product) -> None:
    """Each of the 96 bits is drawn: over 64 ids every one of them stands both ways."""
    ids = [frames.new_session_id() for _ in range(64)]
    numbers = [int.from_bytes(base64.urlsafe_b64decode(one)) for one in ids]

    assert {len(one) for one in ids} == {16}
    seen_set, seen_clear = 0, 0
    for number in numbers:
        seen_set, seen_clear = seen_set | number, seen_clear | ~number
    assert seen_set == seen_clear & (2**96 - 1) == 2**96 - 1
    assert token_of(product.signing())[1:17] not in ids


@pytest.mark.row("P-03", "S-03")
def test_a_fresh_frame_comes_every_two_seconds_and_none_tells_the_key(signing: Signing) -> None:
    answer = signing.page.get(f"{signing.page.path}/frames")

    shown = answer.get_json()["frames"]
    times = [datetime.fromisoformat(one["shows_at"]) for one in shown]
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(seconds=2)}
    assert len({one["text"] for one in shown}) == len(shown) == 10
    key = frame_key(signing, token_of(signing)[1:17])
    state = signing.page.get(f"{signing.page.path}/state")
    for text in (answer.get_data(as_text=True), state.get_data(as_text=True)):
        assert key.hex() not in text
        assert base64.urlsafe_b64encode(key).decode().rstrip("=") not in text


@pytest.mark.row("S-03", "S-01")
@pytest.mark.parametrize("relay", ["old", "refreshed", "other session", "other purpose", "static"])
def test_a_relayed_frame_is_refused_and_touches_nothing(signing: Signing, relay: str) -> None:
    frame, page = signing.page.frame(), signing.page
    session_id = token_of(signing)[1:17]
    if relay == "old":
        signing.product.clock.advance(seconds=8)
    elif relay == "refreshed":
        page.post_to("refresh")
    elif relay == "other session":
        other = signing.product.signing()
        frame = frame.replace(session_id, token_of(other)[1:17])
    else:
        step, purpose = (1, Purpose.LOGIN) if relay == "other purpose" else (0, Purpose.SIGN)
        key = frame_key(signing, session_id)
        token = frames.build(key, session_id=session_id, step=step, purpose=purpose)
        frame = f"http://127.0.0.1:8321/q/{token}"
    before = everything(signing.product, session_id)

    answers = [signing.phone.open_link(frame), signing.phone.post("/m/scan", {"text": frame})]

    forged = relay in ("other session", "other purpose")
    refused = (422, "frame_forged") if forged else (410, "frame_stale")
    assert [told(answer) for answer in answers] == [refused] * 2
    assert everything(signing.product, session_id) == before


@pytest.mark.row("S-03", "S-08")
@pytest.mark.parametrize("end", ["cancelled", "expired", "consumed"])
def test_the_last_frame_of_a_session_that_is_over_opens_nothing(signing: Signing, end: str) -> None:
    frame = signing.page.frame()
    if end == "cancelled":
        signing.page.post_to("cancel")
    elif end == "expired":
        signing.product.clock.advance(seconds=119)
        frame = signing.page.frame()
        signing.product.clock.advance(seconds=1)
    else:
        signing.authorize()

    answer = signing.product.phone(HUANG).scan(frame)

    assert answer.status_code in (409, 410)
    assert answer.get_json()["code"] in ("access_denied", "expired_token", "already_consumed")


@pytest.mark.row("S-05", "S-08")
def test_the_ticket_of_one_session_does_not_open_another(signing: Signing) -> None:
    """What the phone was led to is what it takes, not what lies in its cookies."""
    other = signing.product.signing()
    ids = [token_of(one)[1:17] for one in (signing, other)]
    signing.phone.open_link(other.page.frame())
    ticket = signing.phone.client.get_cookie("gy_scan", path=f"/m/qr/{ids[1]}")
    assert ticket
    signing.phone.client.set_cookie("gy_scan", ticket.value, path=f"/m/qr/{ids[0]}")
    before = [everything(signing.product, one) for one in ids]

    answer = signing.phone.post(f"/m/qr/{ids[0]}/scan")

    assert told(answer) == (403, "ticket_refused")
    assert [everything(signing.product, one) for one in ids] == before


@pytest.mark.row("S-05", "S-12", "P-05", "P-06", "S-11")
def test_a_stranger_who_scans_first_is_seen_by_name_and_has_to_guess_the_number(
    signing: Signing,
) -> None:
    """Nobody is named for this task: what is left is a number that only the page shows."""
    before = signing.page.read()["qr"]
    assert (before["reference_code"], before["phone_name"]) == (None, None)
    stranger = signing.product.phone(HUANG)

    asked = stranger.scan(signing.page.frame()).get_json()

    seen = signing.page.read()["qr"]
    assert seen["phone_name"] == "黄*"
    assert asked["warning"]["code"] == "no_named_signer"
    assert asked["browser"]["city"] == "本机或内网"
    assert seen["reference_code"] in asked["reference_choices"]
    assert "reference_code" not in asked
    wrong = next(one for one in asked["reference_choices"] if one != seen["reference_code"])
    guess = stranger.confirm(asked, signing.page, reference_code=wrong)
    assert told(guess) == (409, "wrong_reference")
    assert truth_of(signing.product, signing.id).page_grants == 0


@pytest.mark.row("S-05", "P-05")
def test_the_page_takes_the_code_back_from_a_stranger_for_good(signing: Signing) -> None:
    stranger = signing.product.phone(HUANG)
    link = signing.page.frame()
    asked = stranger.scan(link).get_json()
    stranger.seen[asked["session_id"]] = signing.page.read()["qr"]["reference_code"]

    signing.page.post_to("another-phone")

    assert told(stranger.confirm(asked, signing.page)) == (409, "wrong_state")
    assert told(stranger.post(f"/m/qr/{asked['session_id']}/scan")) == (410, "ticket_expired")
    assert told(stranger.open_link(link)) == (410, "frame_stale")
    assert signing.authorize()["grant"]["signer"] == "韦*远"


@pytest.mark.row("S-13", "S-05", "P-05")
def test_who_is_not_the_named_signer_is_stopped_by_the_database_as_well(
    signing: Signing,
) -> None:
    """As if the QR session had been made before anybody was named."""
    keys = signing.product.parts.providers.keys
    with signing.product.parts.db.begin() as uow:
        owner = company(uow).id
        task = uow.session.get_one(SigningTask, signing.id)
        task.named_signer = named_signer.by_phone(keys, task.partner_id, WEI.phone)
    operator = signing.product.phone(LI)
    asked = operator.scan(signing.page.frame()).get_json()

    answer = operator.confirm({**asked, "acting": [{"id": owner}]}, signing.page)

    assert told(answer) == (403, "wrong_signer")
    truth = truth_of(signing.product, signing.id)
    assert (truth.status, truth.page_grants, truth.releases) == ("awaiting_signer", 0, 0)
