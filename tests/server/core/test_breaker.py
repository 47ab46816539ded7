"""The breaker: five failures in a row open it, half a minute later one call tries."""

import logging
import threading

import pytest

from server.core.breaker import Breaker
from server.core.errors import NotFound, Unavailable
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together


class Down(Unavailable):
    """The service does not answer."""


class Refused(Unavailable):
    """The service refused this caller alone."""

    concerns_all = False


class Open(Unavailable):
    """What the breaker says without asking the service."""


class Service:
    """Counts its calls; each does what `outcome` says: an error is raised, the rest returned."""

    def __init__(self) -> None:
        self.calls = 0
        self.outcome: object = "well"

    def __call__(self) -> object:
        self.calls += 1
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def breaker(clock: FakeClock) -> Breaker:
    return Breaker("a service", clock, Open)


@pytest.fixture
def service() -> Service:
    return Service()


def fail(
    breaker: Breaker, service: Service, times: int = 1, error: BaseException | None = None
) -> None:
    service.outcome = error or Down()
    for _ in range(times):
        with pytest.raises(type(service.outcome)):
            breaker.call(service)


def is_open(breaker: Breaker, service: Service) -> bool:
    """Asks a service that is well again; an open breaker does not even ask it."""
    before, service.outcome = service.calls, "well"
    try:
        return breaker.call(service) != "well"
    except Open:
        return service.calls == before


@pytest.mark.row("R-09")
def test_four_failures_do_not_open_it_and_five_do(breaker: Breaker, service: Service) -> None:
    fail(breaker, service, 4)
    assert not is_open(breaker, service)
    fail(breaker, service, 5)
    assert is_open(breaker, service)


@pytest.mark.row("R-09")
def test_only_failures_in_a_row_count(breaker: Breaker, service: Service) -> None:
    for _ in range(5):
        fail(breaker, service, 4)
        assert not is_open(breaker, service)


@pytest.mark.row("R-09")
def test_it_stays_open_for_half_a_minute_and_a_call_that_succeeds_closes_it(
    breaker: Breaker, service: Service, clock: FakeClock
) -> None:
    fail(breaker, service, 5)
    clock.advance(seconds=29.9)
    assert is_open(breaker, service)
    clock.advance(seconds=0.1)
    assert not is_open(breaker, service)
    fail(breaker, service, 4)
    assert not is_open(breaker, service)


@pytest.mark.row("R-09")
def test_a_trial_that_fails_opens_it_for_half_a_minute_more(
    breaker: Breaker, service: Service, clock: FakeClock
) -> None:
    fail(breaker, service, 5)
    clock.advance(seconds=30)
    fail(breaker, service, 1)
    assert is_open(breaker, service)
    clock.advance(seconds=29.9)
    assert is_open(breaker, service)
    clock.advance(seconds=0.1)
    assert not is_open(breaker, service)


@pytest.mark.row("R-09")
def test_of_many_callers_after_the_pause_one_tries_and_none_waits_for_it(
    breaker: Breaker, service: Service, clock: FakeClock
) -> None:
    fail(breaker, service, 5)
    clock.advance(seconds=30)
    refused = threading.Semaphore(0)
    asked: list[int] = []

    def slow() -> str:
        asked.append(1)
        # It answers once the other seven were told: had they waited, nobody would ever tell.
        assert all(refused.acquire(timeout=10) for _ in range(7))
        return "well"

    def caller() -> object:
        try:
            return breaker.call(slow)
        except Open as error:
            refused.release()
            return error

    outcomes = together([caller] * 8)
    assert [one for one in outcomes if one == "well"] == ["well"]
    assert sum(isinstance(one, Open) for one in outcomes) == 7
    assert asked == [1]


@pytest.mark.row("R-10")
def test_callers_of_a_silent_service_do_not_wait_one_after_the_other(breaker: Breaker) -> None:
    inside = threading.Barrier(20)

    def silent() -> None:
        inside.wait(10)
        raise Down

    assert all(isinstance(one, Down) for one in together([lambda: breaker.call(silent)] * 20))


@pytest.mark.row("R-09")
def test_a_refusal_of_one_caller_is_an_answer(breaker: Breaker, service: Service) -> None:
    for error in (Refused(), NotFound()):
        fail(breaker, service, 4)
        fail(breaker, service, 6, error)
        assert not is_open(breaker, service)


def test_a_fault_of_the_caller_says_nothing_of_the_service(
    breaker: Breaker, service: Service, clock: FakeClock
) -> None:
    fail(breaker, service, 4)
    fail(breaker, service, 6, ValueError())
    fail(breaker, service, 1)
    assert is_open(breaker, service)
    clock.advance(seconds=30)
    fail(breaker, service, 1, KeyboardInterrupt())
    assert not is_open(breaker, service)


def test_a_call_from_before_it_opened_neither_closes_it_nor_keeps_it_open(
    breaker: Breaker, service: Service, clock: FakeClock
) -> None:
    def late() -> str:
        fail(breaker, service, 5)
        clock.advance(seconds=29)
        return "well"

    assert breaker.call(late) == "well"
    assert is_open(breaker, service)
    clock.advance(seconds=1)

    def late_failure() -> None:
        fail(breaker, service, 5)
        clock.advance(seconds=29)
        raise Down

    assert not is_open(breaker, service)
    with pytest.raises(Down):
        breaker.call(late_failure)
    clock.advance(seconds=1)
    assert not is_open(breaker, service)


def test_it_says_so_in_the_log_once_when_it_opens_and_once_when_it_closes(
    breaker: Breaker, service: Service, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "server.core.breaker")
    fail(breaker, service, 5)
    assert is_open(breaker, service)
    clock.advance(seconds=30)
    assert not is_open(breaker, service)
    assert not is_open(breaker, service)
    said = [(one.message, vars(one)["service"]) for one in caplog.records]
    assert said == [("breaker_opened", "a service"), ("breaker_closed", "a service")]
