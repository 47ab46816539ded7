"""The app's own part of the sockets: from which origin, with whose ticket, and how many."""

from collections.abc import Iterator

import pytest
import simple_websocket

from tests.factories.product import Product
from tests.factories.site import OWN, Site, hear, is_cut_off, refusal, ticket_of


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    site = Site(product)
    yield site
    site.close()


@pytest.mark.row("S-19")
@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.test", f"{OWN}.evil.test", "http://127.0.0.1:8322", "https://x"],
)
def test_a_socket_from_another_origin_does_not_even_connect(site: Site, origin: str) -> None:
    assert site.shake_hands(origin) == 400


@pytest.mark.row("S-19")
@pytest.mark.parametrize("origin", [OWN, "http://localhost:8321"])
def test_a_socket_from_our_own_pages_connects(site: Site, origin: str) -> None:
    assert site.shake_hands(origin) == 101


@pytest.mark.row("S-19")
@pytest.mark.parametrize("ticket", [None, "", "a.b.c", "A" * 16])
def test_a_socket_without_the_pages_ticket_is_refused(site: Site, ticket: str | None) -> None:
    site.product.signing()

    assert refusal(site.connect(ticket)) == "ticket_refused"


@pytest.mark.row("S-19", "S-02")
def test_a_ticket_is_given_to_the_page_alone_and_dies_with_its_minute(site: Site) -> None:
    signing = site.product.signing()
    stranger = site.product.browser().post(f"{signing.page.path}/ticket")
    ticket = ticket_of(signing)

    assert (stranger.status_code, stranger.get_json()["code"]) == (401, "page_token_missing")
    site.product.clock.advance(seconds=60)
    assert refusal(site.connect(ticket, signing.page)) == "ticket_expired"


@pytest.mark.row("S-19")
def test_a_socket_hears_its_own_task_and_nothing_of_another(site: Site) -> None:
    """The room follows from the ticket; one that was given for another task leads only there."""
    mine, other = site.product.signing(), site.product.signing()
    page, stranger = site.watch(mine), site.watch(other)
    assert hear(page, "snapshot")["id"] != hear(stranger, "snapshot")["id"]

    mine.scan()

    assert hear(page, "state")["state"] == "scanned"
    stranger.send('42/qr,["look"]')
    assert hear(stranger, "state")["state"] == "pending"


@pytest.mark.row("S-10", "S-19")
def test_a_socket_ends_when_another_browser_takes_the_task(site: Site) -> None:
    signing = site.product.signing()
    page = site.watch(signing)
    assert hear(page, "snapshot")["state"] == "pending"

    site.product.page(signing.new_link())

    told = hear(page, "state")
    assert (told["state"], told["hint_code"]) == ("cancelled", "cancelled_by_page")


@pytest.mark.row("S-20")
@pytest.mark.parametrize(
    "flood",
    [
        ['42/qr,["look","' + "x" * 1_000_000 + '"]'],
        ['42/qr,["look"]'] * 200,
        ['42/qr,["join","another room"]'],
        ['42/other,["look"]'] * 200,
        ['40/qr,{"ticket":"a.b.c"}'] * 200,
        ["42/qr,[]"],
        ["4"],
        ["5"] * 200,
        ["3"] * 200,
        ["9"] * 200,
    ],
    ids=[
        "a megabyte",
        "200 messages",
        "a room",
        "200 to nobody",
        "200 tickets",
        "no event",
        "nothing",
        "200 upgrades",
        "200 pongs",
        "200 of no kind",
    ],
)
def test_a_socket_that_floods_is_cut_off_and_the_others_hear_on(
    site: Site, flood: list[str]
) -> None:
    signing = site.product.signing()
    page, bad = site.watch(signing), site.watch(site.product.signing())
    assert hear(page, "snapshot")["state"] == "pending"
    assert hear(bad, "snapshot")["state"] == "pending"

    try:
        for message in flood:
            bad.send(message)
    except (simple_websocket.ConnectionClosed, OSError):  # It was cut off between two messages.
        pass

    assert is_cut_off(bad)
    signing.scan()
    assert hear(page, "state")["state"] == "scanned"


@pytest.mark.row("S-20")
def test_fifty_sockets_of_one_page_leave_room_for_the_others(site: Site) -> None:
    greedy, signing = site.product.signing(), site.product.signing()
    ticket = ticket_of(greedy)
    page = site.watch(signing)
    assert hear(page, "snapshot")["state"] == "pending"

    many = []
    for _ in range(50):  # Each is in before the next knocks: who came last is then known.
        many.append(site.connect(ticket, greedy.page))
        assert hear(many[-1], "snapshot")["state"] == "pending"

    assert all(is_cut_off(socket) for socket in many[:-3])
    signing.scan()
    assert hear(page, "state")["state"] == "scanned"
    assert site.product.browser().get("/livez").status_code == 200


@pytest.mark.row("S-20")
def test_one_address_does_not_keep_the_others_out(site: Site) -> None:
    """Sixty connections that prove nothing, which is more than the whole process takes."""
    signing = site.product.signing()

    assert [site.knock("127.0.0.2") for _ in range(60)].count(True) == 24

    page = site.watch(signing)
    assert hear(page, "snapshot")["state"] == "pending"
    signing.scan()
    assert hear(page, "state")["state"] == "scanned"
