"""Home, seals, the register of uses, and the texts to agree to, in the mini-program."""

import pytest
from sqlalchemy import delete

from server.accounts.consents import VERSIONS
from server.accounts.models import Consent
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.product import HUANG, LI, Product


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return logged_in(product)


def without_consents(product: Product) -> None:
    """As if every text had a new version that nobody has seen."""
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent))


@pytest.mark.row("F-11", "F-12")
def test_home_shows_the_role_its_seals_and_what_waits(phone: MiniProgram) -> None:
    home = phone.get("/home").get_json()

    assert home["acting"] == home["enterprises"][0]
    assert {one["state"] for one in home["seals"]} == {"active"}
    assert {one["owner"] for one in home["seals"]} == {home["acting"]["name"]}
    assert home["todo"] == {"real_name": False, "seals_expiring": 0}


@pytest.mark.row("F-12")
def test_a_person_acts_for_himself_or_for_a_company_of_his(phone: MiniProgram) -> None:
    company = phone.get("/home").get_json()["acting"]["enterprise_id"]
    other = logged_in(phone.product, HUANG).get("/home").get_json()["acting"]["enterprise_id"]

    assert phone.post("/auth/role", {"enterprise_id": None}).status_code == 200
    assert (phone.get("/home").get_json()["acting"], company != other) == (None, True)
    assert told(phone.post("/auth/role", {"enterprise_id": other})) == (403, "no_right")
    assert phone.post("/auth/role", {"enterprise_id": company}).status_code == 200
    assert phone.get("/home").get_json()["acting"]["enterprise_id"] == company


@pytest.mark.row("F-26", "P-49")
def test_a_seal_says_who_may_use_it_and_shows_its_picture(phone: MiniProgram) -> None:
    first = phone.get("/seals").get_json()["items"][0]

    detail = phone.get(f"/seals/{first['id']}").get_json()
    picture = phone.get(first["picture"].removeprefix("/mp/v1"))

    assert detail["seal"] == first
    assert detail["users"][0] == {"name": "韦*远", "right": "法定代表人"}
    assert detail["allowed_actions"] == ["sign", "suspend", "cancel"]
    assert detail["valid_from"].endswith("+08:00")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")


def test_seals_come_in_pages_and_by_state(phone: MiniProgram) -> None:
    whole = phone.get("/seals").get_json()["items"]
    paged, cursor = [], ""
    while cursor is not None:
        body = phone.get(f"/seals?limit=1{cursor and f'&cursor={cursor}'}").get_json()
        paged, cursor = [*paged, *body["items"]], body["next_cursor"]

    assert paged == whole
    assert len(whole) > 1
    assert phone.get("/seals?state=expired").get_json()["items"] == []
    for wrong in ("limit=0", "limit=101", "state=lost", "colour=red"):
        assert told(phone.get(f"/seals?{wrong}")) == (422, "invalid_fields"), wrong
    assert told(phone.get("/seals?cursor=1")) == (422, "bad_cursor")


@pytest.mark.row("S-18")
def test_a_company_of_somebody_else_shows_no_seals(phone: MiniProgram) -> None:
    other = logged_in(phone.product, HUANG).get("/home").get_json()["acting"]["enterprise_id"]

    assert phone.get(f"/seals?enterprise_id={other}").get_json()["items"] == []


@pytest.mark.row("P-35")
def test_the_register_of_uses_names_file_seals_and_partner(product: Product) -> None:
    product.signing().seal()
    phone = logged_in(product)

    use = phone.get("/uses").get_json()["items"][0]

    assert (use["document"], use["state"]) == ("施工许可申请表.pdf", "sealed")
    assert (use["signer"], use["right"]) == ("韦*远", "法定代表人")
    assert sum(one["count"] for one in use["seals"]) == 1
    assert logged_in(product, LI).get("/uses").get_json()["items"] == []


@pytest.mark.row("P-41")
def test_a_new_version_stops_everything_but_the_way_on(phone: MiniProgram) -> None:
    without_consents(phone.product)

    for path in ("/home", "/seals", "/uses", "/auth/sessions"):
        assert told(phone.get(path)) == (403, "agreements_changed"), path
    assert phone.get("/auth/me").get_json()["agreements"] == ["terms", "privacy"]
    listed = phone.get("/agreements").get_json()["items"]
    assert {one["kind"]: one["version"] for one in listed} == VERSIONS

    shown = {one["kind"]: one["version"] for one in listed if one["at_login"]}
    answer = phone.post("/agreements/accept", {"versions": shown})

    assert answer.get_json()["missing"] == []
    assert phone.get("/home").status_code == 200


@pytest.mark.row("P-41")
def test_only_the_version_that_holds_is_agreed_to(phone: MiniProgram) -> None:
    without_consents(phone.product)

    for versions in ({"terms": "2020-01-01"}, {"terms": VERSIONS["terms"], "privacy": "x"}):
        answer = phone.post("/agreements/accept", {"versions": versions})
        assert told(answer) == (403, "agreements_changed")

    assert phone.get("/auth/me").get_json()["agreements"] == ["terms", "privacy"]
