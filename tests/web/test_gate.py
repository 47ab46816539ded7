"""Who may go on: agreements first, then the face before a company (F-10, P-41)."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import Account, AccountSession, Consent
from server.core.ids import fingerprint
from server.enterprises.models import Enterprise
from server.web.permissions import NEEDS, Need
from tests.factories.devices import OWN_ORIGIN
from tests.factories.mini_program import logged_in, told
from tests.factories.product import LI, WEI, Product
from tests.factories.visits import Visit, visit

FINISHING = {
    "phone.log_out",
    "phone_home.switch_role",
    "account.log_out",
    "phone_agreements.changed",
    "phone_agreements.accept",
    "phone_gate.page",
    "phone_gate.begin",
    "desktop_agreements.changed",
    "desktop_agreements.accept",
    "desktop_gate.page",
    "desktop_gate.begin",
    "desktop_gate.settle",
}


def walk(product: Product, *needs: Need) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in product.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if NEEDS[rule.endpoint] in needs
    ]


def call(client: FlaskClient, rule: Rule, method: str, accept: str) -> TestResponse:
    body = {} if method != "GET" else None
    headers = {"Accept": accept, **OWN_ORIGIN}
    return client.open(address(rule), method=method, json=body, headers=headers)


def address(rule: Rule) -> str:
    """With the first of the values that an argument may have, or 1."""
    kinds = {name: [*getattr(rule._converters[name], "items", (1,))] for name in rule.arguments}
    built = rule.build({name: kinds[name][0] for name in kinds}, append_unknown=False)
    assert built
    return str(built[1])


def forget_consents(product: Product) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent))


def test_only_what_finishes_a_login_is_open_to_every_visitor() -> None:
    """A route that is not on this list asks for the agreements and the face."""
    open_to_visitors = {
        endpoint for endpoint, need in NEEDS.items() if need in (Need.VISITOR, Need.DESKTOP_VISITOR)
    }
    assert open_to_visitors == FINISHING


def test_the_mini_program_opens_no_more_to_a_visitor() -> None:
    open_to_visitors = {
        endpoint.split(".")[0] for endpoint, need in NEEDS.items() if need == Need.MP_VISITOR
    }
    assert open_to_visitors <= {"mp_me", "mp_agreements", "mp_faces", "mp_auth"}


@pytest.mark.row("P-41")
@pytest.mark.parametrize("needs", [(Need.PERSON, Need.SELF), (Need.DESKTOP,)])
def test_no_route_of_a_person_opens_before_the_present_agreements(
    product: Product, needs: tuple[Need, ...]
) -> None:
    client = (product.computer() if Need.DESKTOP in needs else product.phone()).client
    forget_consents(product)
    for rule, method in walk(product, *needs):
        answer = call(client, rule, method, "application/json")
        refusal = answer.get_json()
        assert (answer.status_code, refusal["code"]) == (403, "agreements_changed"), rule
        assert refusal["agreements"] == ["terms", "privacy"]


@pytest.mark.row("F-10")
def test_no_route_opens_to_a_companys_login_before_a_face(product: Product) -> None:
    company = visit(product, by_company=True)
    for rule, method in walk(product, Need.PERSON):
        answer = call(company.client, rule, method, "application/json")
        assert (answer.status_code, answer.get_json()["code"]) == (403, "face_required"), rule


@pytest.mark.row("F-10")
def test_what_is_a_persons_own_never_opens_to_a_companys_login(product: Product) -> None:
    company = visit(product, by_company=True)
    company.pass_gate()
    for rule, method in walk(product, Need.SELF):
        answer = call(company.client, rule, method, "application/json")
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_for_company_login"), (
            rule
        )


@pytest.mark.row("P-41", "F-10")
@pytest.mark.parametrize(
    ("by_company", "first"), [(False, "/m/agreements/changed"), (True, "/m/gate")]
)
def test_a_page_leads_to_what_comes_first_and_names_the_way_back(
    product: Product, by_company: bool, first: str
) -> None:
    """Behind a company's login the face: its person has not been seen, and agrees to nothing."""
    one = visit(product, by_company=by_company)
    forget_consents(product)

    answer = one.client.get("/m/uses?cursor=a&b=%2F", headers={"Accept": "text/html"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{first}?next=%2Fm%2Fuses%3Fcursor%3Da%26b%3D%252F"


@pytest.mark.row("P-41", "F-10")
def test_nothing_is_accepted_in_the_name_of_a_person_who_was_not_seen(product: Product) -> None:
    company = visit(product, by_company=True)

    refused = company.post("/m/agreements/accept", {"versions": dict(VERSIONS)})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "face_required")
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(Consent)).all() == []


