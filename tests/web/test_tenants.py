"""Every route that names an object, asked by everybody whose object it is not (S-17, S-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from server.accounts.models import AccountSession
from server.applications.models import Way
from server.seals.models import SealKind
from server.signing.models import SigningTask
from server.web.permissions import BY_COMPUTER, BY_PHONE, BY_TOKEN, NEEDS, Need
from tests.factories import applying, own_signings
from tests.factories.certifications import Certifying
from tests.factories.devices import OWN_ORIGIN
from tests.factories.domain import seal_of
from tests.factories.intents import Intents
from tests.factories.messages import tell
from tests.factories.mini_program import MiniProgram, logged_in
from tests.factories.partner_logins import PartnerLogin
from tests.factories.product import HUANG, Product, Signing
from tests.factories.strangers import BODIES, FORM, NO_OBJECT, PDF, PDF_UPLOADS, STRANGERS, UPLOADS
from tests.factories.truth import truth_of
from tests.factories.verifying import verification_of_a_partner

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Stranger:
    """Another partner, another page's browser with its token, another's phone and computer."""

    product: Product
    key: str
    page_token: str
    phone: FlaskClient
    computer: FlaskClient
    mini_program: MiniProgram

    @classmethod
    def beside(cls, product: Product) -> "Stranger":
        partner = product.another_partner()
        other = product.signing()
        cookie = other.page.client.get_cookie("gy_page", path=other.page.path)
        assert cookie
        devices = product.phone(HUANG).client, product.computer(HUANG).client
        return cls(product, partner.key, cookie.value, *devices, logged_in(product, HUANG))

    def ask(self, rule: Rule, method: str, ids: dict[str, Any]) -> TestResponse:
        built = rule.build({name: ids[name] for name in rule.arguments}, append_unknown=False)
        assert built
        need = NEEDS[rule.endpoint]
        own = dict.fromkeys(BY_PHONE, self.phone) | dict.fromkeys(BY_COMPUTER, self.computer)
        client = own.get(need) or self.product.app.test_client()
        headers = {"Accept": "application/json", **OWN_ORIGIN}
        if need == Need.PARTNER:
            headers["Authorization"] = f"Bearer {self.key}"
        elif need in BY_TOKEN:
            headers["Authorization"] = f"Bearer {self.mini_program.token}"
        elif need not in own:
            headers["Page-Token"] = self.page_token
        body = BODIES.get(rule.endpoint, {}) if method in UNSAFE else None
        sent = {"json": body}
        if rule.endpoint in (*UPLOADS, *PDF_UPLOADS):
            sent = FORM if rule.endpoint in UPLOADS else PDF
        return client.open(built[1], method=method, headers=headers, buffered=True, **sent)


@pytest.fixture
def signing(product: Product) -> Signing:
    """Somebody's signing, at the phone that scanned it."""
    return product.signing()


@pytest.fixture
def objects(signing: Signing) -> dict[str, Any]:
    """The ids of all that belongs to one signing and its company."""
    asked = signing.scan()
    with signing.product.parts.db.read() as uow:
        login = uow.session.scalars(select(AccountSession.id)).first()
        task = uow.session.get_one(SigningTask, signing.id)
        seal_id = seal_of(uow, SealKind.COMPANY).id
    return {
        "task_id": signing.id,
        "document_id": task.document_id,
        "seal_id": seal_id,
        "login_id": login,
        "session_id": asked["session_id"],
        "intent_id": Intents.of(signing.product).proved(),
        "face_id": logged_in(signing.product).begin_face(),
        "partner_login_id": PartnerLogin.asked(signing.product.partner()).id,
        "notice_id": tell(signing.product),
        "certification_id": Certifying.begun(signing.product, Way.PERSONAL).row().id,
        "signing_id": own_signings.begun(signing.product).id,
        "page": 1,
        "number": 1,
        **verification_of_a_partner(signing.product),
        **applying.draft_with_a_picture(signing.product),
    }


@pytest.fixture
def stranger(product: Product) -> Stranger:
    return Stranger.beside(product)


def routes(product: Product) -> Iterator[tuple[Rule, str]]:
    for rule in product.app.url_map.iter_rules():
        if set(rule.arguments) - NO_OBJECT:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def told(answer: TestResponse) -> dict[str, Any]:
    its_own = ("request_id", "rid")
    return {key: value for key, value in answer.get_json().items() if key not in its_own}


@pytest.mark.row("S-18")
def test_every_route_that_names_an_object_has_an_entry(product: Product) -> None:
    assert {rule.endpoint for rule, _ in routes(product)} == set(STRANGERS)


@pytest.mark.row("S-17", "S-18", "S-07")
def test_a_stranger_is_told_the_same_of_every_object_and_changes_none(
    signing: Signing, objects: dict[str, Any], stranger: Stranger
) -> None:
    before = truth_of(signing.product, signing.id), shown_on(signing)
    for rule, method in routes(signing.product):
        expected = STRANGERS[rule.endpoint]
        answer = stranger.ask(rule, method, objects)
        if expected is None:
            assert answer.status_code == 200, rule
            assert not any(secret in answer.text for secret in secrets_of(signing)), rule
        else:
            assert (answer.status_code, answer.get_json()["code"]) == expected, rule

    assert (truth_of(signing.product, signing.id), shown_on(signing)) == before


@pytest.mark.row("S-17", "S-18")
def test_what_is_hidden_is_answered_exactly_as_what_is_not_there(
    signing: Signing, objects: dict[str, Any], stranger: Stranger
) -> None:
    missing = {
        name: f"{value[:-4]}zzzz" if isinstance(value, str) else value
        for name, value in objects.items()
    }
    hidden = [
        (rule, method)
        for rule, method in routes(signing.product)
        if (STRANGERS[rule.endpoint] or (200,))[0] == 404
    ]
    assert {NEEDS[rule.endpoint] for rule, _ in hidden} == {
        Need.PARTNER,
        Need.PERSON,
        Need.DESKTOP,
        Need.MP_PERSON,
        Need.MP_VISITOR,
        Need.NOTHING,
        Need.BROWSER,
    }
    for rule, method in hidden:
        foreign, none = (stranger.ask(rule, method, ids) for ids in (objects, missing))
        assert foreign.status_code == none.status_code == 404, rule
        assert told(foreign) == told(none), rule
        assert [*foreign.headers.keys()] == [*none.headers.keys()], rule


def shown_on(signing: Signing) -> dict[str, Any]:
    return {key: value for key, value in signing.page.read().items() if key != "now"}


def secrets_of(signing: Signing) -> list[str]:
    state = signing.page.state
    return [state["document"]["name"], state["document"]["sha256"]]
