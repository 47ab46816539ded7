"""After a whole signing no log, no table and no file holds a secret that somebody used in it."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from server.core import logs
from server.web.identity import PAGE_COOKIE, PHONE_COOKIE
from tests.factories.product import WEI, Product

# The double of the SMS gateway keeps what it sent; the others are where secrets belong.
PLACES_OF_SECRETS = {"outbox", "keys", "partner.key"}


@pytest.fixture
def log_lines(product: Product) -> Iterator[io.StringIO]:
    """What is logged from here on; the application first, as it sets up the product's logs."""
    assert product.app
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    logs.configure("json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def columns(database: Path) -> Iterator[bytes]:
    """Every value of every table, as bytes."""
    with closing(sqlite3.connect(database)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in db.execute(f'SELECT * FROM "{table}"'):
                yield from (one if isinstance(one, bytes) else str(one).encode() for one in row)


@pytest.mark.row("S-44", "S-22")
def test_a_whole_signing_leaves_no_secret_behind(product: Product, log_lines: io.StringIO) -> None:
    signing = product.signing()
    code = signing.phone.code()
    frame = signing.page.frame()
    asked = signing.scan()
    assert signing.phone.confirm(asked, signing.page, pin="864209").status_code == 422
    assert signing.phone.confirm(asked, signing.page).status_code == 200
    signing.page.load()
    page_cookie = signing.page.client.get_cookie(PAGE_COOKIE, path=signing.page.path)
    phone_cookie = signing.phone.client.get_cookie(PHONE_COOKIE)
    assert page_cookie is not None
    assert phone_cookie is not None
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    product.work()
    assert signing.page.read()["task"]["status"] == "sealed"

    tokens = [
        page_cookie.value,
        phone_cookie.value,
        signing.page.open_token,
        frame.rsplit("/", 1)[1],
        product.partner_key,
        WEI.phone,
    ]
    short = [WEI.pin, "864209", code]
    assert "sms_sent" in log_lines.getvalue()
    assert [one for one in tokens + short if one in log_lines.getvalue()] == []

    folder = product.parts.settings.data_dir
    files = [path for path in folder.rglob("*") if path.is_file()]
    searched = [one for one in files if not PLACES_OF_SECRETS & set(one.relative_to(folder).parts)]
    assert len(searched) > 5
    found = [
        (path.name, one) for path in searched for one in tokens if one.encode() in path.read_bytes()
    ]
    assert found == []
    values = set(columns(folder / "guiyin.sqlite3"))
    assert [one for one in short if one.encode() in values] == []
