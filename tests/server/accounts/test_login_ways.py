"""The names a person logs in by, and coming in by a code."""

import pytest

from server.accounts import login, names, registration, sessions
from server.accounts.codes import CodeAsk, CodeProof, Purpose
from server.accounts.errors import (
    AgreementsNotTicked,
    BadIdNumber,
    BadPhone,
    CodeExpired,
    RegistrationNeeded,
    UnknownDocumentType,
    WrongCode,
)
from server.accounts.id_documents import DOCUMENT_TYPES, IdDocument, mask_id_number, read_document
from server.accounts.models import Account, Means
from server.core.ids import fingerprint
from tests.factories.people import BROWSER, NEW_PHONE, NUMBER, Faces, People, claim
from tests.factories.product import HUANG, WEI

NUMBERS = {
    "resident_id": ["450103199001010016", " 450103 19900101 0016 "],
    "hk_macao_permit": ["H12345678", "m1234567801"],
    "taiwan_permit": ["12345678", "1234567801"],
    "permanent_resident_card": ["CHN110105990101", "abc123456789012", "91101081990010101x"],
}


def come_in(
    people: People, name: str, proof: CodeProof, *, agreed: bool = True
) -> tuple[Account, str]:
    with people.db.begin() as uow:
        return login.by_code(uow, people.name(name), proof, agreed=agreed, device=BROWSER)


def proof_for(people: People, name: str) -> CodeProof:
    """The right code for a name, from the phone where it goes."""
    to = names.recipient(people.db, people.desk.keys, people.name(name))
    return people.proof(CodeAsk(to, Purpose.ENTER, "203.0.113.7"))


@pytest.mark.row("F-07")
def test_four_types_of_documents_are_offered_by_name() -> None:
    assert [kind.code for kind in DOCUMENT_TYPES] == list(NUMBERS)
    assert [kind.names[0] for kind in DOCUMENT_TYPES] == [
        "居民身份证",
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "外国人永久居留身份证",
    ]


@pytest.mark.row("F-06", "F-07")
@pytest.mark.parametrize(("kind", "text"), [(k, text) for k in NUMBERS for text in NUMBERS[k]])
def test_every_type_of_document_is_a_login_name(people: People, kind: str, text: str) -> None:
    document = read_document(kind, text)

    assert document.number == "".join(text.split()).upper()
    assert people.name(text, kind) == names.of_document(people.desk.keys, document)
    assert people.name(text, kind).is_document


@pytest.mark.row("F-06", "F-07")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("resident_id", "450103199001010017"),
        ("resident_id", "450103199013010016"),
        ("resident_id", "450103-19900101-0016"),
        ("resident_id", ""),
        ("hk_macao_permit", "T12345678"),
        ("hk_macao_permit", "H1234567"),
        ("hk_macao_permit", "H123456789"),
        ("taiwan_permit", "1234567"),
        ("taiwan_permit", "１２３４５６７８"),
        ("permanent_resident_card", "81101081990010101X"),
        ("permanent_resident_card", "CHN11010599010"),
    ],
)
def test_a_number_of_the_wrong_form_is_refused_in_the_manuals_words(
    people: People, kind: str, text: str
) -> None:
    with pytest.raises(BadIdNumber) as bad:
        people.name(text, kind)

    assert bad.value.message[0] == "请输入正确的手机号/身份证"


@pytest.mark.row("F-06")
@pytest.mark.parametrize("text", ["", "110", "45010319900101001", "H12345678", "韦志远"])
def test_what_is_neither_phone_nor_id_number_is_refused_in_the_same_words(
    people: People, text: str
) -> None:
    with pytest.raises(BadPhone) as bad:
        people.name(text)

    assert (bad.value.message, bad.value.next_step) == (BadIdNumber.message, BadIdNumber.next_step)


@pytest.mark.row("F-07")
def test_a_type_that_is_not_offered_is_refused_with_those_that_are(people: People) -> None:
    with pytest.raises(UnknownDocumentType) as unknown:
        people.name("E12345678", "passport")

    assert unknown.value.details == {"types": sorted(NUMBERS)}


@pytest.mark.row("F-06")
def test_a_residents_number_is_known_without_its_type(people: People) -> None:
    assert people.name(NUMBER) == people.name(NUMBER, "resident_id")
    assert people.name(NEW_PHONE).is_document is False
    with pytest.raises(BadIdNumber):
        people.name("450103199001010017")


@pytest.mark.row("F-07")
def test_one_number_in_two_types_is_two_names(people: People) -> None:
    card = IdDocument("permanent_resident_card", NUMBER)

    assert names.of_document(people.desk.keys, card) != people.name(NUMBER)


