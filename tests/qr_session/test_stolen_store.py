"""Whoever copies the store, but not the master key, makes no frame, token, ticket or number."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from qr_session import (
    InProcessBus,
    MemoryStore,
    Purpose,
    QrSessionService,
    SQLiteStore,
    Store,
    keys,
)
from qr_session.errors import (
    FrameForged,
    LoginCodeRefused,
    OpenTokenRefused,
    PageTokenRefused,
    TicketRefused,
)
from qr_session.redis_store import RedisStore
from qr_session.reference import choices
from qr_session.session import Secrets
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import ALICE, BOB, BROWSER, Scene

THIEFS_KEY = b"a master key of the thief's own!"
Dump = Callable[[], bytes]


class Robbed:
    """A store and a dump of all that it holds, as somebody copies it."""

    def __init__(self, store: Store, dump: Dump) -> None:
        self.store, self.dump = store, dump


@pytest.fixture(params=["memory", "sqlite", "redis"])
def robbed(request, tmp_path) -> Iterator[Robbed]:
    if request.param == "memory":
        store = MemoryStore()
        yield Robbed(store, lambda: pickle.dumps([store._sessions, store._user_codes]))
    elif request.param == "sqlite":
        with SQLiteStore(tmp_path / "qr.sqlite3") as opened:
            yield Robbed(opened, lambda: files_of(tmp_path))
    else:
        address = request.getfixturevalue("redis_url")
        with (
            closing(RedisStore(address, clock=FakeClock())) as connected,
            closing(redis.Redis.from_url(address)) as thief,
        ):
            yield Robbed(connected, lambda: keys_of(thief))


def files_of(folder: Path) -> bytes:
    """The database with its log of what was written last."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def keys_of(server: redis.Redis) -> bytes:
    held = [(key, server.get(key)) for key in sorted(server.keys("*"))]
    assert held
    return b"".join(key + (value or b"") for key, value in held)


def thief_on(scene: Scene) -> QrSessionService:
    """Our own program on a copy of the session, under another master key."""
    copy = MemoryStore()
    copy.add(scene.service.peek(scene.id))
    return QrSessionService(
        copy,
        InProcessBus(),
        clock=scene.clock,
        master_key=THIEFS_KEY,
        base_url="https://seal.example",
    )


@pytest.mark.row("S-01", "S-02", "S-10", "P-01", "P-03")
def test_no_secret_lies_in_the_store_at_any_step(robbed):
    scene = Scene(store=robbed.store, purpose=Purpose.LOGIN)
    service, secrets = scene.service, {scene.page}
    secrets |= {frame.text[-12:] for frame in service.frames(scene.id, scene.page)}
    opening = service.new_open_token(scene.id)
    secrets |= {opening, service.watch_ticket(scene.id, scene.page), scene.ticket()}
    dumps = [robbed.dump()]
    scene.scan()
    number, three = scene.right_reference(), service.reference_choices(scene.id, ALICE.account)
    assert number in three
    dumps.append(robbed.dump())
    scene.pick()
    service.confirm(scene.id, ALICE.account)
    code = service.login_code(scene.id, scene.page)
    secrets |= {code[16:]}
    dumps.append(robbed.dump())

    for dump in dumps:
        assert scene.id.encode() in dump
        assert [one for one in secrets if one.encode() in dump] == []
        for key in (service._root_key, service._ticket_key, service.master_key):
            assert key not in dump
            assert key.hex().encode() not in dump


@pytest.mark.row("S-01", "S-03", "P-03")
def test_a_thief_makes_no_frame(robbed):
    scene = Scene(store=robbed.store)
    thief = thief_on(scene)
    stored = scene.service.peek(scene.id)
    own = stored.changed(secrets=Secrets(page=keys.hashed("his")))
    thief.store.swap(stored, own)

    for frame in thief.frames(scene.id, "his", count=30):
        with pytest.raises(FrameForged):
            scene.service.resolve(frame.text, holder=BROWSER)
    assert scene.state() == "pending"


@pytest.mark.row("S-02", "S-19", "P-01")
def test_what_is_kept_of_a_secret_is_not_the_secret(robbed):
    scene = Scene(store=robbed.store, purpose=Purpose.LOGIN)
    service = scene.service
    service.new_open_token(scene.id)
    scene.confirm()
    service.login_code(scene.id, scene.page)
    kept = service.peek(scene.id).secrets
    assert all(len(one) == 64 for one in (kept.page, kept.open, kept.login))

    for one in (kept.page, kept.open, kept.login, kept.page[:16], kept.page[:43]):
        for act, refusal in (
            (lambda one=one: service.view(scene.id, one), PageTokenRefused),
            (lambda one=one: service.watch_ticket(scene.id, one), PageTokenRefused),
            (lambda one=one: service.open_page(scene.id, one), OpenTokenRefused),
            (lambda one=one: service.redeem_login_code(scene.id + one), LoginCodeRefused),
        ):
            with pytest.raises(refusal):
                act()


@pytest.mark.row("S-19", "S-05", "S-07")
def test_a_thief_makes_no_ticket(robbed):
    """He knows every field of the tickets: the id, the turn, the mark of the page's browser."""
    scene = Scene(store=robbed.store)
    thief = thief_on(scene)
    stored = scene.service.peek(scene.id)
    thief.store.swap(stored, stored.changed(secrets=Secrets(page=keys.hashed("his"))))
    watching = thief.watch_ticket(scene.id, "his")
    resolved = thief.resolve(thief.frames(scene.id, "his")[0].text, holder=BROWSER).ticket
    mark, real = keys.hashed("his")[:16], stored.secrets.page[:16]

    for ticket in (watching, watching.replace(mark, real)):
        with pytest.raises(TicketRefused):
            scene.service.watch(ticket)
    with pytest.raises(TicketRefused):
        scene.service.scan(resolved, holder=BROWSER, phone=BOB)
    assert scene.state() == "pending"


@pytest.mark.row("S-12", "P-06")
def test_a_thief_does_not_know_the_number_on_the_page():
    """It is one of ninety to him: over forty sessions he does not guess five."""
    right = 0
    for _ in range(40):
        scene = Scene()
        scene.scan()
        thief = thief_on(scene)
        his, _ = choices(thief._root_key, thief.peek(scene.id))
        right += his == scene.right_reference()
    assert right < 5


def test_the_dump_would_show_a_secret_that_was_kept(robbed):
    scene = Scene(store=robbed.store)
    stored = scene.service.peek(scene.id)
    robbed.store.swap(stored, stored.changed(progress=scene.page))
    assert scene.page.encode() in robbed.dump()
