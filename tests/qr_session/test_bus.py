"""News between processes: it arrives, it never breaks a move, and the listener survives."""

import socket
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, Queue

import pytest

from qr_session import InProcessBus, UnixDatagramBus
from qr_session.bus import EVERYTHING, pack, unpack

SECONDS = 5


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bus"


@pytest.fixture
def make_bus(folder):
    made = []

    def make() -> UnixDatagramBus:
        made.append(UnixDatagramBus(folder))
        return made[-1]

    yield make
    for bus in made:
        bus.close()


def listening(bus) -> Queue:
    news: Queue = Queue()
    bus.subscribe(lambda session_id, seq: news.put((session_id, seq)))
    return news


def test_news_reaches_every_subscriber_until_it_unsubscribes():
    bus = InProcessBus()
    first, second = [], []
    stop = bus.subscribe(lambda *news: first.append(news))
    bus.subscribe(lambda *news: second.append(news))
    bus.publish("a", 1)
    stop()
    stop()
    bus.publish("a", 2)
    assert (first, second) == ([("a", 1)], [("a", 1), ("a", 2)])


def test_a_subscriber_that_fails_silences_nobody(caplog):
    bus = InProcessBus()
    heard = []
    bus.subscribe(lambda *_: 1 / 0)
    bus.subscribe(lambda *news: heard.append(news))
    bus.publish("a", 1)
    assert heard == [("a", 1)]
    assert "subscriber" in caplog.text


def test_news_of_one_process_reaches_all_and_itself(make_bus):
    worker, web, other_web = make_bus(), make_bus(), make_bus()
    queues = [listening(bus) for bus in (worker, web, other_web)]
    worker.publish("A" * 16, 7)
    assert [queue.get(timeout=SECONDS) for queue in queues] == [("A" * 16, 7)] * 3


def test_the_socket_of_a_dead_process_is_removed(make_bus, folder):
    bus = make_bus()
    dead = folder / "1-dead.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as gone:
        gone.bind(str(dead))
    assert dead.exists()
    bus.publish("a", 1)
    assert not dead.exists()
    assert bus.is_alive


def test_a_process_that_does_not_listen_holds_nobody_up(make_bus, folder):
    bus = make_bus()
    news = listening(bus)
    deaf_path = folder / "2-deaf.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(deaf_path))
        for number in range(300):
            bus.publish("a", number)
            assert news.get(timeout=SECONDS) == ("a", number)
        assert deaf_path.exists()


def test_what_is_no_news_is_ignored(make_bus, folder):
    bus = make_bus()
    news = listening(bus)
    [path] = folder.glob("*.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        for noise in (b"", b"\xff\xfe", b"a b c", b"x" * 1000, b"a -1", b"a"):
            stranger.sendto(noise, str(path))
        stranger.sendto(b"a 1", str(path))
    assert news.get(timeout=SECONDS) == ("a", 1)
    with pytest.raises(Empty):
        news.get_nowait()


def test_a_listener_that_lost_its_socket_binds_again_and_has_all_re_read(make_bus, folder):
    bus = make_bus()
    news = listening(bus)
    [path] = folder.glob("*.sock")
    path.unlink()
    assert news.get(timeout=SECONDS) == (EVERYTHING, 0)
    bus.publish("a", 1)
    assert news.get(timeout=SECONDS) == ("a", 1)
    assert bus.is_alive


def test_closing_removes_the_socket_and_ends_the_listener(folder):
    bus = UnixDatagramBus(folder)
    assert [path.stat().st_mode & 0o777 for path in folder.glob("*.sock")] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700
    bus.close()
    bus.close()
    assert list(folder.iterdir()) == []
    assert not bus.is_alive
    bus.publish("a", 1)


def test_publishing_never_raises_when_the_folder_is_gone(make_bus, folder):
    bus = make_bus()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    bus.publish("a", 1)
    folder.mkdir()


def test_sixteen_threads_publish_at_once(make_bus):
    bus = make_bus()
    news = listening(bus)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: bus.publish("a", number), range(16)))
    # How many the socket's queue takes depends on the machine; none of them may break it.
    assert news.get(timeout=SECONDS)[1] in range(16)
    assert bus.is_alive


@pytest.mark.parametrize("noise", [b"", b"\xff\xfe", b"a b c", b"a -1", b"a", b"a 1.5"])
def test_what_is_no_news_is_unpacked_as_nothing(noise):
    assert unpack(noise) is None


def test_news_is_unpacked_as_it_was_packed():
    assert unpack(pack("A" * 16, 7)) == ("A" * 16, 7)
