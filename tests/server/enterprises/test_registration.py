"""A company registers a login: what is typed, what the registry knows, who holds the phone."""

from dataclasses import replace
from typing import Any

import pytest

from server.accounts.codes import Purpose
from server.accounts.errors import (
    AgreementsNotTicked,
    CodeExpired,
    ConsentNeeded,
    WeakPassword,
    WrongCode,
)
from server.accounts.id_documents import IdDocument
from server.accounts.models import Level
from server.accounts.phones import open_phone, phone_index
from server.accounts.registration import Declared
from server.enterprises.errors import (
    BadCompanyCode,
    CompanyRegistered,
    CompanyStruckOff,
    RegistryMismatch,
    UnknownLegalForm,
)
from server.enterprises.registration import LEGAL_FORMS, read_code
from tests.factories.companies import (
    LU,
    OFFICE_PHONE,
    OTHER_PASSWORD,
    OTHER_PHONE,
    PASSWORD,
    QIN,
    SHIP,
    TEA,
    Office,
    form,
)
from tests.factories.product import WEI, Product


@pytest.fixture
def office(product: Product) -> Office:
    return Office(product)


def declared(name: str, number: str, *, consent: bool = True) -> Declared:
    return Declared(name, IdDocument("resident_id", number), consent_to_id_number=consent)


@pytest.mark.row("F-01")
def test_a_company_whose_facts_agree_gets_a_login_and_a_session_of_its_own(office: Office) -> None:
    session = office.session(office.register())

    login, company = office.login(), office.enterprise()
    assert (session.enterprise_login_id, session.acting_enterprise_id) == (login.id, company.id)
    assert (company.name, company.place, company.representative_name) == (
        TEA.name,
        TEA.place,
        TEA.representative,
    )
    assert (login.account_id, login.legal_form) == (session.account_id, "company")
    assert open_phone(office.keys, login.id, login.phone_sealed) == OFFICE_PHONE
    assert login.phone_index == phone_index(office.keys, OFFICE_PHONE)
    assert PASSWORD not in login.password_digest
    assert login.opened_at is None


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "南宁青秀茶业有限公司"},
        {"code": SHIP.code},
        {"code": "91450300MA5T7Y1A43"},
        {"representative": declared("覃明", QIN[1])},
        {"representative": declared(QIN[0], LU[1])},
    ],
    ids=["name", "another's code", "nobody's code", "representative", "his number"],
)
def test_whatever_differs_from_the_registry_is_refused_in_the_same_words(
    office: Office, wrong: dict[str, Any]
) -> None:
    with pytest.raises(RegistryMismatch) as refused:
        office.prepare(form(**wrong))

    assert refused.value.details == {}


@pytest.mark.row("F-01")
@pytest.mark.parametrize("name", ["南宁（青秀）茶业有限公司", " 南宁(青秀) 茶业有限公司 "])
def test_brackets_and_blanks_of_a_name_may_be_wide_or_narrow(office: Office, name: str) -> None:
    assert office.prepare(form(name=name)).company == TEA


@pytest.mark.row("F-01")
def test_a_wide_bracket_in_the_registry_is_a_narrow_one_too(product: Product) -> None:
    wide = replace(TEA, name="南宁（青秀）茶业有限公司")

    assert Office(product, [wide]).prepare(form(TEA)).company == wide


@pytest.mark.row("F-01")
def test_only_the_listed_legal_forms_are_taken(office: Office) -> None:
    for code, _ in LEGAL_FORMS:
        assert office.prepare(form(legal_form=code)).legal_form == code
    with pytest.raises(UnknownLegalForm) as refused:
        office.prepare(form(legal_form="ghost"))
    assert refused.value.details["legal_forms"] == [code for code, _ in LEGAL_FORMS]


@pytest.mark.row("F-01", "F-04")
@pytest.mark.parametrize(
    "text",
    [
        "",
        TEA.code[:17],
        f"{TEA.code}X",
        f"{TEA.code[:17]}Y",
        f"{TEA.code[:8]}-{TEA.code[8:]}",
        "1" * 18,
    ],
)
def test_a_code_has_eighteen_characters_of_which_the_last_checks_the_others(text: str) -> None:
    with pytest.raises(BadCompanyCode):
        read_code(text)


@pytest.mark.row("F-04")
def test_a_code_may_be_typed_with_blanks_and_small_letters() -> None:
    assert read_code(f" {TEA.code[:8].lower()} {TEA.code[8:].lower()} ") == TEA.code


