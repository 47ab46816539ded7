"""The servers that tests start: ours alone, stoppable, and missed aloud."""

import signal
import tempfile
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from tests import services
from tests.services import Server


def test_a_redis_that_keeps_has_everything_after_a_kill(own_redis: Server) -> None:
    with Redis.from_url(own_redis.url) as client:
        client.set("a", "b")
        own_redis.stop()
        assert not services.pings(own_redis.url)
        own_redis.start()
        assert client.get("a") == b"b"


def test_each_test_finds_redis_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        client.set("left", "behind")
        services.emptied(redis_url)
        assert client.dbsize() == 0


def test_a_server_of_somebody_else_is_not_taken_for_ours(redis_url: str) -> None:
    assert services.pings(redis_url)
    assert not services.pings(redis_url.replace("redis://:", "redis://:x"))


def test_a_database_of_postgresql_is_empty_and_takes_rows(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE here (word TEXT)"))
        connection.execute(text("INSERT INTO here VALUES ('印章')"))
        assert connection.execute(text("SELECT word FROM here")).scalar_one() == "印章"
    engine.dispose()


def test_postgresql_that_was_stopped_at_once_starts_again() -> None:
    with tempfile.TemporaryDirectory() as folder, services.postgres_at(Path(folder)) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE here (number INT)")
        server.stop(signal.SIGQUIT)
        assert not services.connects(server.url)
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM here").fetchone() == (0,)


def test_a_missing_program_is_a_visible_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="redis-server is not installed"):
        services.missing("redis-server")


def test_a_missing_program_is_a_failure_where_services_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="redis-server is not installed"):
        services.missing("redis-server")
