"""Codes by SMS: how many, for what, how often they may be tried, and what is kept of them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from server.accounts.codes import CodeAsk, CodeDesk, Purpose, Recipient
from server.accounts.errors import CodeExpired, CodeTooSoon, TooManyCodes, WrongCode
from server.accounts.models import SmsCode
from server.core.limits import Locked
from server.providers.sms import SmsUnavailable
from server.worker import sweep_hourly
from tests.factories.people import NEW_PHONE, OTHER_PHONE, People
from tests.fakes.outside import SilentSms


def kept(people: People) -> int:
    with people.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(SmsCode)) or 0


def send(people: People, times: int, *, minutes: float = 1, ask: CodeAsk | None = None) -> None:
    for _ in range(times):
        people.desk.send(ask or people.ask())
        people.product.clock.advance(minutes=minutes)


def numbered(people: People, number: int, address: str = "203.0.113.7") -> CodeAsk:
    return people.ask(f"139077{number:05d}", address=address)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def mistaken(people: People, ask: CodeAsk, times: int, code: str = "000000") -> None:
    for _ in range(times):
        with pytest.raises(WrongCode):
            people.spend(ask, code)


@pytest.mark.row("S-23")
def test_a_phone_gets_one_code_a_minute(people: People) -> None:
    assert people.desk.send(people.ask()) == 60
    people.product.clock.advance(seconds=59.5)

    with pytest.raises(CodeTooSoon) as soon:
        people.desk.send(people.ask(purpose=Purpose.REAL_NAME))

    assert soon.value.details == {"retry_after": 1}
    assert len(people.product.sms.messages()) == 1
    people.product.clock.advance(seconds=0.5)
    people.desk.send(people.ask())


@pytest.mark.row("S-23")
def test_a_wait_that_was_told_is_long_enough(people: People) -> None:
    people.desk.send(people.ask())
    people.product.clock.advance(seconds=10.5)
    with pytest.raises(CodeTooSoon) as soon:
        people.desk.send(people.ask())

    people.product.clock.advance(seconds=soon.value.details["retry_after"])

    people.desk.send(people.ask())


@pytest.mark.row("S-23")
def test_a_phone_gets_five_codes_an_hour(people: People) -> None:
    send(people, 5)

    with pytest.raises(TooManyCodes) as many:
        people.desk.send(people.ask())

    assert many.value.details == {"retry_after": 55 * 60}
    people.product.clock.advance(minutes=55)
    people.desk.send(people.ask())


@pytest.mark.row("S-23")
def test_a_phone_gets_ten_codes_a_day(people: People) -> None:
    send(people, 10, minutes=61)

    with pytest.raises(TooManyCodes) as many:
        people.desk.send(people.ask())

    assert many.value.details == {"retry_after": (24 * 60 - 610) * 60}
    people.product.clock.advance(minutes=24 * 60 - 610)
    people.desk.send(people.ask())


@pytest.mark.row("S-23")
def test_two_hundred_phones_from_one_address_get_thirty_codes(people: People) -> None:
    sent = 0
    for number in range(200):
        try:
            people.desk.send(numbered(people, number))
        except TooManyCodes:
            continue
        sent += 1

    assert (sent, len(people.product.sms.messages(limit=300))) == (30, 30)
    people.desk.send(numbered(people, 200, address="203.0.113.8"))


@pytest.mark.row("S-23")
def test_all_phones_together_get_so_many_codes_a_day(people: People) -> None:
    desk = people.limited(sent_a_day=3)
    for number in range(3):
        desk.send(numbered(people, number, f"203.0.113.{number}"))

    with pytest.raises(TooManyCodes):
        desk.send(numbered(people, 4, "203.0.113.4"))

    people.product.clock.advance(hours=24)
    desk.send(numbered(people, 4, "203.0.113.4"))


@pytest.mark.row("S-23", "S-24")
def test_a_name_without_a_phone_gets_no_message_and_the_same_answers(people: People) -> None:
    nobody = CodeAsk(Recipient("0" * 64, None), Purpose.ENTER, "203.0.113.7")

    assert people.desk.send(nobody) == 60

    assert people.product.sms.messages() == []
    with pytest.raises(CodeTooSoon):
        people.desk.send(nobody)
    # Nothing was paid for, so it takes nothing from the budget of the day.
    people.limited(sent_a_day=1).send(people.ask())


@pytest.mark.row("S-23")
def test_a_code_opens_once(people: People) -> None:
    ask = people.ask()
    code = people.code(ask)
    people.spend(ask, code)

    with pytest.raises(CodeExpired):
        people.spend(ask, code)


@pytest.mark.row("S-23")
def test_a_code_lives_five_minutes(people: People) -> None:
    ask = people.ask()
    code = people.code(ask)
    people.product.clock.advance(seconds=299)
    assert people.spend(ask, code)

    late = people.code(ask)
    people.product.clock.advance(seconds=300)
    with pytest.raises(CodeExpired):
        people.spend(ask, late)


@pytest.mark.row("S-23")
def test_only_the_newest_code_of_a_purpose_counts(people: People) -> None:
    ask = people.ask()
    older, newer = people.code(ask), people.code(ask)

    with pytest.raises(CodeExpired):
        people.spend(ask, older)

    people.spend(ask, newer)


@pytest.mark.row("S-23")
def test_codes_of_two_purposes_leave_each_other_alone(people: People) -> None:
    first, second = people.ask(), people.ask(purpose=Purpose.REAL_NAME)
    older, newer = people.code(first), people.code(second)

    people.spend(first, older)
    people.spend(second, newer)


@pytest.mark.row("S-23")
@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose != Purpose.ENTER])
def test_a_code_is_good_for_no_other_purpose(people: People, purpose: Purpose) -> None:
    code = people.code(people.ask())

    mistaken(people, people.ask(purpose=purpose), 1, code)

    people.spend(people.ask(), code)


@pytest.mark.row("S-23")
def test_a_code_is_good_for_no_other_subject_and_no_other_phone(people: People) -> None:
    mine = people.ask(subject="session 1")
    code = people.code(mine)

    mistaken(people, people.ask(subject="session 2"), 1, code)
    mistaken(people, people.ask(OTHER_PHONE, subject="session 1"), 1, code)

    people.spend(mine, code)


@pytest.mark.row("S-23")
def test_a_thousand_guesses_are_five(people: People) -> None:
    ask = people.ask()
    code = people.code(ask)
    mistaken(people, ask, 5, wrong(code))

    locked = 0
    for guess in range(995):
        try:
            people.desk.prove(ask, f"{guess:06d}")
        except Locked:
            locked += 1

    assert locked == 995
    with pytest.raises(Locked) as lock:
        people.spend(ask, code)
    assert lock.value.details == {"retry_after": 15 * 60}


@pytest.mark.row("S-23", "S-24")
def test_guesses_at_a_name_that_nobody_has_are_locked_alike(people: People) -> None:
    nobody = CodeAsk(Recipient("0" * 64, None), Purpose.ENTER, "203.0.113.7")
    mistaken(people, nobody, 5)

    with pytest.raises(Locked) as lock:
        people.spend(nobody, "000000")

    assert lock.value.details == {"retry_after": 15 * 60}


@pytest.mark.row("S-23")
def test_a_new_code_gives_no_new_guesses_and_the_right_one_does(people: People) -> None:
    ask = people.ask()
    code = people.code(ask)
    mistaken(people, ask, 4, wrong(code))
    people.desk.forgive(people.spend(ask, code))

    code = people.code(ask)
    mistaken(people, ask, 5, wrong(code))
    code = people.code(ask)
    with pytest.raises(Locked):
        people.spend(ask, code)


@pytest.mark.row("S-23")
def test_half_a_character_is_a_wrong_code(people: People) -> None:
    mistaken(people, people.ask(), 1, "\ud800")


@pytest.mark.row("S-23")
def test_a_message_that_was_not_sent_leaves_no_code_behind(people: People) -> None:
    silent: CodeDesk = replace(people.desk, sms=SilentSms())

    with pytest.raises(SmsUnavailable):
        silent.send(people.ask())

    assert kept(people) == 0
    people.desk.send(people.ask())


@pytest.mark.row("S-23", "S-44")
def test_neither_the_code_nor_the_phone_is_kept(people: People) -> None:
    code = people.code(people.ask())

    with people.db.read() as uow:
        row = uow.session.scalars(select(SmsCode)).one()
    held = " ".join(str(value) for value in vars(row).values())

    assert NEW_PHONE not in held
    assert "203.0.113.7" not in held
    assert code not in row.code_digest
    assert NEW_PHONE not in repr(people.ask())


@pytest.mark.row("P-43")
@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_code_says_what_it_is_for_and_how_long_it_lives(
    people: People, purpose: Purpose
) -> None:
    code = people.code(people.ask(purpose=purpose))

    message = people.product.sms.messages()[0]
    assert message.template == f"{purpose}_code"
    assert code in message.text
    assert "5分钟" in message.text.replace(" ", "")
    assert "泄露" in message.text or "勿" in message.text


@pytest.mark.row("S-23")
def test_codes_that_no_limit_counts_any_more_are_swept_by_the_worker(people: People) -> None:
    people.code(people.ask())
    people.product.clock.advance(hours=23)
    people.code(people.ask())

    sweep_hourly(people.product.parts)
    assert kept(people) == 2
    people.product.clock.advance(hours=1)
    sweep_hourly(people.product.parts)

    assert kept(people) == 1