@pytest.mark.row("P-41", "F-10")
def test_what_a_company_ticked_counts_only_while_it_is_the_present_version(
    product: Product,
) -> None:
    company = visit(product, by_company=True)
    with product.parts.db.begin() as uow:
        mine = uow.session.get_one(AccountSession, company.session.id)
        mine.ticked = {**(mine.ticked or {}), "privacy": "2020-01-01"}

    company.pass_gate()

    with product.parts.db.read() as uow:
        given = set(uow.session.scalars(select(Consent.kind)))
    assert given == {Agreement.FACE, Agreement.TERMS}


def test_a_page_on_a_computer_leads_to_the_computers_own_pages(product: Product) -> None:
    computer = product.computer()
    forget_consents(product)

    answer = computer.get("/account", headers={"Accept": "text/html"})

    assert answer.headers["Location"] == "/account/agreements?next=%2Faccount"


def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(product: Product) -> None:
    answer = product.browser().get("/m/uses", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/m/login?next=%2Fm%2Fuses")


@pytest.mark.row("F-10")
def test_a_personal_login_acts_for_a_company_without_a_face_by_default(product: Product) -> None:
    phone = product.phone(LI)

    assert phone.get("/m/").status_code == 200


@pytest.mark.row("F-10")
def test_the_policy_asks_everybody_who_begins_with_a_company_for_a_face(product: Product) -> None:
    strict = product.restarted(face_for_every_company=True)
    phone = strict.phone(LI)

    assert phone.get("/m/").get_json()["code"] == "face_required"

    phone.post("/m/role", {"kind": "account", "id": "me"})
    assert phone.get("/m/").status_code == 200

    visit_of(strict, phone.client).pass_gate()
    with strict.parts.db.read() as uow:
        company = uow.session.scalars(select(Enterprise.id).order_by(Enterprise.code)).first()
    assert phone.post("/m/role", {"kind": "enterprise", "id": company}).status_code == 200
    assert phone.get("/m/").status_code == 200


@pytest.mark.row("F-10")
def test_under_the_policy_no_one_signs_for_a_company_as_himself(product: Product) -> None:
    strict = product.restarted(face_for_every_company=True)
    signing = strict.signing()
    signing.phone.post("/m/role", {"kind": "account", "id": "me"})
    asked = signing.scan()

    refused = signing.phone.confirm(asked, signing.page)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "face_required")

    visit_of(strict, signing.phone.client).pass_gate()
    assert signing.phone.confirm(asked, signing.page).status_code == 200


@pytest.mark.row("F-10", "S-18")
def test_a_companys_login_acts_for_that_company_alone(product: Product) -> None:
    signing = product.signing()
    other = second_company(product)
    company = visit(product, by_company=True)
    company.pass_gate()
    signing.phone.client = company.client
    page = company.client.get("/m/").text
    asked = signing.scan()

    assert other not in page
    assert "南宁桂印科技有限公司" in page
    assert [one["name"] for one in asked["acting"]] == ["南宁桂印科技有限公司"]
    refused = signing.phone.confirm(asked, signing.page, acting={"kind": "enterprise", "id": other})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "no_right")
    for kind, id_ in (("enterprise", other), ("account", "me")):
        answer = signing.phone.post("/m/role", {"kind": kind, "id": id_})
        assert answer.get_json()["code"] == "not_for_company_login"


@pytest.mark.row("F-12", "S-18")
def test_a_companys_login_sees_the_uses_of_that_company_alone(product: Product) -> None:
    signing = product.signing()
    signing.seal()
    company = visit(product, by_company=True)
    company.pass_gate()
    assert "施工许可申请表.pdf" in company.client.get("/m/uses").text

    with product.parts.db.begin() as uow:
        theirs = uow.session.scalars(
            select(Enterprise.id).where(Enterprise.id != company.session.acting_enterprise_id)
        ).first()
        mine = AccountSession.id == company.session.id
        uow.session.execute(update(AccountSession).where(mine).values(acting_enterprise_id=theirs))

    assert "施工许可申请表.pdf" not in company.client.get("/m/uses").text


@pytest.mark.row("P-41")
def test_the_mini_program_is_told_what_comes_first(product: Product) -> None:
    phone = logged_in(product)
    forget_consents(product)
    for rule, method in walk(product, Need.MP_PERSON, Need.MP_SELF):
        answer = phone.client.open(address(rule), method=method, json={}, headers=phone.headers())
        assert told(answer) == (403, "agreements_changed"), rule
    assert phone.get("/auth/me").get_json()["agreements"] == ["terms", "privacy"]


def second_company(product: Product) -> str:
    """Wei represents the other demo company too; its id."""
    with product.parts.db.begin() as uow:
        wei = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
        other = uow.session.scalars(select(Enterprise).order_by(Enterprise.code.desc())).first()
        assert other is not None
        other.representative_id = wei.id
        return other.id


def visit_of(product: Product, client: FlaskClient) -> Visit:
    cookie = client.get_cookie("gy_phone")
    assert cookie
    with product.parts.db.read() as uow:
        wanted = select(AccountSession).where(
            AccountSession.token_digest == fingerprint(cookie.value)
        )
        return Visit(product, client, uow.session.scalars(wanted).one())
