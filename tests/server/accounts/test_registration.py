"""Registering by a phone alone or with a document: what a claim is, and what a proof changes."""

import pytest
from sqlalchemy import func, select

from server.accounts import consents, notices, registration, sessions
from server.accounts.codes import CodeProof, Purpose
from server.accounts.errors import (
    AgreementsNotTicked,
    BadName,
    CodeExpired,
    ConsentNeeded,
    WrongCode,
)
from server.accounts.id_documents import open_number
from server.accounts.models import Account, FaceCheck, FaceState, Level, Means
from server.accounts.news import News
from server.accounts.phones import open_phone
from server.core.audit import AuditRow
from tests.factories.people import (
    BROWSER,
    HOLDER,
    NEW_PHONE,
    NUMBER,
    OTHER_NUMBER,
    OTHER_PHONE,
    Faces,
    People,
    claim,
)
from tests.factories.product import WEI


def register(
    people: People, proof: CodeProof, *, agreed: bool = True, phone: str = NEW_PHONE
) -> Account:
    new = registration.prepare(people.desk.keys, phone)
    with people.db.begin() as uow:
        return registration.register(uow, new, proof, agreed=agreed, device=BROWSER)[0]


def accounts(people: People) -> int:
    with people.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(Account)) or 0


def events(people: People, subject: str) -> list[str]:
    with people.db.read() as uow:
        mine = select(AuditRow.event).where(AuditRow.subject == subject).order_by(AuditRow.seq)
        return list(uow.session.scalars(mine))


@pytest.mark.row("F-03", "P-37")
def test_a_phone_alone_makes_an_account_and_its_first_session(people: People) -> None:
    account_id = people.register()

    account = people.account(account_id)
    assert account.phone_sealed
    assert open_phone(people.desk.keys, account_id, account.phone_sealed) == NEW_PHONE
    assert (account.name, account.level, account.id_number_sealed) == ("", Level.PHONE, None)
    assert (account.real_name, account.proven) == (False, False)
    with people.db.read() as uow:
        assert [row.means for row in sessions.open_sessions(uow, account_id)] == [
            Means.REGISTRATION
        ]
        assert consents.missing(uow, account_id) == []
    assert "account.registered" in events(people, account_id)


@pytest.mark.row("F-02", "P-37")
def test_a_name_and_a_document_make_a_declared_account(people: People) -> None:
    account_id = people.register(NEW_PHONE, claim(name=" 覃 小红 "))

    account = people.account(account_id)
    assert (account.name, account.document_type) == ("覃 小红", "resident_id")
    assert account.id_number_sealed
    assert open_number(people.desk.keys, account_id, account.id_number_sealed) == NUMBER
    assert (account.level, account.proven) == (Level.DECLARED, False)
    assert "account.declared" in events(people, account_id)
    with people.db.read() as uow:
        consents.require(uow, account_id, consents.Agreement.ID_NUMBER)


@pytest.mark.row("F-02", "S-44")
def test_what_is_ready_to_be_written_shows_neither_phone_nor_number(people: People) -> None:
    new = registration.prepare(people.desk.keys, NEW_PHONE, claim())

    assert NEW_PHONE not in repr(new)
    assert NUMBER not in repr(new) + repr(claim())


@pytest.mark.row("F-02", "P-41")
def test_an_id_number_needs_a_consent_of_its_own(people: People) -> None:
    with pytest.raises(ConsentNeeded) as needed:
        registration.prepare(people.desk.keys, NEW_PHONE, claim(consent=False))

    assert needed.value.details["consent"] == "id_number"


@pytest.mark.row("F-02")
@pytest.mark.parametrize(
    "name",
    ["", "李", "张三1", "<b>张三</b>", "张" * 51, "·三", "张\x00三", "三\ud800"],
)
def test_what_is_no_name_is_refused(people: People, name: str) -> None:
    with pytest.raises(BadName):
        registration.prepare(people.desk.keys, NEW_PHONE, claim(name=name))


@pytest.mark.row("F-02")
@pytest.mark.parametrize(
    "name",
    ["阿不都·热合曼", "O'Neill", "Jean-Luc Müller", "黄淼", "𠮷野", "Wm. Li"],
)
def test_names_of_any_script_are_names(people: People, name: str) -> None:
    assert people.account(people.register(NEW_PHONE, claim(name=name))).name == name


@pytest.mark.row("F-02", "F-03")
def test_nobody_registers_without_the_agreements_and_the_code_stays_good(people: People) -> None:
    proof = people.proof(people.ask())
    before = accounts(people)

    with pytest.raises(AgreementsNotTicked):
        register(people, proof, agreed=False)

    assert accounts(people) == before
    register(people, proof)


