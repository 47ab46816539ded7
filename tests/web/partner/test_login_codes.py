"""The code of a partner's login: worth nothing without key and verifier, once, for a minute."""

from collections.abc import Callable

import pytest

from qr_session import QrSession, QrSessionService
from server.core.idempotency import Once
from server.partner_logins import queries
from server.partner_logins.errors import LoginSessionEnded
from server.partner_logins.exchange import ExchangeDesk, Given
from server.partner_logins.models import PartnerLogin as PartnerLoginRow
from server.providers.keys import KeysUnavailable
from tests.factories.devices import PhoneInHand
from tests.factories.logins import told
from tests.factories.partner_logins import RETURN_URL, PartnerLogin, alarms
from tests.factories.product import WEI, PartnerProgram, Product
from tests.factories.truth import events_of
from tests.fakes.threads import together

RACERS = 16


@pytest.fixture
def partner(product: Product) -> PartnerProgram:
    return product.partner()


@pytest.fixture
def login(partner: PartnerProgram) -> PartnerLogin:
    return PartnerLogin.asked(partner)


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


def row_of(product: Product, login: PartnerLogin) -> PartnerLoginRow:
    with product.parts.db.read() as uow:
        return uow.session.get_one(PartnerLoginRow, login.id)


@pytest.mark.row("S-10", "S-17")
def test_a_code_is_nothing_to_another_partner_and_alarms(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)
    thief = PartnerLogin(product.another_partner(login_return_urls=[RETURN_URL]), login.verifier)

    assert told(thief.exchange(code)) == (403, "login_code_refused")

    assert alarms(product, login.id) == ["other_partner"]
    assert login.exchange(code).status_code == 200


@pytest.mark.row("S-10")
def test_a_code_with_the_verifier_of_another_browser_is_void_and_alarms(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)

    answer = login.exchange(code, verifier="x" * 43)

    assert told(answer) == (403, "wrong_code_verifier")
    assert alarms(product, login.id) == ["wrong_verifier"]
    assert told(login.exchange(code)) == (403, "login_code_refused")
    assert login.standing() == ("failed", "failed", "verification_failed")
    assert row_of(product, login).account_id is None


@pytest.mark.row("S-06", "S-10")
def test_a_code_is_good_once_and_the_second_use_alarms(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)
    assert login.exchange(code).status_code == 200

    assert told(login.exchange(code)) == (403, "login_code_refused")
    assert told(login.exchange(code, key="another")) == (403, "login_code_refused")

    assert alarms(product, login.id) == ["used_again"] * 2
    assert login.standing()[0] == "complete"


@pytest.mark.row("S-06", "R-13")
def test_of_sixteen_exchanges_at_once_one_is_answered(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)
    racers = [PartnerLogin(product.partner(), login.verifier) for _ in range(RACERS)]

    answers = together([lambda one=one: one.exchange(code) for one in racers])

    assert sorted(one.status_code for one in answers) == [200] + [403] * (RACERS - 1)
    completed = [one for one in events_of(product, login.id) if one.endswith("completed")]
    assert len(completed) == 1


@pytest.mark.row("P-12", "R-12")
def test_an_exchange_repeated_with_its_key_is_answered_the_same(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)

    first, again = (login.exchange(code, key="e-1") for _ in range(2))

    assert first.get_json() == again.get_json()
    assert alarms(product, login.id) == []
    reused = login.exchange("x" * 59, key="e-1")
    assert told(reused) == (422, "idempotency_key_reused")


@pytest.mark.row("S-04", "S-10")
def test_a_code_lives_for_sixty_seconds(
    product: Product, partner: PartnerProgram, phone: PhoneInHand
) -> None:
    late, in_time = (PartnerLogin.asked(partner) for _ in range(2))
    codes = [one.code(phone) for one in (late, in_time)]
    product.clock.advance(seconds=59)
    assert in_time.exchange(codes[1]).status_code == 200

    product.clock.advance(seconds=1)

    assert told(late.exchange(codes[0])) == (403, "login_code_refused")
    assert late.standing() == ("failed", "expired", "expired_unconsumed")
    assert alarms(product, late.id) == []


@pytest.mark.row("S-08")
def test_there_is_no_code_before_the_phone_has_confirmed(
    login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    assert told(page.post_to("confirm")) == (409, "authorization_pending")
    phone.scan_login(page)
    assert told(page.post_to("confirm")) == (409, "authorization_pending")


def test_a_code_that_was_asked_for_again_replaces_the_first(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    page = login.page()
    phone.let_in(page)
    first, second = page.address_back()["code"], page.address_back()["code"]

    assert told(login.exchange(first)) == (403, "login_code_refused")
    assert login.exchange(second).status_code == 200
    assert alarms(product, login.id) == []


@pytest.mark.row("S-02", "S-10")
@pytest.mark.parametrize("code", ["x", "A" * 16, "A" * 59, "é" * 59, "'; --" * 12, "\x00" * 59])
def test_what_is_no_code_is_refused_quietly(login: PartnerLogin, code: str) -> None:
    assert told(login.exchange(code)) == (403, "login_code_refused")


@pytest.mark.row("S-02", "S-10")
def test_the_session_that_the_qr_names_is_no_code(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    session_id = phone.let_in(login.page())

    for code in (session_id, session_id + "A" * 43):
        assert told(login.exchange(code)) == (403, "login_code_refused")

    assert login.standing()[1] == "confirmed"


@pytest.mark.row("S-10")
def test_the_code_of_a_login_to_our_own_pages_is_no_partners(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    """Such a page has no code; even one of the library's making would name no partner's login."""
    page = product.login_page()
    session_id = phone.let_in(page)
    held = page.client.get_cookie("gy_login", path="/login")
    assert held
    code = product.parts.qr_sessions.login_code(session_id, held.value[16:])

    assert told(login.exchange(code)) == (403, "login_code_refused")
    assert page.post_to("confirm").status_code == 200


class AwayKeys:
    """A key holder that does not answer."""

    development_only = True

    def hmac(self, purpose: str, subject: str, data: bytes = b"") -> bytes:
        raise KeysUnavailable


@pytest.mark.row("S-51")
def test_a_key_holder_that_is_away_costs_nobody_his_login(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    code = login.code(phone)
    away = PartnerLogin(product.restarted_with(keys=AwayKeys()).partner(), login.verifier)

    assert told(away.exchange(code)) == (503, "keys_unavailable")

    assert login.exchange(code).status_code == 200


class Interrupted:
    """A QR store where something happens right after a code was spent."""

    def __init__(self, qr: QrSessionService, act: Callable[[], object]) -> None:
        self.peek, self.act, self.redeem = qr.peek, act, qr.redeem_login_code

    def redeem_login_code(self, code: str) -> QrSession:
        taken = self.redeem(code)
        self.act()
        return taken


@pytest.mark.row("S-09", "R-13")
def test_a_login_that_is_cancelled_while_its_code_is_spent_logs_nobody_in(
    product: Product, login: PartnerLogin, phone: PhoneInHand
) -> None:
    given, parts = Given(login.code(phone), login.verifier), product.parts
    qr = Interrupted(
        parts.qr_sessions, lambda: login.partner.post(f"/login-sessions/{login.id}/cancel")
    )
    with parts.db.read() as uow:
        partner = queries.partner_of(uow, row_of(product, login))

    desk = ExchangeDesk(parts.db, parts.providers.keys, qr)
    with pytest.raises(LoginSessionEnded):
        desk.exchange(partner, given, Once("", None, ""))

    assert login.standing() == ("failed", "cancelled", "cancelled_by_partner")
    assert row_of(product, login).account_id is None
