"""All that we hold about a person is handed to him, and to nobody else (P-38)."""

import json
from typing import Any

import pytest
from sqlalchemy import Column

from server.accounts import personal_data
from server.accounts.errors import WrongCode
from server.accounts.fresh_proofs import CHANGE_PHONE, TAKE_DATA
from server.accounts.models import (
    AccountSession,
)
from server.persons import SECTIONS
from server.tables import METADATA
from tests.factories.pdf import make_pdf
from tests.factories.people import BROWSER, People
from tests.factories.product import LI, WEI, Product

# Every table that names an account, and where his data has it.
SHOWN = {
    "accounts": "account",
    "account_sessions": "logins",
    "consents": "consents",
    "identities": "identities",
    "face_checks": "face_checks",
    "notices": "messages",
    "texts": "texts",
    "enterprises": "companies",
    "enterprise_logins": "company_logins",
    "certificates": "certificates",
    "intents": "intents",
    "verification_methods": "verification_method",
    "seals": "seals",
    "seal_changes": "seal_changes",
    "cancellations": "cancellations",
    "applications": "applications",
    "application_parties": "named_in_applications",
    "materials": "application_materials",
    "grants": "grants",
    "seal_uses": "seal_uses",
    "documents": "documents",
    "signing_tasks": "signings",
    "page_grants": "signing_rights",
    "own_signings": "own_signings",
    "partner_logins": "partner_logins",
}
# Closed keys: they tell him nothing, and are worth stealing.
NOT_SHOWN = {
    "personal_keys",
    "key_copies",
    "wanted_copies",
    "rekeyings",
    "key_rings",
    "key_releases",
    "held_copies",
    "method_copies",
    "key_requests",
}
NAMES_A_PERSON = {"account_id", "holder_id", "signer_id", "owner_id", "grantee_id", "granted_by"}


@pytest.fixture
def people(product: Product) -> People:
    return People(product)


def taken(people: People, session: AccountSession) -> dict[str, Any]:
    proof = people.own_proof(session, TAKE_DATA)
    with people.db.begin() as uow:
        data = personal_data.take(uow, session, proof, SECTIONS)
    return data.opened(people.desk.keys)


def points_to_a_person(column: Column[Any]) -> bool:
    return any(key.column.table.name == "accounts" for key in column.foreign_keys)


@pytest.mark.row("P-38")
def test_no_table_that_names_a_person_is_left_out() -> None:
    naming = {
        table.name
        for table in METADATA.tables.values()
        for column in table.columns
        if column.name in NAMES_A_PERSON
        or any(key.column.table.name == "accounts" for key in column.foreign_keys)
    }

    assert naming - NOT_SHOWN - set(SHOWN) == set()


@pytest.mark.row("P-38")
def test_a_person_is_given_all_that_we_hold_about_him_in_the_clear(product: Product) -> None:
    people = People(product)
    product.signing(make_pdf()).seal()
    session = people.log_in_by(WEI.phone)
    people.bind_wechat(session.account_id)

    data = json.loads(json.dumps(taken(people, session), ensure_ascii=False))

    assert {*SHOWN.values(), "subscriptions", "security_log", "grants_given"} <= set(data)
    assert data["account"]["phone"] == WEI.phone
    assert data["account"]["document_number"] == WEI.id_number
    assert [one["name"] for one in data["companies"]] == ["南宁桂印科技有限公司"]
    assert [one["subject"] for one in data["identities"]] == ["openid-1"]
    assert [one["state"] for one in data["seal_uses"]] == ["done"]
    assert data["signings"][0]["status"] == "sealed"
    assert data["logins"][-1]["address"] == BROWSER.address
    assert data["grants_given"][0]["role"] == "operator"
    assert data["security_log"][-1]["event"] == "identity.bound"


@pytest.mark.row("P-38", "S-44")
def test_what_he_is_given_opens_nothing_and_is_about_nobody_else(people: People) -> None:
    session = people.log_in_by(WEI.phone)
    account = people.account(session.account_id)

    text = json.dumps(taken(people, session), ensure_ascii=False)

    for secret in (session.token_digest, account.password_digest, account.phone_index or "?"):
        assert secret not in text
    assert LI.phone not in text
    assert LI.name not in text


@pytest.mark.row("P-38")
def test_ones_own_data_needs_a_proof_that_was_made_for_it(people: People) -> None:
    session = people.log_in_by(WEI.phone)
    proof = people.own_proof(session, CHANGE_PHONE)

    with people.db.begin() as uow, pytest.raises(WrongCode):
        personal_data.take(uow, session, proof, SECTIONS)
