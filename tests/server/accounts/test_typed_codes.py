"""Letters typed in place of a scan: what they open, and how few guesses anybody has."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from qr_session import MemoryStore, Phone, Purpose, QrSession, QrSessionService, user_code
from qr_session.errors import StoreAway, Unavailable, UserCodeRefused
from qr_session.keys import root_key
from server.accounts import typed_codes
from server.accounts.typed_codes import TooManyTypedCodes, Typist
from server.core.audit import AuditRow
from server.core.limits import AttemptCounter
from server.settings import Settings
from tests.factories.devices import PhoneInHand
from tests.factories.product import HUANG, Product
from tests.fakes.threads import together

PAGE = "the page's token"
WRONG = "BBBB-BBBB"
SOMEBODY = Typist("acc-1", "browser", "203.0.113.7")


@pytest.fixture
def qr(product: Product) -> QrSessionService:
    return product.parts.qr_sessions


@pytest.fixture
def session_id(qr: QrSessionService) -> str:
    """A page that waits to be logged in."""
    return qr.create(purpose=Purpose.LOGIN, subject="desktop", page_token=PAGE).id


@pytest.fixture
def letters(qr: QrSessionService, session_id: str) -> str:
    """What it shows."""
    return qr.view(session_id, PAGE).user_code or ""


def type_in(phone: PhoneInHand, typed: object) -> TestResponse:
    return phone.post("/m/scan", {"user_code": typed})


def said(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def resolve(product: Product, typed: str, by: Typist = SOMEBODY) -> str:
    return typed_codes.resolve(product.parts.db, product.parts.qr_sessions, typed, by).session_id


def guess(product: Product, times: int, by: Typist = SOMEBODY) -> None:
    for _ in range(times):
        with pytest.raises(UserCodeRefused):
            resolve(product, WRONG, by)


def tries(product: Product) -> dict[str, int]:
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(AttemptCounter)).all()
    return {row.key: row.tries for row in rows if row.key.startswith("user_code:") and row.tries}


@pytest.mark.row("P-25", "F-38")
def test_letters_lead_to_the_same_screen_as_a_scan(
    product: Product, qr: QrSessionService, session_id: str, letters: str
) -> None:
    phone = product.phone()

    answer = type_in(phone, letters.lower().replace("-", " "))

    assert answer.get_json() == {"next": f"/m/qr/{session_id}/login"}
    ticket = phone.client.get_cookie("gy_scan", path=f"/m/qr/{session_id}")
    holder = phone.client.get_cookie("gy_browser")
    assert ticket
    assert holder
    taken = qr.scan(ticket.value, holder=holder.value, phone=Phone("acc-1", "韦*远"))
    assert taken.state == "scanned"


@pytest.mark.row("P-25")
def test_nobody_types_letters_without_being_logged_in(product: Product, letters: str) -> None:
    answer = product.browser().post("/m/scan", {"user_code": letters})

    assert said(answer) == (401, "login_needed")


@pytest.mark.row("P-25")
@pytest.mark.parametrize(
    "body",
    [{}, {"user_code": 7}, {"user_code": "B" * 41}, {"user_code": WRONG, "text": "x"}, {"x": 1}],
)
def test_a_body_of_another_shape_is_no_code_and_no_try(product: Product, body: object) -> None:
    assert said(product.phone().post("/m/scan", body)) == (422, "not_a_code")
    assert tries(product) == {}


@pytest.mark.row("P-25")
@pytest.mark.parametrize("typed", ["", "BCDF-GHJ", "AEIO-UAEI", "12345678", "\ud800" * 8])
def test_what_cannot_be_a_code_costs_no_try(product: Product, typed: str) -> None:
    with pytest.raises(UserCodeRefused):
        resolve(product, typed)
    assert tries(product) == {}


@pytest.mark.row("P-25", "S-50")
def test_the_sixth_try_of_a_person_is_locked_even_with_the_right_letters(
    product: Product, letters: str
) -> None:
    phone = product.phone()
    for _ in range(5):
        assert said(type_in(phone, WRONG)) == (404, "user_code_refused")

    answer = type_in(phone, letters)

    assert said(answer) == (429, "slow_down")
    assert answer.headers["Retry-After"] == str(15 * 60)
    assert said(type_in(product.phone(), letters)) == (429, "slow_down")
    assert type_in(product.phone(HUANG), letters).status_code == 200


@pytest.mark.row("P-25")
def test_the_fifth_try_is_still_good(product: Product, session_id: str, letters: str) -> None:
    guess(product, 4)
    assert resolve(product, letters) == session_id


@pytest.mark.row("P-25", "S-50")
def test_a_locked_person_waits_a_quarter_of_an_hour(
    product: Product, qr: QrSessionService, session_id: str
) -> None:
    guess(product, 5)
    product.clock.advance(minutes=14, seconds=59)
    with pytest.raises(TooManyTypedCodes):
        resolve(product, WRONG)
    product.clock.advance(seconds=1)
    fresh = qr.create(purpose=Purpose.LOGIN, subject="desktop", page_token=PAGE)
    assert resolve(product, qr.view(fresh.id, PAGE).user_code or "") == fresh.id


@pytest.mark.row("P-25", "S-50")
def test_the_count_outlives_the_process(product: Product, letters: str) -> None:
    guess(product, 5)
    again = product.restarted()
    product.parts.db.close()
    with pytest.raises(TooManyTypedCodes):
        resolve(again, letters)


@pytest.mark.row("P-25", "S-50")
def test_many_accounts_at_one_address_have_twenty_tries_together(
    product: Product, session_id: str, letters: str
) -> None:
    for number in range(4):
        guess(product, 5, replace(SOMEBODY, account_id=f"acc-{number}"))

    with pytest.raises(TooManyTypedCodes):
        resolve(product, letters, replace(SOMEBODY, account_id="acc-9"))
    elsewhere = Typist("acc-9", "browser", "203.0.113.8")
    assert resolve(product, letters, elsewhere) == session_id


@pytest.mark.row("P-25")
def test_of_ipv6_a_whole_network_is_one_address() -> None:
    one, other = (typed_codes.address_key(f"2001:db8::{end}") for end in ("1", "ffff:1"))
    assert one == other != typed_codes.address_key("2001:db8:0:1::1")
    assert "2001" not in one


@pytest.mark.row("P-25", "S-50")
def test_all_together_have_a_thousand_tries(product: Product, letters: str) -> None:
    with product.parts.db.begin() as uow:
        uow.session.add(AttemptCounter(key=typed_codes.ALL_KEY, tries=999, locks=0))
    guess(product, 1)

    with pytest.raises(TooManyTypedCodes) as refusal:
        resolve(product, letters, Typist("acc-9", "browser", "203.0.113.9"))
    assert refusal.value.details == {"retry_after": 5 * 60}


@pytest.mark.row("P-25", "S-50")
def test_right_letters_of_ones_own_buy_no_more_guesses_at_an_address(
    product: Product, letters: str
) -> None:
    for _ in range(4):
        guess(product, 4)
        resolve(product, letters)
    guess(product, 4)

    with pytest.raises(TooManyTypedCodes):
        resolve(product, letters, replace(SOMEBODY, account_id="acc-2"))


@pytest.mark.row("P-25")
def test_right_letters_leave_nothing_behind(product: Product, letters: str) -> None:
    guess(product, 1)
    resolve(product, letters)
    assert sorted(tries(product).values()) == [1, 1]
    for _ in range(30):
        resolve(product, letters, Typist("acc-2", "browser", "203.0.113.8"))
    assert sorted(tries(product).values()) == [1, 1]


@pytest.mark.row("P-25", "S-50")
def test_of_twelve_guesses_at_once_five_are_looked_at(product: Product) -> None:
    outcomes = together([lambda: resolve(product, WRONG)] * 12)
    kinds = sorted(type(one).__name__ for one in outcomes)
    assert kinds == ["TooManyTypedCodes"] * 7 + ["UserCodeRefused"] * 5


@pytest.mark.row("P-25")
def test_a_wrong_try_is_written_down_without_the_letters(product: Product) -> None:
    guess(product, 1)
    with product.parts.db.read() as uow:
        row = uow.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert row
    assert (row.event, row.actor, row.details) == ("qr.letters_refused", "acc-1", {})


class AwayStore(MemoryStore):
    """A store that does not answer."""

    def by_user_code(self, digest: str) -> QrSession | None:
        raise StoreAway


@pytest.mark.row("P-25", "R-04")
def test_a_store_that_is_away_costs_no_try(product: Product) -> None:
    product.parts.qr_sessions.store = AwayStore()
    for _ in range(6):
        with pytest.raises(Unavailable):
            resolve(product, WRONG)
    assert tries(product) == {}


@pytest.mark.row("P-25", "S-03")
def test_a_signing_page_has_no_letters_and_what_they_would_be_is_refused(product: Product) -> None:
    signing = product.signing()
    shown = signing.page.read()["qr"]
    session_id = signing.page.frame().rsplit("/", 1)[1][1:17]
    would_be = user_code.shown(root_key(product.parts.settings.master_key_bytes), session_id, 0)

    answer = type_in(signing.phone, would_be)

    assert shown["user_code"] is None
    assert said(answer) == (404, "user_code_refused")
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("P-25")
def test_where_signing_by_letters_is_switched_on_the_page_alone_is_told(product: Product) -> None:
    product.parts.qr_sessions.user_code_for = frozenset(Purpose)
    signing = product.signing()
    letters = signing.page.read()["qr"]["user_code"]

    target = type_in(signing.phone, letters).get_json()["next"]
    asked = signing.phone.post(f"{target}/scan")

    assert asked.status_code == 200
    assert signing.page.read()["qr"]["user_code"] is None
    told = asked.text + signing.partner.get(f"/signing-tasks/{signing.id}").text
    assert letters not in told
    assert letters.replace("-", "") not in told
    assert said(type_in(product.phone(HUANG), letters)) == (404, "user_code_refused")


@pytest.mark.row("P-25")
@pytest.mark.parametrize("wanted", [frozenset(), {"login"}, {"sign"}, {"login", "sign"}])
def test_settings_say_whose_pages_have_letters(settings: Settings, wanted: set[str]) -> None:
    changed = {f"user_code_for_{purpose}": purpose in wanted for purpose in Purpose}
    assert settings.model_copy(update=changed).user_code_for == wanted


@pytest.mark.row("P-25")
def test_by_default_a_login_has_letters_and_a_signing_has_none(product: Product) -> None:
    plain = Settings(
        public_url="http://127.0.0.1",
        master_key=SecretStr("0" * 64),
        link_key=SecretStr("0" * 64),
    )
    assert plain.user_code_for == {Purpose.LOGIN} == product.parts.qr_sessions.user_code_for