@pytest.mark.row("F-03", "S-23")
def test_a_code_registers_once_and_only_a_right_one_of_this_purpose(people: People) -> None:
    before = accounts(people)
    with pytest.raises(WrongCode):
        register(people, people.desk.prove(people.ask(), "000000"))
    other = people.ask(purpose=Purpose.NEW_PHONE)
    with pytest.raises(WrongCode):
        register(people, people.desk.prove(people.ask(), people.code(other)))
    assert accounts(people) == before

    proof = people.proof(people.ask())
    register(people, proof)
    with pytest.raises(CodeExpired):
        register(people, proof)
    assert accounts(people) == before + 1


@pytest.mark.row("F-03")
def test_who_has_the_phone_already_comes_in_by_his_account(people: People) -> None:
    wei = people.found(WEI.phone)
    before = accounts(people)

    account_id = people.register(WEI.phone, claim())

    assert wei
    assert account_id == wei.id
    assert accounts(people) == before
    assert people.account(account_id).id_number_sealed == wei.id_number_sealed


@pytest.mark.row("F-02", "P-37")
def test_a_claimed_number_finds_nobody_and_takes_nothing(people: People) -> None:
    wei = people.found(WEI.id_number)
    liar = people.register(NEW_PHONE, claim(WEI.id_number, WEI.name))
    people.register(OTHER_PHONE, claim())

    assert wei
    found = people.found(WEI.id_number)
    assert found
    assert (found.id, found.level) == (wei.id, Level.PROVEN)
    assert people.account(liar).level == Level.DECLARED
    # Were a free number to find its first claimant, the second would learn of him.
    assert people.found(NUMBER) is None


@pytest.mark.row("P-37")
def test_who_proves_a_number_takes_it_over(people: People, faces: Faces) -> None:
    liar = people.register(NEW_PHONE, claim())
    owner = people.register(OTHER_PHONE, claim())

    faces.passed(owner)

    found = people.found(NUMBER)
    assert found
    assert (found.id, found.level) == (owner, Level.PROVEN)
    assert people.account(liar).level == Level.DECLARED
    assert "account.proven" in events(people, owner)


@pytest.mark.row("P-37")
def test_who_proves_a_number_in_a_second_account_is_found_there(
    people: People, faces: Faces
) -> None:
    first = people.register(NEW_PHONE, claim())
    faces.passed(first)
    second = people.register(OTHER_PHONE, claim())
    faces.passed(second)

    found = people.found(NUMBER)
    assert found
    assert found.id == second
    assert people.account(first).id_number_index is None
    assert "account.id_number_moved" in events(people, first)
    with people.db.read() as uow:
        assert [one.news for one in notices.told(uow, first).items] == [News.ID_NUMBER_MOVED]


@pytest.mark.row("P-37")
def test_a_proved_account_keeps_what_was_proved(people: People, faces: Faces) -> None:
    account_id = people.register(NEW_PHONE, claim())
    faces.passed(account_id)
    before = people.account(account_id)

    people.declare(account_id, claim(OTHER_NUMBER, "卢大山"))

    after = people.account(account_id)
    assert (after.name, after.level) == ("覃小红", Level.PROVEN)
    assert after.id_number_sealed == before.id_number_sealed
    assert people.found(NUMBER)
    assert people.found(OTHER_NUMBER) is None


@pytest.mark.row("P-37")
def test_a_claim_may_be_corrected_until_it_is_proved(people: People, faces: Faces) -> None:
    account_id = people.register(NEW_PHONE, claim())
    people.declare(account_id, claim(OTHER_NUMBER, "卢大山"))
    faces.passed(account_id)

    found = people.found(OTHER_NUMBER)
    assert found
    assert (found.id, found.name) == (account_id, "卢大山")
    assert people.found(NUMBER) is None


@pytest.mark.row("P-37", "F-02")
def test_a_face_begun_for_one_document_proves_no_other(people: People, faces: Faces) -> None:
    account_id = people.register(NEW_PHONE, claim())
    check_id = faces.begin(account_id)
    faces.decide(check_id)

    people.declare(account_id, claim(OTHER_NUMBER))
    faces.desk.settle(check_id, HOLDER)

    assert people.account(account_id).level == Level.DECLARED
    assert people.found(OTHER_NUMBER) is None
    with people.db.read() as uow:
        assert uow.session.get_one(FaceCheck, check_id).state == FaceState.FAILED
