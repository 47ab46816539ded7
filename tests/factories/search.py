"""Searching all that a product keeps for secrets, in each form in which one may be written down."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from redis import Redis
from sqlalchemy import select

from server.tables import METADATA
from tests.factories.product import Product


def values(product: Product) -> Iterator[tuple[str, bytes]]:
    """Every value of every table and of Redis, with the place where it stands."""
    with product.parts.db.read() as uow:
        for name, table in METADATA.tables.items():
            for row in uow.session.execute(select(table)).mappings():
                for column, value in row.items():
                    yield f"{name}.{column}", as_bytes(value)
    with closing(Redis.from_url(product.parts.settings.redis_url)) as redis:
        for key in redis.scan_iter():
            yield "redis", key
            if redis.type(key) == b"string":
                yield key.decode(), redis.get(key)
            else:
                assert redis.type(key) in (b"hash", b"set", b"zset", b"list"), key
                yield key.decode(), content(redis, key)


def content(redis: "Redis[bytes]", key: bytes) -> bytes:
    reads = {
        b"hash": lambda: redis.hgetall(key),
        b"set": lambda: redis.smembers(key),
        b"zset": lambda: redis.zrange(key, 0, -1),
        b"list": lambda: redis.lrange(key, 0, -1),
    }
    return repr(reads[redis.type(key)]()).encode()


def as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value, default=str).encode()


def forms(secret: str | bytes) -> set[bytes]:
    """The secret as it is, and as somebody may have written it."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found = {raw, raw.hex().encode(), base64.b64encode(raw), base64.urlsafe_b64encode(raw)}
    if isinstance(secret, str) and re.fullmatch(r"[\w-]{43}", secret):
        found |= forms(base64.urlsafe_b64decode(secret + "="))
    return {one.rstrip(b"=") for one in found}


def is_short(secret: bytes) -> bool:
    return secret.isdigit() and len(secret) < 12


def stands_in(secret: bytes, value: bytes) -> bool:
    """A short number by itself only: within digests and ids it stands by chance."""
    if is_short(secret):
        return re.search(rb"(?<![0-9a-z.])" + secret + rb"(?![0-9a-z])", value) is not None
    return secret in value


def written(secrets: dict[str, str | bytes]) -> dict[str, set[bytes]]:
    return {name: forms(secret) for name, secret in secrets.items()}


def found_in(text: bytes, secrets: dict[str, str | bytes]) -> list[str]:
    """The names of the secrets that stand in a text, in any form."""
    wanted = written(secrets).items()
    return [name for name, texts in wanted if any(stands_in(one, text) for one in texts)]


def leaks(product: Product, secrets: dict[str, str | bytes]) -> list[str]:
    """Each secret with the place where it stands, in all tables and in Redis."""
    wanted = written(secrets)
    places = list(values(product))
    assert len(places) > 100
    return [
        f"{name} in {place}"
        for place, value in places
        for name, texts in wanted.items()
        if any(stands_in(one, value) for one in texts)
    ]
