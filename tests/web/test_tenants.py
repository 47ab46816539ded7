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
from server.seals.models import SealKind
from server.signing.models import SigningTask
from server.web.permissions import BY_COMPUTER, BY_PHONE, BY_TOKEN, NEEDS, Need
from tests.factories.devices import OWN_ORIGIN
from tests.factories.domain import seal_of
from tests.factories.intents import Intents
from tests.factories.messages import tell
from tests.factories.mini_program import MiniProgram, logged_in
from tests.factories.partner_logins import PartnerLogin
from tests.factories.product import HUANG, WEI, Product, Signing
from tests.factories.truth import truth_of

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# What names no object that somebody owns.
NO_OBJECT = {
    "filename",
    "token",
    "page",
    "path",
    "way",
    "house",
    "kind",
    "text",
    "version",
    "algorithm",
}
LOOKS = (
    "phone_seals.show_look",
    "phone_seals.change",
    "mp_seal_lifecycle.show_look",
    "mp_seal_lifecycle.change",
)
BODIES: dict[str, dict[str, Any]] = {
    "sign.public_computer": {"on": True},
    "sealing.save_placements": {"placements": []},
    "sealing.confirm": {"placements": [], "document_sha256": "0" * 64},
    "phone_qr.confirm": {
        "reference_code": "47",
        "acting": {"kind": "enterprise", "id": "ent-x"},
        "pin": WEI.pin,
    },
    "phone_login.confirm": {"reference_code": "47"},
    "mp_qr.scan": {"ticket": "stolen"},
    "mp_faces.login_result": {"face_token": "guessed"},
    "mp_faces.set_password": {"face_token": "guessed", "password": "a-new-one-26"},
    "mp_qr.confirm_sign": {"reference_code": "47", "enterprise_id": "ent-x", "pin": WEI.pin},
    "mp_qr.confirm_login": {"reference_code": "47"},
    **{name: {"look": {"font": "hei"}} for name in LOOKS},
}
NO_LOGIN = (404, "login_session_not_found")
NO_CODE_PAGE = (403, "page_token_refused")
NO_PAGE = (401, "page_token_missing")
NOT_SCANNED = (403, "already_scanned")
NO_DOCUMENT, NO_TASK = (404, "document_not_found"), (404, "task_not_found")
NO_SEAL = (404, "seal_not_found")
NO_CHECK = (404, "face_check_unknown")
NO_NOTICE = (404, "notice_not_found")
NOT_MINE = (403, "intent_refused")
# Each route with an object in its address, and what a stranger to that object is told. None: an
# empty page that anybody may fetch.
STRANGERS: dict[str, tuple[int, str] | None] = {
    "partner_documents.show_document": NO_DOCUMENT,
    "partner_signing.show_signing_task": NO_TASK,
    "partner_signing.cancel_signing_task": NO_TASK,
    "partner_signing.show_result": NO_TASK,
    "sign.page": None,
    "sign.open_page": NO_PAGE,
    "sign.state": NO_PAGE,
    "sign.events": NO_PAGE,
    "sign.ticket": NO_PAGE,
    "sign.frames": NO_PAGE,
    "sign.refresh": NO_PAGE,
    "sign.another_phone": NO_PAGE,
    "sign.this_device": NO_PAGE,
    "sign.cancel": NO_PAGE,
    "sign.restart": NO_PAGE,
    "sign.public_computer": NO_PAGE,
    "sign.leave": NO_PAGE,
    "sealing.load": NO_PAGE,
    "sealing.document": NO_PAGE,
    "sealing.seal_picture": NO_PAGE,
    "sealing.save_placements": NO_PAGE,
    "sealing.confirm": NO_PAGE,
    "sealing.download": NO_PAGE,
    "phone_seals.seal": NO_SEAL,
    "phone_seals.picture": NO_SEAL,
    "phone_seals.former_picture": NO_SEAL,
    "phone_seals.suspend": NO_SEAL,
    "phone_seals.enable": NO_SEAL,
    "phone_seals.renew": NO_SEAL,
    "phone_seals.change_page": NO_SEAL,
    "phone_seals.show_look": NO_SEAL,
    "phone_seals.change": NO_SEAL,
    "phone_seals.cancel_page": NO_SEAL,
    "phone_seals.cancel": NO_SEAL,
    "phone_qr.confirm_page": None,
    "phone_qr.scan": (403, "ticket_refused"),
    "phone_qr.preview": NOT_SCANNED,
    "phone_qr.touch": NOT_SCANNED,
    "phone_qr.confirm": NOT_SCANNED,
    "phone_qr.decline": NOT_SCANNED,
    "phone_login.confirm_page": None,
    "phone_login.scan": (409, "wrong_purpose"),
    "phone_login.confirm": NOT_SCANNED,
    "phone_login.decline": NOT_SCANNED,
    "partner_logins.show_login_session": NO_LOGIN,
    "partner_logins.cancel_login_session": NO_LOGIN,
    "partner_login.page": None,
    "partner_login.open_page": NO_CODE_PAGE,
    "partner_login.state": NO_CODE_PAGE,
    "partner_login.events": NO_CODE_PAGE,
    "partner_login.ticket": NO_CODE_PAGE,
    "partner_login.frames": NO_CODE_PAGE,
    "partner_login.refresh": NO_CODE_PAGE,
    "partner_login.another_phone": NO_CODE_PAGE,
    "partner_login.not_me": NO_CODE_PAGE,
    "partner_login.confirm": NO_CODE_PAGE,
    "partner_login.leave": NO_CODE_PAGE,
    "account.end_login": (404, "login_not_found"),
    "phone_devices.end": (404, "login_not_found"),
    "phone_messages.read": NO_NOTICE,
    "mp_messages.read": NO_NOTICE,
    "mp_qr.scan": (403, "ticket_refused"),
    "mp_qr.preview": NOT_SCANNED,
    "mp_qr.touch": NOT_SCANNED,
    "mp_qr.confirm_sign": NOT_SCANNED,
    "mp_qr.confirm_login": NOT_SCANNED,
    "mp_qr.decline": NOT_SCANNED,
    "intents.prove_it": NOT_MINE,
    "mp_intents.prove_it": NOT_MINE,
    "mp_faces.result": NO_CHECK,
    "mp_faces.login_result": NO_CHECK,
    "mp_faces.set_password": (422, "face_not_passed"),
    "mp_seals.show_seal": NO_SEAL,
    "mp_seals.seal_picture": NO_SEAL,
    "mp_seal_lifecycle.suspend": NO_SEAL,
    "mp_seal_lifecycle.enable": NO_SEAL,
    "mp_seal_lifecycle.renew": NO_SEAL,
    "mp_seal_lifecycle.show_look": NO_SEAL,
    "mp_seal_lifecycle.change": NO_SEAL,
    "mp_seal_lifecycle.cancel": NO_SEAL,
    "mp_seal_lifecycle.list_impressions": NO_SEAL,
    "mp_seal_lifecycle.former_picture": NO_SEAL,
    "mp_me.end_session": (404, "login_not_found"),
}


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
        return client.open(built[1], method=method, json=body, headers=headers, buffered=True)


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
        "page": 1,
        "version": 1,
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