@pytest.mark.row("F-01", "P-39")
def test_a_company_that_was_struck_off_registers_no_more(product: Product) -> None:
    gone = Office(product, [replace(TEA, struck_off=True)])

    with pytest.raises(CompanyStruckOff):
        gone.prepare()
    # Only who knows all its facts is told what became of it.
    with pytest.raises(RegistryMismatch):
        gone.prepare(form(name="别的公司"))


@pytest.mark.row("F-01")
@pytest.mark.parametrize("password", ["tea-206", "12345678", f"a-{TEA.code}", f"a-{OFFICE_PHONE}"])
def test_a_password_that_is_easily_guessed_is_refused(office: Office, password: str) -> None:
    with pytest.raises(WeakPassword):
        office.prepare(form(password=password))


@pytest.mark.row("F-01")
def test_the_representatives_number_is_kept_only_with_a_consent_of_its_own(office: Office) -> None:
    with pytest.raises(ConsentNeeded):
        office.prepare(form(representative=declared(*QIN, consent=False)))


@pytest.mark.row("F-01")
def test_without_the_agreements_nothing_is_registered_and_the_code_stays_good(
    office: Office,
) -> None:
    new, proof = office.prepare(), office.proof()

    with pytest.raises(AgreementsNotTicked):
        office.register_with(new, proof, agreed=False)

    assert office.register_with(new, proof)


@pytest.mark.row("F-01", "S-23")
def test_a_code_registers_once(office: Office) -> None:
    proof = office.proof()
    office.register_with(office.prepare(), proof)

    with pytest.raises(CodeExpired):
        office.register_with(office.prepare(form(SHIP)), proof)


@pytest.mark.row("F-01", "S-23")
def test_a_code_for_another_purpose_or_phone_registers_nothing(office: Office) -> None:
    for proof in (office.proof(purpose=Purpose.ENTER), office.proof(OTHER_PHONE)):
        with pytest.raises(WrongCode):
            office.register_with(office.prepare(), proof)


@pytest.mark.row("F-01", "S-24")
def test_a_login_that_nobody_opened_gives_way_and_its_sessions_end(office: Office) -> None:
    squatter = office.register(phone=OTHER_PHONE)

    mine = office.register(form(password=OTHER_PASSWORD))

    assert office.session(squatter).ended_at is not None
    assert office.session(mine).ended_at is None
    assert office.login().phone_index == phone_index(office.keys, OFFICE_PHONE)
    assert office.session(office.log_in(password=OTHER_PASSWORD)).enterprise_login_id


@pytest.mark.row("F-01", "F-10")
def test_a_login_that_a_face_has_opened_stays(office: Office) -> None:
    opened = office.open()

    with pytest.raises(CompanyRegistered):
        office.register(form(password=OTHER_PASSWORD), OTHER_PHONE)

    assert office.session(opened).ended_at is None
    assert office.log_in()


@pytest.mark.row("F-01")
def test_the_account_that_proved_the_number_is_the_one_that_acts(office: Office) -> None:
    person = office.person()

    assert office.session(office.register()).account_id == person


@pytest.mark.row("F-01")
def test_an_account_that_merely_claims_the_number_is_not_touched(office: Office) -> None:
    """Else the representative's own face would prove a stranger's account."""
    stranger = office.person(level=Level.DECLARED)

    session = office.session(office.register())

    assert session.account_id != stranger
    assert office.account(session.account_id).level == Level.DECLARED
    assert office.account(session.account_id).phone_index is None
    assert office.account(stranger).id_number_index


@pytest.mark.row("F-01")
def test_the_face_takes_the_claim_from_the_stranger_and_gives_him_nothing(office: Office) -> None:
    stranger = office.person(level=Level.DECLARED)

    person = office.session(office.open()).account_id

    assert office.account(stranger).level == Level.DECLARED
    assert office.account(stranger).id_number_index is None
    assert office.account(person).proven
    assert office.enterprise().representative_id == person


@pytest.mark.row("F-01")
def test_who_knows_the_facts_of_a_demo_company_changes_nothing_for_its_representative(
    office: Office,
) -> None:
    company = office.product.parts.providers.registry.company("91450100MA5K8Q2X13")
    office.companies.append(company)
    before = office.enterprise(company).representative_id

    session = office.session(office.register(form(company), OTHER_PHONE))

    assert session.face_at is None
    assert office.enterprise(company).representative_id == before == session.account_id
    kept = office.account(session.account_id)
    assert kept.phone_index == phone_index(office.keys, WEI.phone)
