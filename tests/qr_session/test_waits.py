"""Long polling: woken by news, kept right without it, and never all the threads."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from qr_session import Code, MemoryStore, QrSessionService
from qr_session.waits import Waits
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import MASTER_KEY, Scene


def test_news_wakes_those_who_wait_for_that_session_only():
    waits = Waits()
    with waits.place("a") as first, waits.place("a") as second, waits.place("b") as other:
        waits.wake("a", 2)
        assert first.is_set()
        assert second.is_set()
        assert not other.is_set()


def test_a_session_has_three_places_and_gets_them_back():
    waits = Waits()
    with ExitStack() as stack:
        taken = [stack.enter_context(waits.place("a")) for _ in range(4)]
        assert [event is not None for event in taken] == [True, True, True, False]
    with waits.place("a") as again:
        assert again is not None


def test_a_process_has_twelve_places():
    waits = Waits()
    with ExitStack() as stack:
        taken = [stack.enter_context(waits.place(str(number))) for number in range(13)]
        assert [event is not None for event in taken] == [True] * 12 + [False]


def test_a_page_that_waits_gets_the_scan():
    scene = Scene()
    seen = scene.service.view(scene.id, scene.page)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(scene.service.wait, scene.id, scene.page, after=seen.seq, seconds=20)
        scene.scan()
        assert waiting.result(timeout=15).state == "scanned"


def test_a_move_wakes_those_who_wait_without_a_second_reading():
    scene = Scene()
    with scene.service._waits.place(scene.id) as news:
        scene.scan()
        assert news.is_set()


class DeafBus:
    """A bus whose news never arrives."""

    def publish(self, session_id: str, seq: int) -> None: ...

    def subscribe(self, callback):
        return lambda: None


def test_a_page_that_waits_gets_the_end_even_when_news_is_lost():
    scene = Scene()
    scene.service = QrSessionService(
        scene.service.store,
        DeafBus(),
        clock=scene.clock,
        master_key=MASTER_KEY,
        base_url="https://seal.example",
    )
    seen = scene.service.view(scene.id, scene.page)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(scene.service.wait, scene.id, scene.page, after=seen.seq, seconds=20)
        scene.service.cancel(scene.id, hint=Code.CANCELLED_BY_PARTNER)
        assert waiting.result(timeout=15).state == "cancelled"


def test_a_wait_that_sees_nothing_new_answers_with_the_same_state():
    scene = Scene(clock=FakeClock(), store=MemoryStore())
    seen = scene.service.view(scene.id, scene.page)
    again = scene.service.wait(scene.id, scene.page, after=seen.seq, seconds=0.01)
    assert again == seen


def test_an_expiry_that_nobody_wrote_is_news_to_a_page_that_waits():
    scene = Scene()
    seen = scene.service.view(scene.id, scene.page)
    scene.clock.advance(seconds=120)
    late = scene.service.wait(scene.id, scene.page, after=seen.seq, seconds=20)
    assert (late.state, late.seq) == ("expired", seen.seq + 1)