@pytest.mark.row("S-44")
def test_a_document_shows_the_ends_of_its_number() -> None:
    assert (
        repr(read_document("resident_id", NUMBER)) == "IdDocument(resident_id, 4501**********0016)"
    )
    assert mask_id_number("1234567") == "****"


@pytest.mark.row("F-06")
def test_a_code_for_a_document_goes_to_the_phone_of_who_proved_it(people: People) -> None:
    people.register(NEW_PHONE, claim(HUANG.id_number, HUANG.name))
    keys = people.desk.keys

    assert names.recipient(people.db, keys, people.name(WEI.id_number)).phone == WEI.phone
    assert names.recipient(people.db, keys, people.name(HUANG.id_number)).phone == HUANG.phone
    assert names.recipient(people.db, keys, people.name(NUMBER)).phone is None
    assert names.recipient(people.db, keys, people.name("13907719009")).phone is None


@pytest.mark.row("F-06")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_the_right_code_lets_a_person_in_once(people: People, name: str) -> None:
    proof = proof_for(people, name)

    account, token = come_in(people, name, proof)

    assert account.name == WEI.name
    with people.db.read() as uow:
        (session,) = sessions.open_sessions(uow, account.id)
    assert (session.means, session.token_digest) == (Means.SMS, fingerprint(token))
    with pytest.raises(CodeExpired):
        come_in(people, name, proof)


@pytest.mark.row("F-06", "S-23")
@pytest.mark.parametrize(
    "ask",
    [(WEI.phone, Purpose.RESET_PASSWORD), (HUANG.phone, Purpose.ENTER)],
    ids=["for a password", "of another phone"],
)
def test_a_proof_for_something_else_lets_nobody_in(
    people: People, ask: tuple[str, Purpose]
) -> None:
    proof = people.proof(people.ask(*ask))

    with pytest.raises(WrongCode):
        come_in(people, WEI.phone, proof)


@pytest.mark.row("F-06", "P-41")
def test_nobody_comes_in_without_the_agreements(people: People) -> None:
    proof = proof_for(people, WEI.phone)
    with pytest.raises(AgreementsNotTicked):
        come_in(people, WEI.phone, proof, agreed=False)

    come_in(people, WEI.phone, proof)


@pytest.mark.row("F-02", "F-03", "S-24")
def test_who_holds_a_new_phone_learns_so_and_registers_with_the_same_code(people: People) -> None:
    proof = people.proof(people.ask())
    with pytest.raises(RegistrationNeeded):
        come_in(people, NEW_PHONE, proof)

    new = registration.prepare(people.desk.keys, NEW_PHONE)
    with people.db.begin() as uow:
        registration.register(uow, new, proof, agreed=True, device=BROWSER)

    found = people.found(NEW_PHONE)
    assert found
    assert found.id == new.account_id


@pytest.mark.row("S-24")
@pytest.mark.parametrize("phone", [NEW_PHONE, WEI.phone])
def test_who_does_not_hold_the_phone_learns_nothing(people: People, phone: str) -> None:
    people.code(people.ask(phone))
    with pytest.raises(WrongCode):
        come_in(people, phone, people.desk.prove(people.ask(phone), "000000"))

    people.product.clock.advance(minutes=6)
    late = people.proof(people.ask(phone))
    people.product.clock.advance(minutes=5)
    with pytest.raises(CodeExpired):
        come_in(people, phone, late)


@pytest.mark.row("S-24", "P-37")
def test_a_document_that_nobody_proved_is_a_wrong_code(people: People) -> None:
    people.register(NEW_PHONE, claim())
    name = people.name(NUMBER)
    to = names.recipient(people.db, people.desk.keys, name)
    ask = CodeAsk(to, Purpose.ENTER, "203.0.113.7")
    people.desk.send(ask)

    with pytest.raises(WrongCode):
        come_in(people, NUMBER, people.desk.prove(ask, "000000"))


@pytest.mark.row("F-06", "P-37")
def test_a_proved_document_is_a_login_name(people: People, faces: Faces) -> None:
    account_id = people.register(NEW_PHONE, claim())
    faces.passed(account_id)

    assert come_in(people, NUMBER, proof_for(people, NUMBER))[0].id == account_id


@pytest.mark.row("F-06")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_a_closed_account_is_found_by_no_name(people: People, name: str) -> None:
    wei = people.found(name)
    assert wei
    with people.db.begin() as uow:
        uow.session.get_one(Account, wei.id).closed_at = uow.now

    assert people.found(name) is None
