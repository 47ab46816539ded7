"""Nobody comes to hear of another's session, and nobody speaks in it, over real sockets."""

from collections.abc import Iterator

import pytest

from tests.factories.product import Product, Signing
from tests.factories.site import SECONDS, Site, hear, heard_until, is_cut_off, refusal, ticket_of


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    site = Site(product)
    yield site
    site.close()


@pytest.fixture
def victim(site: Site) -> Signing:
    return site.product.signing()


@pytest.fixture
def thief(site: Site) -> Signing:
    """Somebody who has a page of his own, with a right to its room."""
    return site.product.signing()


def session_of(signing: Signing) -> str:
    return signing.page.frame().rsplit("/", 1)[1][1:17]


@pytest.mark.row("S-19", "S-02", "P-01")
def test_a_stolen_ticket_opens_nothing_in_another_browser(
    site: Site, victim: Signing, thief: Signing
) -> None:
    stolen = ticket_of(victim)

    for browser in (thief.page, site.product.browser(), None):
        assert refusal(site.connect(stolen, browser)) == "ticket_refused"

    assert hear(site.connect(stolen, victim.page), "snapshot")["state"] == "pending"


@pytest.mark.row("S-19", "S-10")
def test_nor_does_the_stolen_ticket_of_a_page_that_logs_in(site: Site, thief: Signing) -> None:
    page = site.product.login_page()
    stolen = page.post_to("ticket").get_json()["ticket"]

    assert refusal(site.connect(stolen, thief.page)) == "ticket_refused"
    assert hear(site.connect(stolen, page), "snapshot")["purpose"] == "login"


@pytest.mark.row("S-19")
@pytest.mark.parametrize("part", ["mark", "time", "mac"])
def test_a_ticket_that_was_altered_is_refused(site: Site, victim: Signing, part: str) -> None:
    ticket = ticket_of(victim)
    ends = {"mark": ticket.index(".") + 2, "time": ticket.rindex("."), "mac": len(ticket) - 1}
    at = ends[part] - 1
    altered = ticket[:at] + ("0" if ticket[at] != "0" else "1") + ticket[at + 1 :]

    assert refusal(site.connect(altered, victim.page)) == "ticket_refused"


@pytest.mark.row("S-19", "P-01")
def test_the_id_in_the_code_names_no_room(site: Site, victim: Signing, thief: Signing) -> None:
    """The other's id as a ticket, beside a ticket of one's own, and in what one may ask."""
    other = session_of(victim)
    assert refusal(site.connect(other, thief.page)) == "ticket_refused"
    mixed = other + ticket_of(thief)[16:]
    assert refusal(site.connect(mixed, thief.page)) == "ticket_refused"
    spy = site.connect(
        ticket_of(thief), thief.page, room=other, session_id=other, id=other, seq="0"
    )
    page = site.watch(victim)
    assert hear(page, "snapshot")["id"] == other
    told = heard_until(spy, "frames")

    victim.scan()
    assert hear(page, "state")["state"] == "scanned"
    spy.send(f'42/qr,["look",{{"id":"{other}","room":"{other}"}}]')
    told += heard_until(spy, "state")
    spy.send(f'42/qr,["frames","{other}"]')
    told += heard_until(spy, "frames")

    assert not [message for message in told if other in message or "scanned" in message]


@pytest.mark.row("S-19")
@pytest.mark.parametrize(
    "sent",
    [
        '["state",{"state":"confirmed"}]',
        '["snapshot",{"state":"confirmed"}]',
        '["join",{"room":"VICTIM"}]',
        '["enter_room","VICTIM"]',
        '["connect",{},{"ticket":"VICTIM"}]',
        '["disconnect"]',
        '["message","VICTIM"]',
        '["on_news","VICTIM",9]',
        '["trigger_event","VICTIM"]',
        '["*"]',
        '[["look"]]',
        "[]",
        "{}",
    ],
)
def test_who_sends_what_only_the_server_says_is_cut_off_and_nobody_hears_it(
    site: Site, victim: Signing, thief: Signing, sent: str
) -> None:
    page, second, spy = site.watch(victim), site.watch(victim), site.watch(thief)
    for socket in (page, second, spy):
        heard_until(socket, "frames")

    for socket in (spy, second):
        socket.send("42/qr," + sent.replace("VICTIM", session_of(victim)))
        assert is_cut_off(socket)

    victim.scan()
    told = heard_until(page, "state")
    assert '"state":"scanned"' in told[-1]
    assert not [message for message in told if "confirmed" in message or "join" in message]


@pytest.mark.row("S-19")
def test_no_other_namespace_lets_anybody_in(site: Site, victim: Signing) -> None:
    """Not even the default one: who is in a namespace counts as one that proved something."""
    spy = site.watch(victim)
    heard_until(spy, "frames")
    assert str(spy.receive(timeout=SECONDS)).startswith("40/qr,")

    for name in (f"/{session_of(victim)},", ""):
        spy.send(f"40{name}")
        assert spy.receive(timeout=SECONDS) == f'44{name}"Unable to connect"'


@pytest.mark.row("S-19", "S-04")
def test_a_socket_that_outlives_its_session_hears_its_end_and_no_code(
    site: Site, victim: Signing
) -> None:
    page = site.watch(victim)
    heard_until(page, "frames")
    site.product.clock.advance(seconds=120)

    page.send('42/qr,["look"]')
    assert hear(page, "state")["hint_code"] == "expired_unscanned"
    page.send('42/qr,["frames"]')
    assert hear(page, "frames")["frames"] == []
    late = site.watch(victim)
    assert hear(late, "snapshot")["state"] == "expired"
    assert hear(late, "frames")["frames"] == []


@pytest.mark.row("S-19", "S-10")
def test_coming_back_with_an_old_ticket_shows_nothing_of_the_browser_that_took_the_task(
    site: Site, victim: Signing
) -> None:
    old, page = ticket_of(victim), victim.page
    newer = site.product.page(victim.new_link())

    back = site.connect(old, page)

    assert hear(back, "snapshot")["hint_code"] == "cancelled_by_page"
    assert hear(back, "frames")["frames"] == []
    victim.phone.scan(newer.frame())
    back.send('42/qr,["look"]')
    assert hear(back, "state")["state"] == "cancelled"
